use crate::buffer::Buffer;
use crate::cache::Measured;
use crate::contents::{self, Interest};
use crate::crew::Crew;
use crate::decode::Decoded;
use crate::digest::{Hasher, Hashing};
use crate::layer::{LayerFacts, Record, RecordKind};
use crate::limits::Budget;
use crate::paths::{self, PathsBuilder, clean, shown};
use crate::search::{Found, Search};
use crate::tar::{Member, MemberKind, Tar};
use crate::{Digest, Error, ErrorKind, Issue, IssueKind};
use plimsoll_secrets::Encoding;
use std::hash::Hasher as _;
use std::io::Read;
use twox_hash::XxHash64;

/// How many bytes of a layer are in memory at once, and the largest file that is in one piece.
const WINDOW: usize = 512 << 10;

/// What to find out about a layer besides its entries.
#[derive(Debug, Clone, Copy)]
pub struct Extraction {
    /// The diff ID to compare with, of which the algorithm is taken; `None` computes a SHA-256.
    pub diff_id: Option<Digest>,
    /// The digest of the stored bytes to compare with, as above.
    pub digest: Option<Digest>,
    /// Whether hashes of the whole layer are computed at all.
    pub verify: bool,
    /// Whether contents are searched for secrets.
    pub secrets: bool,
}

impl Default for Extraction {
    fn default() -> Self {
        Self { diff_id: None, digest: None, verify: true, secrets: true }
    }
}

/// Reads one layer from its first byte to its last: plain tar, gzip (all members) or zstd.
///
/// Nothing is kept but the facts. Where a layer is cut short, corrupt or over a limit, the facts are those of what came
/// before, and [`LayerFacts::stopped`] says why; an error is one before its first entry.
///
/// ```
/// use plimsoll_image::{Budget, Extraction, Limits, extract};
///
/// let empty_archive = [0_u8; 1024];
/// let facts = extract(&empty_archive[..], Extraction::default(), &Budget::new(Limits::default()));
/// assert_eq!(facts.expect("an archive without members").entry_count(), 0);
/// ```
pub fn extract(layer: impl Read, what: Extraction, budget: &Budget) -> Result<LayerFacts, Error> {
    extract_with(layer, what, budget, &Crew::alone())
}

/// Like [`extract`], with the help of a crew.
pub(crate) fn extract_with(
    layer: impl Read,
    what: Extraction,
    budget: &Budget,
    crew: &Crew,
) -> Result<LayerFacts, Error> {
    // The hash of the stored bytes is that of the content where nothing is compressed, so it is taken once.
    let mut stored = Buffer::new(Hashing::new(layer, None), WINDOW);
    let is_plain = crate::decode::coding(stored.fill(4)?).is_none();
    extract_from(stored, is_plain, what, budget, crew)
}

fn extract_from<R: Read>(
    stored: Buffer<Hashing<R>>,
    is_plain: bool,
    what: Extraction,
    budget: &Budget,
    crew: &Crew,
) -> Result<LayerFacts, Error> {
    let content = Content::open(stored, is_plain, what, budget)?;
    let mut tar = Tar::new(content, WINDOW, budget.limits.header);
    let mut reading = Reading::new(what, budget, crew);
    if let Err(error) = reading.members(&mut tar) {
        return reading.stop(error);
    }
    let (end, content) = tar.finish()?;
    let (measured, size) = content.finish()?;
    let mut facts = reading.finish();
    facts.is_marked_end = end.marked;
    facts.size = size;
    facts.take_over(measured);
    if end.data_after {
        facts.issues.push(trailing());
    }
    Ok(facts)
}

/// Reads a layer like [`extract`], and only hashes it.
pub(crate) fn measure(layer: impl Read, what: Extraction, budget: &Budget) -> Result<Measured, Error> {
    let mut stored = Buffer::new(Hashing::new(layer, None), WINDOW);
    let is_plain = crate::decode::coding(stored.fill(4)?).is_none();
    let mut content = Content::open(stored, is_plain, what, budget)?;
    let mut buffer = vec![0; WINDOW];
    while content.read(&mut buffer)? > 0 {}
    Ok(content.finish()?.0)
}

