//! Base64, in both alphabets, with or without padding, with white space between.

/// The value of a digit in either alphabet, 64 for white space, `=` and `\`, 255 for all else.
static DIGITS: [u8; 256] = {
    let mut table = [255; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = match at as u8 {
            byte @ b'A'..=b'Z' => byte - b'A',
            byte @ b'a'..=b'z' => byte - b'a' + 26,
            byte @ b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => 255,
        };
        at += 1;
    }
    table
};

/// Decodes a text without white space; `None` where a byte is no digit or the length is impossible.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|&byte| byte != b'=').map_or(0, |at| at + 1);
    let (text, padding) = text.split_at(end);
    if text.len() % 4 == 1 || padding.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut quads = text.chunks_exact(4);
    for quad in &mut quads {
        let mut bits = 0;
        for &byte in quad {
            let digit = DIGITS[usize::from(byte)];
            if digit > 63 {
                return None;
            }
            bits = bits << 6 | u32::from(digit);
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
    }
    let rest = quads.remainder();
    let mut bits = 0;
    for at in 0..4 {
        let digit = rest.get(at).map_or(0, |&byte| DIGITS[usize::from(byte)]);
        if digit > 63 {
            return None;
        }
        bits = bits << 6 | u32::from(digit);
    }
    let left = [0, 0, 1, 2][rest.len()];
    bytes.extend_from_slice(&bits.to_be_bytes()[1..=left]);
    Some(bytes)
}

/// Whether a byte is a digit of base64, in either alphabet.
pub(crate) fn is_digit(byte: u8) -> bool {
    DIGITS[usize::from(byte)] < 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes() {
        for (text, expected) in [
            ("", Some("")),
            ("QQ==", Some("A")),
            ("QQ", Some("A")),
            ("QUI=", Some("AB")),
            ("QUJD", Some("ABC")),
            ("Q", None),
            ("QU!D", None),
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), expected.map(str::as_bytes), "{text}");
        }
        assert_eq!(decode(b"-_-_"), Some(vec![0xfb, 0xff, 0xbf]));
    }
}
