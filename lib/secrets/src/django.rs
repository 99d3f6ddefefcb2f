//! The secret keys that Django's `startproject` draws.

use crate::search::Hit;
use crate::value;

/// How many characters are drawn.
const DRAWN: usize = 50;
const INSECURE: &[u8] = b"django-insecure-";

/// The key that is assigned to a name that ends in `SECRET_KEY`, of which `at` is the second byte. Its characters are those
/// that expressions have too, so that it is told by their number.
pub(crate) fn key(bytes: &[u8], at: usize) -> Option<Hit> {
    const NAME: &[u8] = b"ecret_key";
    let mut from = at + NAME.len();
    if !bytes.get(at..from)?.eq_ignore_ascii_case(NAME) {
        return None;
    }
    let skip = |from: usize, set: &[u8]| bytes[from..].iter().take(8).take_while(|byte| set.contains(byte)).count();
    from += skip(from, b"'\"] ");
    from += usize::from(matches!(bytes.get(from)?, b'=' | b':'));
    from += skip(from, b" ");
    from += skip(from, b"'\"");
    let rest = &bytes[from..];
    let prefix = if rest.starts_with(INSECURE) { INSECURE.len() } else { 0 };
    let drawn = rest[prefix..].iter().take(DRAWN + 1).take_while(|&&byte| is_drawn(byte)).count();
    let value = &rest[prefix..prefix + drawn];
    let has = |is: fn(&u8) -> bool| value.iter().any(is);
    let signs = value.iter().filter(|byte| b"!@#$%^&*(+=)".contains(byte)).count();
    let is_key = drawn == DRAWN
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && signs >= 4
        && value::is_varied(value)
        && !value::is_placeholder(value);
    is_key.then(|| Hit::new("django-secret-key", from..from + prefix + drawn))?
}

fn is_drawn(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!@#$%^&*(-_=+)".contains(&byte)
}