/// The uncompressed bytes of a layer; they and the stored ones are hashed as they pass.
struct Content<'b, R> {
    decoded: Hashing<Decoded<'b, Hashing<R>>>,
    is_hashed_apart: bool,
}

impl<'b, R: Read> Content<'b, R> {
    fn open(
        mut stored: Buffer<Hashing<R>>,
        is_plain: bool,
        what: Extraction,
        budget: &'b Budget,
    ) -> Result<Self, Error> {
        let hasher = |digest| what.verify.then(|| Hasher::like(digest));
        let is_other_algorithm =
            what.digest.is_some_and(|digest| what.diff_id.is_none_or(|id| id.algorithm() != digest.algorithm()));
        let is_hashed_apart = !is_plain || is_other_algorithm;
        if is_hashed_apart && let Some(mut hasher) = hasher(what.digest) {
            // What the buffer holds already has passed without being hashed.
            hasher.update(stored.fill(1)?);
            stored.inner_mut().set_hasher(hasher);
        }
        let decoded = Decoded::new(stored, budget)?;
        Ok(Self { decoded: Hashing::new(decoded, hasher(what.diff_id)), is_hashed_apart })
    }

    /// Reads the stored bytes to their end. Also how many uncompressed bytes there were.
    fn finish(self) -> Result<(Measured, u64), Error> {
        let (diff_id, size, decoded) = self.decoded.finish();
        let (stored, has_stored_trailing) = decoded.finish()?;
        let (digest, stored_size, _) = stored.finish();
        let digest = if self.is_hashed_apart { digest } else { diff_id };
        Ok((Measured { diff_id, digest, stored_size, has_stored_trailing }, size))
    }
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.decoded.read(buffer)
    }
}

pub(crate) fn trailing() -> Issue {
    Issue {
        kind: IssueKind::TrailingData,
        layer: None,
        subject: String::new(),
        message: "bytes follow the layer's end, which other readers may take for files".to_owned(),
    }
}

/// The facts so far.
struct Reading<'a> {
    search: Option<Search<'a>>,
    budget: &'a Budget,
    paths: PathsBuilder,
    facts: LayerFacts,
    counted: usize,
    /// How much of the budget is used.
    taken: u64,
}

impl Drop for Reading<'_> {
    /// What was not finished is no longer in memory.
    fn drop(&mut self) {
        self.budget.give_back(self.taken);
    }
}

impl<'a> Reading<'a> {
    fn new(what: Extraction, budget: &'a Budget, crew: &'a Crew) -> Self {
        Self {
            search: what.secrets.then(|| Search::new(crew)),
            budget,
            paths: PathsBuilder::new(),
            facts: LayerFacts::default(),
            counted: 1,
            taken: 0,
        }
    }

    fn take(&mut self, count: usize) -> Result<(), Error> {
        self.budget.take_entries(count as u64)?;
        self.taken += count as u64;
        Ok(())
    }

