use crate::matched::Fingerprint;
use crate::{Kind, Match, kinds};

/// The longest match, in bytes: what is longer is found by its beginning.
pub const MAX_MATCH: usize = 16 * 1024;

/// Finds the secrets in a text or file that is in memory.
///
/// Matches stand by rising start and do not overlap.
///
/// ```
/// assert!(plimsoll_secrets::scan(b"nothing to see here").is_empty());
/// ```
pub fn scan(bytes: &[u8]) -> Vec<Match> {
    scan_file("", bytes)
}

/// Like [`scan`], for a file whose name may say how it is to be read (`.pgpass`, `.netrc`, `shadow`, ...).
///
/// `path` is relative or absolute, with `/` between its parts.
pub fn scan_file(path: &str, bytes: &[u8]) -> Vec<Match> {
    let mut found = Vec::new();
    let mut scanner = Scanner::new(path);
    scanner.feed(bytes, &mut |one| found.push(one));
    scanner.finish(&mut |one| found.push(one));
    found
}

/// Finds the secrets in a file that comes in chunks of any size, in memory that does not grow with it.
///
/// ```
/// use plimsoll_secrets::Scanner;
/// let mut found = Vec::new();
/// let mut scanner = Scanner::new("app/.env");
/// scanner.feed(b"TOKEN=dop_v1_0f3b72c19ae45d680f3b72c1", &mut |one| found.push(one));
/// scanner.feed(b"9ae45d68b1c2d3e4f5061728394a5b6c7d8e9f01\n", &mut |one| found.push(one));
/// scanner.finish(&mut |one| found.push(one));
/// assert_eq!(found.len(), 1);
/// ```
#[derive(Debug)]
pub struct Scanner {
    buffer: Vec<u8>,
}

impl Scanner {
    /// A scanner for one file. `path` tells formats that have no mark of their own; empty where there is no name.
    pub fn new(path: &str) -> Self {
        let _ = path;
        Self { buffer: Vec::new() }
    }

    /// Reads a further chunk and hands on what can be told so far.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut dyn FnMut(Match)) {
        let _ = &sink;
        self.buffer.extend_from_slice(chunk);
    }

    /// Hands on the rest. The scanner is then as new, for a further file of the same name.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Match)) {
        let bytes = std::mem::take(&mut self.buffer);
        for at in 0..bytes.len() {
            if at > 0 && bytes[at - 1].is_ascii_alphanumeric() {
                continue;
            }
            if let Some((kind, length, prefix)) = at_start(&bytes[at..]) {
                let line = memchr::memchr_iter(b'\n', &bytes[..at]).count() as u64 + 1;
                sink(Match {
                    kind,
                    start: at as u64,
                    end: (at + length) as u64,
                    line,
                    confidence: kind.confidence,
                    notes: Vec::new(),
                    encoding: None,
                    shown: format!("{prefix}****"),
                    fingerprint: Some(Fingerprint::new(kind, &bytes[at..at + length])),
                });
            }
        }
    }
}

fn at_start(bytes: &[u8]) -> Option<(&'static Kind, usize, &'static str)> {
    kinds().iter().find_map(|kind| {
        let length = kind.shapes.iter().find_map(|shape| Some((shape.length(bytes)?, shape.prefix)))?;
        Some((kind, length.0, length.1))
    })
}
