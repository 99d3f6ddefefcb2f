//! As much of OpenPGP (RFC 4880 and 9580) as tells a secret key packet and whether it is encrypted.

/// The secret key that the first packet holds, if it does: whether it is encrypted.
pub(crate) fn secret_key(bytes: &[u8]) -> Option<bool> {
    const SECRET_KEY: u8 = 5;
    let (&header, rest) = bytes.split_first()?;
    let new = header & 0x40 != 0;
    let tag = if new { header & 0x3f } else { header >> 2 & 0xf };
    if header & 0x80 == 0 || tag != SECRET_KEY {
        return None;
    }
    let skip = match (new, header & 3, *rest.first()?) {
        (true, _, 0..=191) | (false, 0, _) => 1,
        (true, _, 192..=223) | (false, 1, _) => 2,
        (true, _, 255) => 5,
        (false, 2, _) => 4,
        _ => return None,
    };
    let body = rest.get(skip..)?;
    let (&version, body) = body.split_first()?;
    // Version, time of four bytes, in version 6 also the length of the public part.
    let body = body.get(if version == 6 { 8 } else { 4 }..)?;
    let (&algorithm, mut body) = body.split_first()?;
    let numbers = match (version, algorithm) {
        (4..=6, 1..=3) => 2,
        (4..=6, 16) => 3,
        (4..=6, 17) => 4,
        (4..=6, 18 | 19 | 22) => {
            let (&curve, rest) = body.split_first()?;
            body = rest.get(usize::from(curve)..)?;
            1
        }
        // X25519, X448, Ed25519, Ed448: bare keys.
        (4..=6, 25 | 27) => return body.get(32).map(|&usage| usage != 0),
        _ => return None,
    };
    for _ in 0..numbers {
        let (bits, rest) = body.split_first_chunk::<2>()?;
        body = rest.get(usize::from(u16::from_be_bytes(*bits)).div_ceil(8)..)?;
    }
    if algorithm == 18 {
        let (&parameters, rest) = body.split_first()?;
        body = rest.get(usize::from(parameters)..)?;
    }
    body.first().map(|&usage| usage != 0)
}
