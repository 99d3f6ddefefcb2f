//! As much of DER as tells a private key from other bytes.

/// The private key that the bytes hold, if they do: whether it is encrypted.
pub(crate) fn private_key(bytes: &[u8]) -> Option<bool> {
    let (SEQUENCE, mut fields, _) = element(bytes)? else { return None };
    let (tag, first, rest) = element(fields)?;
    if tag == SEQUENCE {
        // EncryptedPrivateKeyInfo: how it is encrypted, and the encrypted key.
        let (OBJECT, ..) = element(first)? else { return None };
        let (OCTETS, text, _) = element(rest)? else { return None };
        return (text.len() >= 16).then_some(true);
    }
    if tag != INTEGER || first.len() != 1 || first[0] > 1 {
        return None;
    }
    fields = rest;
    let (tag, second, rest) = element(fields)?;
    match tag {
        // PrivateKeyInfo: algorithm, key.
        SEQUENCE => {
            let (OBJECT, ..) = element(second)? else { return None };
            let (OCTETS, key, _) = element(rest)? else { return None };
            (key.len() >= 16).then_some(false)
        }
        // ECPrivateKey: version 1, the number.
        OCTETS => (second.len() >= 16).then_some(false),
        // RSAPrivateKey: version 0, modulus, two exponents, two primes and three more; DSA's: p, q, g, y, x.
        INTEGER => {
            let mut numbers = 1;
            fields = rest;
            while let Some((INTEGER, _, rest)) = element(fields) {
                numbers += 1;
                fields = rest;
            }
            (second.len() >= 32 && matches!(numbers, 5 | 8)).then_some(false)
        }
        _ => None,
    }
}

const INTEGER: u8 = 2;
const OCTETS: u8 = 4;
const OBJECT: u8 = 6;
const SEQUENCE: u8 = 0x30;

/// The first element: its tag, what is in it, and what stands behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&short, rest) = rest.split_first()?;
    let (length, rest) = if short < 0x80 {
        (usize::from(short), rest)
    } else {
        let count = usize::from(short & 0x7f);
        if count == 0 || count > 3 {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(count)?;
        (digits.iter().fold(0, |length, &byte| length << 8 | usize::from(byte)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}
