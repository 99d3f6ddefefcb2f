//! Tokens that end with a checksum of themselves: GitHub's and npm's, a CRC-32 in six digits of base 62.

/// Whether the last six characters are the checksum of those before.
pub(crate) fn ends_with_base62_checksum(body: &[u8]) -> bool {
    let Some((text, checksum)) = body.split_last_chunk::<6>() else { return false };
    base62(crc32(text)) == *checksum
}

/// The CRC-32 of zip, PNG and Ethernet (polynomial 0xEDB88320, reflected).
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn base62(mut number: u32) -> [u8; 6] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksum() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        // A revoked token that GitHub shows in its announcement of the format.
        assert!(ends_with_base62_checksum(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"));
        assert!(!ends_with_base62_checksum(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18"));
        assert!(!ends_with_base62_checksum(b"abc"));
    }
}
