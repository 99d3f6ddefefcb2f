//! [`LayerFacts`] as compact bytes and back. Reading believes nothing: what is not sound is no layer.

use crate::layer::{ContentHashes, OwnedFile, Record, RecordKind};
use crate::paths::{Node, Paths};
use crate::{Capabilities, Digest, Ecosystem, Issue, IssueKind, LayerFacts, Package};
use plimsoll_secrets::Match;

const KINDS: [RecordKind; 10] = [
    RecordKind::File,
    RecordKind::Directory,
    RecordKind::Symlink,
    RecordKind::HardLink,
    RecordKind::CharacterDevice,
    RecordKind::BlockDevice,
    RecordKind::Fifo,
    RecordKind::Other,
    RecordKind::Whiteout,
    RecordKind::Opaque,
];
/// The issues that a layer's content can have.
const ISSUES: [IssueKind; 4] =
    [IssueKind::UnsafePath, IssueKind::AmbiguousSize, IssueKind::TrailingData, IssueKind::Unread];
const ECOSYSTEMS: [Ecosystem; 5] = [Ecosystem::Dpkg, Ecosystem::Apk, Ecosystem::Rpm, Ecosystem::Python, Ecosystem::Npm];
/// Beside the kind in a record's first byte.
const STEPS_DOWN: u8 = 0x80;

/// The facts as bytes, but for those that depend on how the layer is stored: digest, stored size, what trails.
/// `None` where they hold what this version cannot write.
pub(crate) fn encode(facts: &LayerFacts) -> Option<Vec<u8>> {
    let mut out = Writer(Vec::with_capacity(facts.records.len() * 40));
    out.digest(facts.diff_id?);
    out.number(facts.size);
    out.number(facts.cost);
    out.byte(u8::from(facts.is_marked_end));
    out.number(facts.issues.len() as u64);
    for issue in &facts.issues {
        out.byte(ISSUES.iter().position(|kind| *kind == issue.kind)? as u8);
        out.bytes(issue.subject.as_bytes());
        out.bytes(issue.message.as_bytes());
    }
    out.bytes(&facts.paths.names);
    out.number(facts.paths.nodes.len() as u64);
    let mut expected = 0_u32;
    for (at, node) in (0..).zip(&facts.paths.nodes) {
        out.number(u64::from(at - node.parent));
        out.number(u64::from(node.name.wrapping_sub(expected)));
        out.number(u64::from(node.length));
        expected = node.name.wrapping_add(u32::from(node.length));
    }
    out.number(facts.records.len() as u64);
    let mut before = 0_u32;
    for record in &facts.records {
        let kind = KINDS.iter().position(|kind| *kind == record.kind)? as u8;
        out.byte(kind | if record.steps_down { STEPS_DOWN } else { 0 });
        out.number(u64::from(record.path.wrapping_sub(before)));
        before = record.path;
        out.number(u64::from(record.mode));
        out.number(u64::from(record.uid));
        out.number(u64::from(record.gid));
        out.number(record.size);
        match record.kind {
            RecordKind::File => out.0.extend(record.content.to_le_bytes()),
            RecordKind::Symlink | RecordKind::HardLink => out.number(u64::from(record.link)),
            _ => {}
        }
    }
    out.list(&facts.capabilities, |out, capabilities| {
        let Capabilities { permitted, inheritable, effective, root } = *capabilities;
        out.number(permitted);
        out.number(inheritable);
        out.byte(u8::from(effective));
        out.number(u64::from(root));
    });
    out.list(&facts.texts, |out, text| out.bytes(text));
    out.list(&facts.hashes, |out, ContentHashes { md5, sha1, sha256 }| {
        out.0.extend(md5.iter().chain(sha1).chain(sha256));
    });
    out.list(&facts.secrets, |out, found| found.store(&mut out.0));
    out.list(&facts.packages, |out, package| {
        out.byte(ECOSYSTEMS.iter().position(|ecosystem| *ecosystem == package.ecosystem).unwrap_or(255) as u8);
        out.bytes(package.name.as_bytes());
        out.bytes(package.version.as_bytes());
        for text in [&package.architecture, &package.source] {
            // No such text is empty.
            out.bytes(text.as_deref().unwrap_or_default().as_bytes());
        }
    });
    out.number(facts.owned.len() as u64);
    for owned in &facts.owned {
        out.0.extend(owned.path.to_le_bytes().iter().chain(&owned.content));
    }
    Some(out.0)
}