    fn members<R: Read>(&mut self, tar: &mut Tar<R>) -> Result<(), Error> {
        loop {
            let at = tar.position();
            let member = match tar.next() {
                Ok(Some(member)) => member,
                Ok(None) => break,
                Err(error) if at == 0 && matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Truncated) => {
                    return Err(Error::corrupt("no layer: neither a tar archive nor one that is compressed"));
                }
                Err(error) => return Err(error),
            };
            self.member(member, tar).map_err(|error| error.at(at))?;
        }
        while let Some(found) = self.search.as_mut().and_then(Search::rest) {
            self.found(found)?;
        }
        Ok(())
    }

    fn member<R: Read>(&mut self, member: Member, tar: &mut Tar<R>) -> Result<(), Error> {
        let (path, leads_elsewhere) = clean(&member.name);
        if path.len() > paths::LONGEST {
            return Err(Error::corrupt(format!("a path of {} bytes", path.len())));
        }
        // Every tool that archives `/` writes absolute names or none; only `..` is an attempt.
        if leads_elsewhere && member.name.split(|&byte| byte == b'/').any(|part| part == b"..") {
            self.issue(IssueKind::UnsafePath, &member.name, "the path leads out of the root with `..`");
        }
        if member.two_sizes {
            self.issue(IssueKind::AmbiguousSize, &path, "its two headers give two sizes");
        }
        let (kind, path) = classify(member.kind, path);
        let node = self.paths.insert(&path);
        let link = match kind {
            RecordKind::Symlink => self.paths.add_text(&member.link),
            RecordKind::HardLink => {
                let (target, _) = clean(&member.link);
                if target.len() > paths::LONGEST {
                    return Err(Error::corrupt(format!("a link's target of {} bytes", target.len())));
                }
                self.paths.insert(&target)
            }
            _ => 0,
        };
        // Folders that only paths imply cost memory too.
        let nodes = self.paths.paths().len();
        self.take((nodes - self.counted).max(1))?;
        self.counted = nodes;
        let number = self.facts.records.len() as u32;
        let mut record = Record {
            size: member.size,
            content: 0,
            path: node,
            link,
            uid: u32::try_from(member.uid).unwrap_or(u32::MAX),
            gid: u32::try_from(member.gid).unwrap_or(u32::MAX),
            mode: member.mode as u16,
            kind,
            steps_down: false,
        };
        if kind == RecordKind::File && member.stored > 0 {
            self.content(number, &path, &member, &mut record, tar)?;
        }
        if let Some(capabilities) = member.capabilities {
            self.facts.capabilities.push((number, capabilities));
        }
        self.facts.records.push(record);
        Ok(())
    }

    /// Reads a file's content, chunk by chunk.
    fn content<R: Read>(
        &mut self,
        number: u32,
        path: &[u8],
        member: &Member,
        record: &mut Record,
        tar: &mut Tar<R>,
    ) -> Result<(), Error> {
        let mut interest = contents::interest(path);
        if interest.is_some_and(|interest| member.size > interest.most()) {
            self.issue(IssueKind::Unread, path, "too large to be what its name says; it was not interpreted");
            interest = None;
        }
        let mut kept = Vec::new();
        let mut hash = XxHash64::with_seed(0);
        let (mut is_first, mut read) = (true, 0);
        loop {
            let chunk = if is_first { tar.fill_whole()? } else { tar.fill()? };
            if chunk.is_empty() {
                break;
            }
            let count = chunk.len();
            hash.write(chunk);
            if is_first && interest.is_none() && contents::begins_as_accounts(chunk, member.size) {
                interest = Some(Interest::Accounts);
            }
            if interest.is_some() {
                kept.extend_from_slice(chunk);
            }
            read += count as u64;
            let is_last = read == member.stored;
            if is_first && is_last {
                record.steps_down = contents::steps_down(chunk);
            }
            if let Some(search) = &mut self.search {
                if is_first && is_last {
                    search.whole(number, path, chunk);
                } else {
                    if is_first {
                        search.begin(path);
                    }
                    search.chunk(number, chunk, is_last);
                }
            }
            tar.consume(count);
            is_first = false;
        }
        record.content = hash.finish();
        if let Some(found) = self.search.as_mut().map(Search::take) {
            self.found(found)?;
        }
        if let Some(interest) = interest {
            if interest.shows_text() {
                hide(&shown(path), &mut kept);
            }
            let whole = match &member.sparse {
                Some(sparse) => sparse.expand(&kept, member.size),
                None => kept,
            };
            self.interpret(interest, number, path, &whole)?;
        }
        Ok(())
    }

    fn found(&mut self, found: Found) -> Result<(), Error> {
        self.take(found.secrets.len())?;
        self.facts.secrets.extend(found.secrets);
        self.facts.hashes.extend(found.hashes);
        Ok(())
    }

    fn interpret(&mut self, interest: Interest, number: u32, path: &[u8], content: &[u8]) -> Result<(), Error> {
        let facts = &mut self.facts;
        let before = facts.packages.len() + facts.owned.len();
        match interest {
            // A byte that is no UTF-8 must not hide the lines around it.
            Interest::Text => facts.texts.push((number, String::from_utf8_lossy(content).as_bytes().into())),
            Interest::Accounts => {
                let content = contents::without_hashes(content);
                facts.texts.push((number, String::from_utf8_lossy(&content).as_bytes().into()));
            }
            Interest::Packages(database) => {
                let packages = crate::packages::read(database, path, content, &mut facts.owned);
                facts.packages.extend(packages.into_iter().map(|package| (number, package)));
            }
        }
        let read = facts.packages.len() + facts.owned.len() - before;
        self.take(read)
    }

    fn issue(&mut self, kind: IssueKind, path: &[u8], message: &str) {
        // A hostile layer could have one with each entry.
        const MOST: usize = 1000;
        if self.facts.issues.len() < MOST {
            let message = message.to_owned();
            self.facts.issues.push(Issue { kind, layer: None, subject: shown(path), message });
        }
    }

    /// What was read before an error, where that is something: a damaged layer may hold secrets all the same.
    fn stop(mut self, error: Error) -> Result<LayerFacts, Error> {
        // Where entries are too many, those read are let go of.
        if self.facts.records.is_empty() || error.kind() == ErrorKind::Limit(crate::Limit::Entries) {
            return Err(error);
        }
        while let Some(found) = self.search.as_mut().and_then(Search::rest) {
            if self.found(found).is_err() {
                break;
            }
        }
        // The file that was being read has no record.
        let count = self.facts.records.len() as u32;
        self.facts.secrets.retain(|(record, _)| *record < count);
        self.facts.hashes.retain(|(record, _)| *record < count);
        Ok(LayerFacts { stopped: Some(error), ..self.finish() })
    }

    fn finish(mut self) -> LayerFacts {
        let mut facts = std::mem::take(&mut self.facts);
        facts.cost = std::mem::take(&mut self.taken);
        facts.paths = std::mem::replace(&mut self.paths, PathsBuilder::new()).finish();
        facts.records.shrink_to_fit();
        // Who searches a file is done when they are; what stands in one file is in its order.
        facts.secrets.sort_by_key(|(record, _)| *record);
        facts.hashes.sort_by_key(|(record, _)| *record);
        facts.owned.sort_unstable();
        facts.owned.dedup();
        facts.owned.shrink_to_fit();
        facts.packages.shrink_to_fit();
        facts
    }
}

