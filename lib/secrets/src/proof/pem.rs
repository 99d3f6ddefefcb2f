//! Private keys between `-----BEGIN ... PRIVATE KEY-----` and `-----END`.

use super::{base64, der, pgp};
use crate::{Note, value};
use memchr::memmem;

/// A block that looks like a private key.
pub(crate) struct Block {
    /// Its length from `-----BEGIN`, to the end of the line that ends it, or of what was there.
    pub(crate) length: usize,
    /// What its parts say. Empty where they do not say that it is a key.
    pub(crate) notes: Vec<Note>,
    /// The digits of base64 between the lines, in one piece, by which equal keys are told.
    pub(crate) digits: Vec<u8>,
}

/// Reads the block at the start of the bytes; `None` where there is none, or too little for a key.
///
/// Line ends may be written as in JSON, C or YAML: what stands between the lines is only looked at for digits.
pub(crate) fn block(bytes: &[u8]) -> Option<Block> {
    const LONGEST_LABEL: usize = 64;
    const LEAST: usize = 60;
    const LEAST_ENTROPY: f32 = 3.0;
    let rest = bytes.strip_prefix(b"-----BEGIN ")?;
    let label = memmem::find(&rest[..rest.len().min(LONGEST_LABEL)], b"-----")?;
    let label = &rest[..label];
    let openpgp = label == b"PGP PRIVATE KEY BLOCK";
    if !label.ends_with(b"PRIVATE KEY") && !openpgp {
        return None;
    }
    let start = b"-----BEGIN ".len() + label.len() + b"-----".len();
    let bytes = &bytes[..bytes.len().min(crate::MAX_MATCH)];
    let end = memmem::find(&bytes[start..], b"-----END ").map(|at| start + at);
    let body = &bytes[start..end.unwrap_or(bytes.len())];
    let Body { digits, length, encrypted } = body_digits(body);
    // Not of one letter, as in examples. Rows of zeros, on the other hand, are in every key of OpenSSH.
    if digits.len() < LEAST || value::entropy(&digits) < LEAST_ENTROPY {
        return None;
    }
    let mut notes = Vec::new();
    let mut digits = digits;
    // Armour of OpenPGP ends with a checksum of its own: `=` and four digits.
    if openpgp
        && let Some(at) = digits.iter().rposition(|&byte| byte == b'=')
        && digits.len() - at == 5
    {
        digits.truncate(at);
    }
    let padding = digits.iter().rposition(|&byte| byte != b'=').map_or(0, |at| at + 1);
    digits.truncate(padding);
    // Of a block that is cut short the beginning has to do.
    let whole = digits.len() - usize::from(digits.len() % 4 == 1);
    let key = base64::decode(&digits[..whole]).unwrap_or_default();
    let parsed = match label {
        _ if encrypted => Some(true),
        b"OPENSSH PRIVATE KEY" => openssh(&key),
        _ if openpgp => pgp::secret_key(&key),
        _ => der::private_key(&key),
    };
    if parsed.is_some() {
        notes.push(Note::Parses);
    }
    if parsed == Some(true) {
        notes.push(Note::Encrypted);
    }
    let length = if let Some(end) = end {
        let tail = &bytes[end + b"-----END ".len()..];
        let close = memmem::find(&tail[..tail.len().min(LONGEST_LABEL)], b"-----");
        end + b"-----END ".len() + close.map_or(0, |at| at + b"-----".len())
    } else {
        notes.push(Note::CutShort);
        start + length
    };
    Some(Block { length, notes, digits })
}

struct Body {
    digits: Vec<u8>,
    /// How far the digits go.
    length: usize,
    /// Whether a header says that what follows is encrypted.
    encrypted: bool,
}

/// The digits of base64 in lines, without headers (`Proc-Type: 4,ENCRYPTED`), escapes, quotes and what joins strings.
fn body_digits(body: &[u8]) -> Body {
    let encrypted = memmem::find(&body[..body.len().min(256)], b"ENCRYPTED").is_some();
    let mut digits = Vec::with_capacity(body.len());
    let mut at = 0;
    let mut length = 0;
    while let Some(&byte) = body.get(at) {
        match byte {
            // An escape such as `\n` and its letter.
            b'\\' => at += usize::from(matches!(body.get(at + 1), Some(b'n' | b'r' | b't'))),
            b'\r' | b'\n' | b' ' | b'\t' | b'"' | b'\'' | b',' | b'>' | b'#' | b'*' | b';' => {}
            _ if base64::is_digit(byte) || byte == b'=' => {
                let rest = &body[at..];
                let row = rest.iter().take_while(|&&byte| base64::is_digit(byte) || byte == b'=').count();
                // `Proc-Type:`, `DEK-Info:`, `Comment:`, `Version:` head lines that hold no digits.
                if rest.get(row) == Some(&b':') {
                    at += rest.iter().position(|&byte| byte == b'\n' || byte == b'\\').unwrap_or(rest.len());
                    continue;
                }
                // A lone sign between strings that are joined.
                if row > 1 || rest[0] != b'+' {
                    digits.extend_from_slice(&rest[..row]);
                }
                at += row;
                length = at;
                continue;
            }
            _ => break,
        }
        at += 1;
    }
    Body { digits, length, encrypted }
}

/// OpenSSH's own form: a name, then how it is encrypted.
fn openssh(key: &[u8]) -> Option<bool> {
    let rest = key.strip_prefix(b"openssh-key-v1\0")?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let cipher = rest.get(..u32::from_be_bytes(*length) as usize)?;
    Some(cipher != b"none")
}
