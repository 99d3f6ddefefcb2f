//! Values of variables whose names are those of secrets.

use super::any_word::any_word;
use super::secret_names;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// Nothing.
    Empty,
    /// Variables, so that the value stands elsewhere.
    Reference,
    /// A switch, a number, a path, a URL without a password, or a text that asks to be replaced.
    Harmless,
    /// A text that may be a secret.
    Literal,
    /// A text that nobody thinks up: long, of several kinds of characters, without a pattern.
    Random,
}

/// Judges a value without the quotes around it.
pub(crate) fn judge(value: &str) -> Value {
    let value = default_of(value).unwrap_or(value);
    let lower = value.to_ascii_lowercase();
    if value.is_empty() {
        Value::Empty
    } else if value.contains('$') {
        Value::Reference
    } else if is_switch(&lower) || is_path(value) || is_placeholder(&lower) {
        Value::Harmless
    } else if is_random(value) {
        Value::Random
    } else {
        Value::Literal
    }
}

/// Whether a variable holds a secret in plain sight, by its name and by what its value looks like.
pub(crate) fn is_secret(name: &str, value: &str) -> bool {
    secret_names::is_secret(name) && matches!(judge(value), Value::Literal | Value::Random)
}

/// Whether the value is a word that says nothing: masking it would only garble the text around it.
pub(crate) fn is_word(value: &str, name: &str) -> bool {
    const WORDS: [&str; 8] = ["root", "admin", "user", "guest", "test", "default", "postgres", "mysql"];
    let lower = value.to_ascii_lowercase();
    let short_number = value.len() < 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    is_switch(&lower) || short_number || WORDS.contains(&lower.as_str()) || name.to_ascii_lowercase().contains(&lower)
}

/// The default in `${NAME:-default}`, where the value is nothing else.
fn default_of(value: &str) -> Option<&str> {
    let inner = value.strip_prefix("${")?.strip_suffix('}')?;
    let (name, default) = inner.split_once('-')?;
    let name = name.strip_suffix(':').unwrap_or(name);
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (plain && !default.contains(['{', '}'])).then_some(default)
}

fn is_switch(lower: &str) -> bool {
    const SWITCHES: [&str; 14] = [
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "none",
        "null",
        "nil",
        "undefined",
        "enabled",
        "disabled",
        "auto",
        "unset",
    ];
    SWITCHES.contains(&lower) || lower.len() < 4 && lower.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_path(value: &str) -> bool {
    let url = value.contains("://") && !value.contains('@');
    value.starts_with(['/', '.', '~'])
        // The name of something at Amazon.
        || value.starts_with("arn:")
        || url
        || value.ends_with(".pem")
        || value.ends_with(".json")
        || value.ends_with(".key")
}

/// Whether the text asks to be replaced.
pub(crate) fn is_placeholder(lower: &str) -> bool {
    static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        any_word(&[
            "change-me",
            "change_me",
            "changeme",
            "changeit",
            "change-it",
            "change this",
            "replace",
            "placeholder",
            "example",
            "dummy",
            "your-",
            "your_",
            "yourpass",
            "insert",
            "todo",
            "fixme",
            "redacted",
        ])
    });
    let bytes = lower.as_bytes();
    let one_letter =
        bytes.iter().all(|byte| Some(byte) == bytes.first()) && (bytes.len() < 4 || b"x*.-_".contains(&bytes[0]));
    one_letter || lower.starts_with(['<', '{', '[', '%']) || MARKS.is_match(lower)
}

/// Whether nobody thought the text up: 16 characters or more of several kinds that hardly repeat.
pub(crate) fn is_random(value: &str) -> bool {
    let bytes = value.as_bytes();
    let kinds = [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit];
    let kinds = kinds.into_iter().filter(|kind: &fn(&u8) -> bool| bytes.iter().any(kind)).count();
    let token = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-.~".contains(byte);
    bytes.len() >= 16 && kinds == 3 && bytes.iter().all(token) && !is_hex(value) && entropy(bytes) >= limit(bytes.len())
}

/// Whether the text is hexadecimal digits only, as hashes, fingerprints and UUIDs are.
pub(crate) fn is_hex(value: &str) -> bool {
    let digits = value.strip_prefix("0x").unwrap_or(value);
    digits.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Bits a character that a random text of that length has at least; words and versions stay below.
fn limit(length: usize) -> f32 {
    match length {
        0..20 => 3.4,
        20..32 => 3.7,
        _ => 4.2,
    }
}

/// Shannon's entropy of the bytes, in bits a byte.
pub(crate) fn entropy(bytes: &[u8]) -> f32 {
    let mut counts = [0_u16; 256];
    let mut total = 0_u16;
    for &byte in bytes.iter().take(512) {
        counts[usize::from(byte)] += 1;
        total += 1;
    }
    let total = f32::from(total.max(1));
    let share = |&count: &u16| f32::from(count) / total;
    counts.iter().filter(|&&count| count > 0).map(|count| -share(count) * share(count).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (value, expected) in [
            ("", Value::Empty),
            ("$TOKEN", Value::Reference),
            ("${TOKEN}", Value::Reference),
            ("${TOKEN:-}", Value::Empty),
            ("${TOKEN:-hunter2}", Value::Literal),
            ("true", Value::Harmless),
            ("/run/secrets/db", Value::Harmless),
            ("changeme", Value::Harmless),
            ("<your token>", Value::Harmless),
            ("xxxxxxxx", Value::Harmless),
            ("arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf", Value::Harmless),
            ("hunter2", Value::Literal),
            ("A035C8C19219BA821ECEA86B64E628F8D684696D", Value::Literal),
            ("lgNvGyhnUKpa5PJi", Value::Random),
        ] {
            assert_eq!(judge(value), expected, "{value}");
        }
        assert!(is_word("true", "X") && is_word("password", "DB_PASSWORD") && !is_word("hunter2", "PASSWORD"));
    }
}
