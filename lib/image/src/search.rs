//! Contents of a layer's files, searched for secrets: small ones many at once, large ones chunk by chunk, by whoever of
//! the crew is free.

use crate::crew::{Crew, Errands};
use crate::layer::ContentHashes;
use crate::paths::shown;
use plimsoll_secrets::{Match, Scanner, scan_file};
use sha2::{Digest as _, Sha256};

/// How many bytes are handed over at once.
const BATCH: usize = 512 << 10;

/// The search of one layer.
pub(crate) struct Search<'a> {
    errands: Errands<'a, Outcome>,
    batch: Batch,
    /// The scanner of the large file that is being read; absent while somebody has it.
    scanner: Option<Scanner>,
    /// What was found and not yet taken.
    found: Found,
}

/// What a search found, by the records' numbers.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) secrets: Vec<(u32, Match)>,
    /// Of small files in which there are secrets.
    pub(crate) hashes: Vec<(u32, ContentHashes)>,
}

struct Outcome {
    found: Found,
    scanner: Option<Scanner>,
}

/// Whole files, one after the other.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    /// The record's number, the path and where the content ends.
    files: Vec<(u32, String, usize)>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(crew: &'a Crew) -> Self {
        Self { errands: Errands::new(crew), batch: Batch::default(), scanner: None, found: Found::default() }
    }

    /// Searches a file that is in memory as a whole.
    pub(crate) fn whole(&mut self, record: u32, path: &[u8], content: &[u8]) {
        if !self.batch.files.is_empty() && self.batch.bytes.len() + content.len() > BATCH {
            self.send_batch();
        }
        if self.batch.bytes.capacity() == 0 {
            self.batch.bytes.reserve(BATCH.max(content.len()));
        }
        self.batch.bytes.extend_from_slice(content);
        self.batch.files.push((record, shown(path), self.batch.bytes.len()));
    }

    /// Begins with a file that comes in chunks.
    pub(crate) fn begin(&mut self, path: &[u8]) {
        self.scanner = Some(Scanner::new(&shown(path)));
    }

    /// Searches the next chunk of the file begun.
    pub(crate) fn chunk(&mut self, record: u32, chunk: &[u8], is_last: bool) {
        let Some(mut scanner) = self.scanner() else { return };
        let chunk = chunk.to_vec();
        self.errands.send(move || {
            let mut found = Found::default();
            let mut sink = |one| found.secrets.push((record, one));
            scanner.feed(&chunk, &mut sink);
            if is_last {
                scanner.finish(&mut sink);
            }
            Outcome { found, scanner: (!is_last).then_some(scanner) }
        });
    }

    /// What has been found by now.
    pub(crate) fn take(&mut self) -> Found {
        let returned = self.errands.returned();
        self.collect(returned);
        std::mem::take(&mut self.found)
    }

    /// What is found by the rest; nothing when all is done.
    pub(crate) fn rest(&mut self) -> Option<Found> {
        self.send_batch();
        let returned = self.errands.wait();
        let is_done = returned.is_empty();
        self.collect(returned);
        (!is_done).then(|| std::mem::take(&mut self.found))
    }

    /// The scanner of the file begun, once it is back.
    fn scanner(&mut self) -> Option<Scanner> {
        while self.scanner.is_none() {
            let returned = self.errands.wait();
            if returned.is_empty() {
                break;
            }
            self.collect(returned);
        }
        self.scanner.take()
    }

    fn send_batch(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        if !batch.files.is_empty() {
            self.errands.send(move || Outcome { found: batch.search(), scanner: None });
        }
    }

    fn collect(&mut self, returned: Vec<Outcome>) {
        for outcome in returned {
            self.found.secrets.extend(outcome.found.secrets);
            self.found.hashes.extend(outcome.found.hashes);
            self.scanner = outcome.scanner.or(self.scanner.take());
        }
    }
}

impl Batch {
    fn search(&self) -> Found {
        let mut found = Found::default();
        let mut start = 0;
        for (record, path, end) in &self.files {
            let content = &self.bytes[start..*end];
            start = *end;
            let secrets = scan_file(path, content);
            if !secrets.is_empty() {
                found.hashes.push((*record, hashes(content)));
                found.secrets.extend(secrets.into_iter().map(|one| (*record, one)));
            }
        }
        found
    }
}

fn hashes(content: &[u8]) -> ContentHashes {
    ContentHashes {
        md5: md5::Md5::digest(content).into(),
        sha1: sha1::Sha1::digest(content).into(),
        sha256: Sha256::digest(content).into(),
    }
}
