use crate::file::{self, Format};
use crate::search::{AHEAD, BEHIND, Hit, Memory, Window, resolve, search, unnamed};
use crate::{Encoding, Match};
use flate2::write::MultiGzDecoder;
use memchr::memchr_iter;
use std::io::{self, Write};

/// The longest match, in bytes: of what is longer the beginning is found.
pub const MAX_MATCH: usize = 16 * 1024;

/// How many bytes are searched at once: few enough to stay in a processor's cache for all that look at them.
const STEP: usize = 64 * 1024;

/// Finds the secrets in a text or file that is in memory.
///
/// Matches stand by rising start, and overlap only where one encoded text holds several secrets.
///
/// ```
/// assert!(plimsoll_secrets::scan(b"nothing to see here").is_empty());
/// ```
pub fn scan(bytes: &[u8]) -> Vec<Match> {
    scan_file("", bytes)
}

/// Like [`scan`], but leaves out what only a name near a value tells, and passwords in URLs: for texts of which the caller
/// knows the names and the values.
///
/// ```
/// assert!(plimsoll_secrets::scan_unnamed(b"password = vT9-kq2Lm4").is_empty());
/// ```
pub fn scan_unnamed(bytes: &[u8]) -> Vec<Match> {
    let (mut line, mut from) = (1, 0);
    let placed = |mut hit: Hit| {
        line += feeds(&bytes[from..hit.range.start.max(from)]);
        from = hit.range.start.max(from);
        hit.line = line;
        matched(hit)
    };
    unnamed(bytes).into_iter().map(placed).collect()
}

/// Like [`scan`], for a file whose name may tell how it is to be read.
///
/// `path` is relative or absolute, with `/` between its parts.
pub fn scan_file(path: &str, bytes: &[u8]) -> Vec<Match> {
    let mut found = Vec::new();
    if is_gzip(bytes) {
        let mut scanner = Scanner::new(path);
        scanner.feed(bytes, &mut |one| found.push(one));
        scanner.finish(&mut |one| found.push(one));
        return found;
    }
    let mut progress = Progress::new(Format::of_name(path).or_of_start(bytes));
    let mut start = 0;
    while start < bytes.len() {
        let end = bytes.len().min(start + STEP);
        progress.step(bytes, start, end, 0, end == bytes.len(), &mut |one| found.push(one));
        start = end;
    }
    found
}

/// Finds the secrets in a file that comes in chunks of any size, in memory that does not grow with it: about 128 KiB.
///
/// What is compressed with gzip is searched uncompressed, up to 64 MiB of it; the offsets are then those of the
/// uncompressed bytes.
///
/// ```
/// use plimsoll_secrets::Scanner;
/// let mut found = Vec::new();
/// let mut scanner = Scanner::new("app/.env");
/// scanner.feed(b"DB=postgres://app:vT9-kq", &mut |one| found.push(one));
/// scanner.feed(b"2Lm4@db/app\n", &mut |one| found.push(one));
/// scanner.finish(&mut |one| found.push(one));
/// assert_eq!(found.len(), 1);
/// ```
#[derive(Debug)]
pub struct Scanner {
    format: Format,
    /// Bytes that are not searched yet, behind those that the search looks back at.
    buffer: Vec<u8>,
    /// The offset of the buffer in the file.
    offset: usize,
    /// The first byte in the buffer that has not been a trigger.
    next: usize,
    progress: Option<Progress>,
    unpacker: Option<Box<MultiGzDecoder<Unpacked>>>,
    /// Whether what is in gzip is unpacked.
    unpacks: bool,
}

impl Scanner {
    /// A scanner for one file. `path` tells formats that have no mark of their own; empty where there is no name.
    pub fn new(path: &str) -> Self {
        Self {
            format: Format::of_name(path),
            buffer: Vec::new(),
            offset: 0,
            next: 0,
            progress: None,
            unpacker: None,
            unpacks: true,
        }
    }

    /// Reads a further chunk and hands on what can be told so far.
    pub fn feed(&mut self, mut chunk: &[u8], sink: &mut dyn FnMut(Match)) {
        while !chunk.is_empty() {
            if let Some(unpacker) = &mut self.unpacker {
                // What is damaged or too long ends here; what came before counts, and may still be in the unpacker.
                let broken = unpacker.write_all(chunk).is_err();
                if broken {
                    let _ = unpacker.flush();
                }
                unpacker.get_mut().found.drain(..).for_each(&mut *sink);
                if broken {
                    unpacker.get_mut().left = 0;
                }
                return;
            }
            let room = (BEHIND + STEP + AHEAD).saturating_sub(self.buffer.len()).max(1);
            let (now, later) = chunk.split_at(chunk.len().min(room));
            self.buffer.extend_from_slice(now);
            chunk = later;
            if self.progress.is_none() {
                const HEAD: usize = 4;
                if self.buffer.len() < HEAD {
                    continue;
                }
                if self.unpacks && is_gzip(&self.buffer) {
                    let inner = Unpacked::new(self.format);
                    self.unpacker = Some(Box::new(MultiGzDecoder::new(inner)));
                    let head = std::mem::take(&mut self.buffer);
                    self.feed(&head, sink);
                    continue;
                }
                self.progress = Some(Progress::new(self.format.or_of_start(&self.buffer)));
            }
            if self.buffer.len() >= self.next + STEP + AHEAD {
                self.step(self.buffer.len() - AHEAD, false, sink);
            }
        }
    }