/// Overwrites secrets, so that what is kept of a text holds none. There are few such files, and their secrets may still be
/// looked for by others.
fn hide(path: &str, text: &mut [u8]) {
    let secrets = plimsoll_secrets::scan_file(path, text);
    for found in secrets.iter().filter(|found| found.encoding != Some(Encoding::Gzip)) {
        let (start, end) = (found.start as usize, (found.end as usize).min(text.len()));
        text.get_mut(start..end).unwrap_or_default().fill(b'*');
    }
}

/// The record's kind, and its path: of a whiteout that of what it removes.
fn classify(kind: MemberKind, path: Vec<u8>) -> (RecordKind, Vec<u8>) {
    let start = path.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
    if let Some(name) = path[start..].strip_prefix(b".wh.") {
        if name == b".wh..opq" {
            return (RecordKind::Opaque, path[..start.saturating_sub(1)].to_vec());
        }
        // Other names of this form are bookkeeping of a file system that is gone.
        if !name.starts_with(b".wh.") && !matches!(name, b"" | b"." | b"..") {
            return (RecordKind::Whiteout, [&path[..start], name].concat());
        }
    }
    let kind = match kind {
        MemberKind::File => RecordKind::File,
        MemberKind::Directory => RecordKind::Directory,
        MemberKind::Symlink => RecordKind::Symlink,
        MemberKind::HardLink => RecordKind::HardLink,
        MemberKind::CharacterDevice => RecordKind::CharacterDevice,
        MemberKind::BlockDevice => RecordKind::BlockDevice,
        MemberKind::Fifo => RecordKind::Fifo,
        MemberKind::Other => RecordKind::Other,
    };
    (kind, path)
}
