//! AWS access key ids hold the number of their account.

/// The account of an id such as `AKIA...`. Ids from before 2019, which go on with `I` or `J`, hold none.
pub(crate) fn account(id: &[u8]) -> Option<u64> {
    const LARGEST: u64 = 999_999_999_999;
    let digits = id.get(4..)?;
    if digits.len() != 16 || matches!(digits[0], b'I' | b'J') {
        return None;
    }
    let mut bits = 0_u64;
    // The first ten digits of base 32 hold 50 bits: one of no meaning, 40 of the account, and nine more.
    for &digit in &digits[..10] {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u64::from(value);
    }
    // Of the first 48 bits, all but the first and the last seven.
    let account = (bits >> 2 & 0x7fff_ffff_ff80) >> 7;
    (account > 0 && account <= LARGEST).then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts() {
        // The pair with which the layout was published.
        assert_eq!(account(b"ASIAQNZGKIQY56JQ7WML"), Some(29_608_264_753));
        assert_eq!(account(b"AKIAIOSFODNN7EXAMPLE"), None);
        assert_eq!(account(b"AKIA"), None);
    }
}