    /// Hands on the rest. The scanner is then as new, for a further file of the same name.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Match)) {
        if let Some(mut unpacker) = self.unpacker.take() {
            // The checksum at the end does not matter here.
            let _ = unpacker.try_finish();
            let inner = unpacker.get_mut();
            inner.found.drain(..).for_each(&mut *sink);
            inner.scanner.finish(&mut |one| sink(in_gzip(one)));
        } else {
            if self.progress.is_none() {
                self.progress = Some(Progress::new(self.format.or_of_start(&self.buffer)));
            }
            self.step(self.buffer.len(), true, sink);
        }
        self.buffer.clear();
        self.progress = None;
        (self.offset, self.next) = (0, 0);
    }

    /// Searches up to `end` in the buffer and lets go of what no search looks back at.
    fn step(&mut self, end: usize, last: bool, sink: &mut dyn FnMut(Match)) {
        if let Some(progress) = &mut self.progress {
            progress.step(&self.buffer, self.next, end, self.offset, last, sink);
        }
        let done = end.saturating_sub(BEHIND);
        self.buffer.drain(..done);
        self.offset += done;
        self.next = end - done;
    }
}

/// What has been found but could still be overlapped, and what the next step must know.
#[derive(Debug)]
struct Progress {
    format: Format,
    /// Offsets in the file.
    pending: Vec<Hit>,
    decoded: usize,
    /// Line feeds before the next trigger.
    lines: u64,
}

impl Progress {
    fn new(format: Format) -> Self {
        Self { format, pending: Vec::new(), decoded: 0, lines: 0 }
    }

    /// Searches the triggers from `start` to `end` in bytes that stand at `offset` in the file.
    fn step(&mut self, bytes: &[u8], start: usize, end: usize, offset: usize, last: bool, sink: &mut dyn FnMut(Match)) {
        let mut hits = Vec::new();
        let mut memory = Memory { decoded: self.decoded.saturating_sub(offset) };
        search(bytes, start..end, true, &mut memory, &mut hits);
        self.decoded = offset + memory.decoded;
        let tables = crate::tables::tables();
        let window = Window { bytes, triggers: start..end, decode: true, names: true, tables };
        file::find(&window, self.format, offset == 0 && start == 0, &mut hits);
        for mut hit in hits {
            let at = hit.range.start;
            let before =
                if at >= start { self.lines + feeds(&bytes[start..at]) } else { self.lines - feeds(&bytes[at..start]) };
            hit.line = before + 1;
            hit.range = offset + at..offset + hit.range.end;
            self.pending.push(hit);
        }
        self.lines += feeds(&bytes[start..end]);
        if !self.pending.is_empty() {
            let settled = if last { usize::MAX } else { (offset + end).saturating_sub(BEHIND) };
            self.settle(settled, sink);
        }
    }

    /// Hands on the matches that end before `settled` and that none overlaps which could still be overlapped.
    fn settle(&mut self, settled: usize, sink: &mut dyn FnMut(Match)) {
        self.pending.sort_by_key(|hit| (hit.range.start, hit.range.end));
        let mut ready = 0;
        let mut reach = 0;
        for (at, hit) in self.pending.iter().enumerate() {
            if hit.range.start >= reach && reach <= settled {
                ready = at;
            }
            reach = reach.max(hit.range.end);
        }
        if reach <= settled {
            ready = self.pending.len();
        }
        let mut hits: Vec<Hit> = self.pending.drain(..ready).collect();
        resolve(&mut hits);
        for hit in hits {
            sink(matched(hit));
        }
    }
}

fn matched(hit: Hit) -> Match {
    Match {
        kind: hit.kind,
        start: hit.range.start as u64,
        end: hit.range.end as u64,
        line: hit.line,
        confidence: hit.confidence,
        notes: hit.notes,
        encoding: hit.encoding,
        shown: format!("{}****", hit.prefix),
        fingerprint: hit.fingerprint,
    }
}

fn feeds(bytes: &[u8]) -> u64 {
    memchr_iter(b'\n', bytes).count() as u64
}

fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 8])
}

fn in_gzip(mut one: Match) -> Match {
    one.encoding.get_or_insert(Encoding::Gzip);
    one
}

/// Where uncompressed bytes go.
#[derive(Debug)]
struct Unpacked {
    scanner: Scanner,
    found: Vec<Match>,
    /// How many bytes may still come.
    left: usize,
}

impl Unpacked {
    fn new(format: Format) -> Self {
        const MOST: usize = 64 * 1024 * 1024;
        let scanner = Scanner { format, unpacks: false, ..Scanner::new("") };
        Self { scanner, found: Vec::new(), left: MOST }
    }
}

impl Write for Unpacked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let now = bytes.len().min(self.left);
        if now == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.left -= now;
        let found = &mut self.found;
        self.scanner.feed(&bytes[..now], &mut |one| found.push(in_gzip(one)));
        Ok(now)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