/// Reads what [`encode`] wrote.
pub(crate) fn decode(bytes: &[u8]) -> Option<LayerFacts> {
    let mut reader = Reader(bytes);
    let input = &mut reader;
    let mut facts = LayerFacts { diff_id: Some(input.digest()?), ..LayerFacts::default() };
    facts.size = input.number()?;
    facts.cost = input.number()?;
    facts.is_marked_end = input.flag()?;
    for _ in 0..input.count(3)? {
        let kind = *ISSUES.get(usize::from(input.byte()?))?;
        let (subject, message) = (input.text()?.to_owned(), input.text()?.to_owned());
        facts.issues.push(Issue { kind, layer: None, subject, message });
    }
    facts.paths = paths(input)?;
    let nodes = facts.paths.nodes.len() as u32;
    let count = input.count(6)?;
    facts.records.reserve_exact(count);
    let mut before = 0_u32;
    for _ in 0..count {
        let first = input.byte()?;
        let kind = *KINDS.get(usize::from(first & !STEPS_DOWN))?;
        let path = before.wrapping_add(input.small()?);
        before = path;
        let mut record = Record {
            path,
            mode: u16::try_from(input.number()?).ok()?,
            uid: input.small()?,
            gid: input.small()?,
            size: input.number()?,
            content: 0,
            link: 0,
            kind,
            steps_down: first & STEPS_DOWN != 0,
        };
        match kind {
            RecordKind::File => record.content = u64::from_le_bytes(input.array()?),
            RecordKind::Symlink | RecordKind::HardLink => record.link = input.small()?,
            _ => {}
        }
        if path >= nodes || kind == RecordKind::HardLink && record.link >= nodes {
            return None;
        }
        facts.records.push(record);
    }
    let records = count as u32;
    facts.capabilities = input.list(records, |input| {
        let (permitted, inheritable) = (input.number()?, input.number()?);
        Some(Capabilities { permitted, inheritable, effective: input.flag()?, root: input.small()? })
    })?;
    facts.texts = input.list(records, |input| Some(input.bytes()?.into()))?;
    facts.hashes = input.list(records, |input| {
        Some(ContentHashes { md5: input.array()?, sha1: input.array()?, sha256: input.array()? })
    })?;
    facts.secrets = input.list(records, |input| Match::load(&mut input.0))?;
    facts.packages = input.list(records, |input| {
        let ecosystem = *ECOSYSTEMS.get(usize::from(input.byte()?))?;
        let (name, version) = (input.text()?.into(), input.text()?.into());
        let mut text = || input.text().map(|text| (!text.is_empty()).then(|| text.into()));
        Some(Package { ecosystem, name, version, architecture: text()?, source: text()? })
    })?;
    let count = input.count(16)?;
    facts.owned.reserve_exact(count);
    for _ in 0..count {
        facts.owned.push(OwnedFile { path: u64::from_le_bytes(input.array()?), content: input.array()? });
    }
    (input.0.is_empty() && facts.owned.is_sorted()).then_some(facts)
}

fn paths(input: &mut Reader<'_>) -> Option<Paths> {
    let names = input.bytes()?.to_vec();
    let count = input.count(3)?;
    let mut nodes = Vec::with_capacity(count);
    let mut expected = 0_u32;
    for at in 0..count as u32 {
        // Parents stand before their children, so that every chain of them ends at the root.
        let parent = at.checked_sub(input.small()?)?;
        let name = expected.wrapping_add(input.small()?);
        let length = u16::try_from(input.number()?).ok()?;
        names.get(name as usize..)?.get(..usize::from(length))?;
        if (at == 0) != (parent == at) {
            return None;
        }
        nodes.push(Node { parent, name, length });
        expected = name.wrapping_add(u32::from(length));
    }
    (!nodes.is_empty()).then_some(Paths { nodes, names })
}

/// Writes numbers in as many groups of seven bits as they need, the lowest first.
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn digest(&mut self, digest: Digest) {
        match &digest {
            Digest::Sha256(hash) => self.bytes(hash),
            Digest::Sha512(hash) => self.bytes(hash),
        }
    }

    fn list<T>(&mut self, list: &[(u32, T)], mut write: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u64);
        let mut before = 0;
        for (record, fact) in list {
            self.number(u64::from(record - before));
            before = *record;
            write(self, fact);
        }
    }
}

/// Reads what [`Writer`] wrote; `None` at whatever it cannot have written.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.0.split_off_first().copied()
    }

    pub(crate) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    /// How many of what takes at least so many bytes each.
    fn count(&mut self, least: usize) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count.checked_mul(least)? <= self.0.len()).then_some(count)
    }

    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        self.0.split_off(..length)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.0.split_off(..N)?.first_chunk().copied()
    }

    pub(crate) fn digest(&mut self) -> Option<Digest> {
        let bytes = self.bytes()?;
        bytes.try_into().map(Digest::Sha256).or_else(|_| bytes.try_into().map(Digest::Sha512)).ok()
    }

    fn list<T>(&mut self, records: u32, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<(u32, T)>> {
        let count = self.count(1)?;
        let mut list = Vec::new();
        let mut before = 0_u32;
        for _ in 0..count {
            before = before.checked_add(self.small()?).filter(|record| *record < records)?;
            list.push((before, read(self)?));
        }
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let mut out = Writer(Vec::new());
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        for number in numbers {
            out.number(number);
        }
        let mut input = Reader(&out.0);
        assert!(numbers.iter().all(|number| input.number() == Some(*number)));
        assert_eq!(input.number(), None);
        assert_eq!(Reader(&[0xff; 20]).number(), None);
    }
}
