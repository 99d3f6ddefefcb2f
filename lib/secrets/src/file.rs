//! What only the file as a whole tells: its name, or how it begins.

use crate::search::{Hit, Memory, Window, resolve, search};
use crate::value::{self, Value};
use crate::{Confidence, Encoding, Note};
use memchr::{memchr, memmem};

/// How a file is read besides as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Not in any special way.
    Plain,
    /// PostgreSQL's password file: `host:port:database:user:password`.
    Pgpass,
    /// Compiled Python.
    Pyc,
}

impl Format {
    /// The format that a file's name tells.
    pub(crate) fn of_name(path: &str) -> Self {
        match path.rsplit('/').next() {
            Some(".pgpass" | "pgpass" | "pgpass.conf") => Self::Pgpass,
            _ => Self::Plain,
        }
    }

    /// The format that a file's first bytes tell, else `self`.
    pub(crate) fn or_of_start(self, bytes: &[u8]) -> Self {
        match *bytes {
            // The number of the version of Python's byte code, which is 3,000 and more, then a line end.
            [low, high, b'\r', b'\n', ..] if (3000..4000).contains(&u16::from_le_bytes([low, high])) => Self::Pyc,
            _ => self,
        }
    }
}

/// Finds what the format and the start of the file tell. `first` says that the window begins the file.
pub(crate) fn find(window: &Window<'_>, format: Format, first: bool, hits: &mut Vec<Hit>) {
    if first {
        hits.extend(key_store(window.bytes));
    }
    match format {
        Format::Plain => {}
        Format::Pgpass => pgpass(window, hits),
        Format::Pyc => pyc(window, hits),
    }
}

fn pgpass(window: &Window<'_>, hits: &mut Vec<Hit>) {
    let bytes = window.bytes;
    let mut line = window.triggers.start;
    if line > 0 && bytes[line - 1] != b'\n' {
        line = memchr(b'\n', &bytes[line..]).map_or(bytes.len(), |at| line + at + 1);
    }
    while line < window.triggers.end {
        let rest = &bytes[line..];
        let text = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
        let mut fields = text.splitn(5, |&byte| byte == b':');
        if !text.starts_with(b"#")
            && text.len() < 1024
            && let Some(password) = fields.nth(4)
            && !password.trim_ascii().is_empty()
        {
            let start = line + text.len() - password.len();
            let judged = value::judge(password.trim_ascii_end(), b"");
            let confidence = if judged < Value::Literal { Confidence::Low } else { Confidence::High };
            let hit = Hit::new("pgpass", start..start + password.trim_ascii_end().len());
            hits.extend(hit.map(|hit| hit.confidence(confidence)));
        }
        line += text.len() + 1;
    }
}

/// The strings of compiled Python: without quotes or spaces around them, so that neighbours run into each other. What
/// stands before each is its length.
fn pyc(window: &Window<'_>, hits: &mut Vec<Hit>) {
    const LEAST: usize = 12;
    const LONGEST: usize = crate::MAX_MATCH;
    const REFERENCE: u8 = 0x80;
    let bytes = window.bytes;
    let mut at = window.triggers.start;
    while at < window.triggers.end {
        let (head, length) = match bytes[at] & !REFERENCE {
            b'z' | b'Z' => (2, bytes.get(at + 1).map_or(0, |&length| usize::from(length))),
            b's' | b'u' | b'a' | b'A' => {
                let length = bytes.get(at + 1..).and_then(<[u8]>::first_chunk::<4>);
                (5, length.map_or(0, |&length| u32::from_le_bytes(length) as usize))
            }
            _ => (0, 0),
        };
        at += 1;
        if !(LEAST..=LONGEST).contains(&length) {
            continue;
        }
        let start = at - 1 + head;
        let Some(text) = bytes.get(start..start + length) else { continue };
        if !text.iter().all(|&byte| byte >= b' ' || matches!(byte, b'\n' | b'\r' | b'\t')) {
            continue;
        }
        let mut inner = Vec::new();
        search(text, 0..text.len(), false, &mut Memory::default(), &mut inner);
        resolve(&mut inner);
        for mut hit in inner {
            hit.range = start + hit.range.start..start + hit.range.end;
            hit.encoding = Some(Encoding::Pyc);
            hits.push(hit);
        }
    }
}

/// A key store that holds private keys: of Java, or in PKCS #12.
fn key_store(bytes: &[u8]) -> Option<Hit> {
    // Magic, version and number of entries; then each entry begins with 1 for a private key, 2 for a certificate.
    let java = bytes.starts_with(&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2]) && bytes.get(12..16) == Some(&[0, 0, 0, 1]);
    // A sequence of the version, 3, and of data; and somewhere in it a bag of an encrypted key.
    const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    const KEY_BAG: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02];
    let head = &bytes[..bytes.len().min(64)];
    let pkcs12 = head.starts_with(&[0x30])
        && memmem::find(head, &[2, 1, 3]).is_some()
        && memmem::find(head, DATA).is_some()
        && memmem::find(&bytes[..bytes.len().min(crate::MAX_MATCH)], KEY_BAG).is_some();
    let end = bytes.len().min(crate::MAX_MATCH);
    let hit = Hit::new("key-store", 0..end).filter(|_| java || pkcs12)?;
    Some(hit.note(Note::Parses).note(Note::Encrypted))
}
