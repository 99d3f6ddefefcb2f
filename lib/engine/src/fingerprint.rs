use sha2::{Digest, Sha256};

/// A name for a finding that survives edits elsewhere in the file: 32 hexadecimal digits of a SHA-256 over rule,
/// path, stage, the offending text without white space, and an ordinal among findings that agree in all of these.
///
/// `text` must not hold a secret: pass masked text.
///
/// ```
/// let a = plimsoll_engine::fingerprint("no-sudo", "Dockerfile", "0", "sudo", 0);
/// assert_eq!(a, plimsoll_engine::fingerprint("no-sudo", "Dockerfile", "0", " sudo\n", 0));
/// assert_ne!(a, plimsoll_engine::fingerprint("no-sudo", "Dockerfile", "0", "sudo", 1));
/// ```
pub fn fingerprint(rule: &str, path: &str, stage: &str, text: &str, ordinal: usize) -> String {
    let mut hash = Sha256::new();
    for part in [rule, path, stage] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    for piece in text.split_whitespace() {
        hash.update(piece.as_bytes());
    }
    hash.update([0]);
    hash.update((ordinal as u64).to_le_bytes());
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' + value - 10 });
    let mut name = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        name.push(digit(byte >> 4));
        name.push(digit(byte & 15));
    }
    name
}
