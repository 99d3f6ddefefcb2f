//! rpm's databases: SQLite (Fedora, RHEL 9 and kin) and ndb (SUSE), read just far enough to get each package's header.
//!
//! Formats: sqlite.org/fileformat.html; `lib/backend/ndb` and the header format in rpm's documentation. Berkeley DB, which
//! older systems have, is not read.

use crate::layer::OwnedFile;
use crate::packages::{Ecosystem, Package, hex, path_hash, text};
use std::collections::BTreeMap;

/// Reads a database in SQLite's format: the blobs of the table `Packages`.
pub(crate) fn sqlite(content: &[u8], owned: &mut Vec<OwnedFile>) -> Vec<Package> {
    let mut packages = Vec::new();
    if let Some(mut file) = Sqlite::open(content) {
        let mut root = None;
        file.table(1, &mut |record| {
            // type, name, tbl_name, rootpage, sql
            let columns = columns(record)?;
            if columns.first()? == b"table" && columns.get(1)? == b"Packages" {
                root = Some(columns.get(3)?.iter().fold(0_u32, |page, byte| page << 8 | u32::from(*byte)));
            }
            Some(())
        });
        if let Some(root) = root {
            file.table(root, &mut |record| {
                // hnum, which is the row's number and stored there, and blob
                packages.extend(header(columns(record)?.get(1)?, owned));
                Some(())
            });
        }
    }
    packages
}

/// Reads a database in ndb's format: slots that say where each package's blob stands.
pub(crate) fn ndb(content: &[u8], owned: &mut Vec<OwnedFile>) -> Vec<Package> {
    const PAGE: usize = 4096;
    const SLOT: usize = 16;
    let word = |at: usize| content.get(at..)?.first_chunk().map(|word| u32::from_le_bytes(*word));
    if !content.starts_with(b"RpmP") {
        return Vec::new();
    }
    let pages = word(12).unwrap_or(0) as usize;
    let end = pages.saturating_mul(PAGE).min(content.len());
    // The header takes the first two slots' place. Slots could name one blob again and again.
    let mut left = content.len();
    let mut packages = Vec::new();
    for at in (2 * SLOT..end).step_by(SLOT) {
        let is_slot = content.get(at..at + 4) == Some(b"Slot");
        let (Some(index), Some(block)) = (word(at + 4), word(at + 8)) else { break };
        if !is_slot || index == 0 {
            continue;
        }
        let start = (block as usize).saturating_mul(SLOT);
        let (Some(same), Some(length)) = (word(start.saturating_add(4)), word(start.saturating_add(12))) else {
            continue;
        };
        let blob = content.get(start..).and_then(|blob| blob.strip_prefix(b"BlbS")).and_then(|_| {
            let from = start.checked_add(SLOT)?;
            content.get(from..from.checked_add(length as usize)?)
        });
        let Some(blob) = blob.filter(|_| same == index) else { continue };
        let Some(rest) = left.checked_sub(blob.len()) else { break };
        left = rest;
        packages.extend(header(blob, owned));
    }
    packages
}

/// A package's header: an index of 16 bytes an entry (tag, type, offset, count), then the data.
fn header(blob: &[u8], owned: &mut Vec<OwnedFile>) -> Option<Package> {
    let header = Header::open(blob)?;
    let string = |tag| header.strings(tag).and_then(|mut strings| strings.next());
    let name = text(string(NAME)?)?;
    // Keys that signatures are checked with stand among the packages.
    if &*name == "gpg-pubkey" {
        return None;
    }
    let (version, release) = (text(string(VERSION)?)?, text(string(RELEASE)?)?);
    let epoch = header.numbers(EPOCH).and_then(|mut numbers| numbers.next()).filter(|epoch| *epoch != 0);
    let epoch = epoch.map(|epoch| format!("{epoch}:")).unwrap_or_default();
    let source = string(SOURCE).and_then(text).and_then(|file| {
        // NAME-VERSION-RELEASE.src.rpm
        let mut parts = file.rsplitn(3, '-');
        let (_, _, source) = (parts.next(), parts.next(), parts.next()?);
        Some(Box::from(source))
    });
    files(&header, owned);
    Some(Package {
        ecosystem: Ecosystem::Rpm,
        version: format!("{epoch}{version}-{release}").into(),
        architecture: string(ARCHITECTURE).and_then(text),
        source: source.filter(|source| *source != name),
        name,
    })
}

/// The files of a package, each named by the number of its folder and a name in that.
fn files(header: &Header<'_>, owned: &mut Vec<OwnedFile>) {
    let lists = (header.strings(FOLDERS), header.numbers(FOLDER_OF), header.strings(NAMES), header.strings(HASHES));
    let (Some(folders), Some(folder_of), Some(names), Some(hashes)) = lists else { return };
    let folders: Vec<&[u8]> = folders.collect();
    for ((folder, name), hash) in folder_of.zip(names).zip(hashes) {
        // Folders and links have none.
        let (Some(folder), Some(content)) = (folders.get(folder as usize), hex(hash)) else { continue };
        let path = [folder.strip_prefix(b"/").unwrap_or(folder), name].concat();
        owned.push(OwnedFile { path: path_hash(&path), content });
    }
}

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const ARCHITECTURE: u32 = 1022;
const HASHES: u32 = 1035;
const SOURCE: u32 = 1044;
const FOLDER_OF: u32 = 1116;
const NAMES: u32 = 1117;
const FOLDERS: u32 = 1118;

struct Header<'a> {
    /// Offset and count by tag.
    index: BTreeMap<u32, (usize, usize)>,
    data: &'a [u8],
}

impl<'a> Header<'a> {
    fn open(blob: &'a [u8]) -> Option<Self> {
        const ENTRY: usize = 16;
        let word = |at: usize| Some(u32::from_be_bytes(*blob.get(at..)?.first_chunk()?));
        let (entries, size) = (word(0)? as usize, word(4)? as usize);
        let start = entries.checked_mul(ENTRY)?.checked_add(8)?;
        let data = blob.get(start..start.checked_add(size)?)?;
        let mut index = BTreeMap::new();
        for at in (8..start).step_by(ENTRY) {
            let (tag, offset, count) = (word(at)?, word(at + 8)?, word(at + 12)?);
            index.insert(tag, (offset as usize, count as usize));
        }
        Some(Self { index, data })
    }

    /// The texts of a tag, each up to its zero.
    fn strings(&self, tag: u32) -> Option<impl Iterator<Item = &'a [u8]> + use<'a>> {
        let (offset, count) = *self.index.get(&tag)?;
        Some(self.data.get(offset..)?.split(|&byte| byte == 0).take(count))
    }

    /// The numbers of 32 bits of a tag.
    fn numbers(&self, tag: u32) -> Option<impl Iterator<Item = u32> + use<'a>> {
        let (offset, count) = *self.index.get(&tag)?;
        let words = self.data.get(offset..)?.chunks_exact(4).take(count);
        Some(words.filter_map(|word| word.first_chunk().map(|word| u32::from_be_bytes(*word))))
    }
}

/// A database file of SQLite.
struct Sqlite<'a> {
    content: &'a [u8],
    page: usize,
    /// Bytes of a page that SQLite itself uses.
    usable: usize,
    /// How many more pages are read: each once, in a file that is sound.
    left: usize,
}

impl<'a> Sqlite<'a> {
    fn open(content: &'a [u8]) -> Option<Self> {
        let header = content.strip_prefix(b"SQLite format 3\0")?;
        let page = match u16::from_be_bytes(*header.first_chunk()?) {
            1 => 1 << 16,
            size if size >= 512 && size.is_power_of_two() => usize::from(size),
            _ => return None,
        };
        let usable = page.checked_sub(usize::from(*header.get(4)?)).filter(|usable| *usable >= 480)?;
        Some(Self { content, page, usable, left: content.len() / page + 1 })
    }

    fn page(&mut self, number: u32) -> Option<&'a [u8]> {
        self.left = self.left.checked_sub(1)?;
        let start = (number as usize).checked_sub(1)?.checked_mul(self.page)?;
        self.content.get(start..start.checked_add(self.page)?)
    }

    /// Gives every record of a table, by the page at its root. What is not sound ends it.
    fn table(&mut self, root: u32, record: &mut dyn FnMut(&[u8]) -> Option<()>) {
        const INTERIOR: u8 = 5;
        const LEAF: u8 = 13;
        let mut pending = vec![root];
        while let Some(number) = pending.pop() {
            let Some(page) = self.page(number) else { return };
            // The file's header stands before that of its first page.
            let at = if number == 1 { 100 } else { 0 };
            let Some(header) = page.get(at..at + 12) else { return };
            let cells = usize::from(u16::from_be_bytes([header[3], header[4]]));
            let start = at + if header[0] == INTERIOR { 12 } else { 8 };
            let offsets = page.get(start..).unwrap_or_default().chunks_exact(2).take(cells);
            let offsets = offsets.map(|offset| usize::from(u16::from_be_bytes([offset[0], offset[1]])));
            match header[0] {
                INTERIOR => {
                    let child = |at: usize| page.get(at..)?.first_chunk().map(|page| u32::from_be_bytes(*page));
                    let mut children: Vec<u32> = offsets.filter_map(child).collect();
                    children.extend(child(at + 8));
                    // More than the file has pages are none of a sound file.
                    if children.len() + pending.len() > self.left {
                        return;
                    }
                    pending.extend(children.into_iter().rev());
                }
                LEAF => {
                    for offset in offsets {
                        let Some(payload) = self.payload(page, offset) else { return };
                        record(&payload);
                    }
                }
                _ => return,
            }
        }
    }

    /// The content of a cell: what does not fit into its page goes on in a chain of others.
    fn payload(&mut self, page: &'a [u8], offset: usize) -> Option<Vec<u8>> {
        let mut cell = page.get(offset..self.usable)?;
        let size = usize::try_from(varint(&mut cell)?).ok().filter(|size| *size <= self.content.len())?;
        varint(&mut cell)?;
        let most = self.usable - 35;
        let least = (self.usable - 12) * 32 / 255 - 23;
        let local = match size {
            size if size <= most => size,
            size => Some(least + (size - least) % (self.usable - 4)).filter(|local| *local <= most).unwrap_or(least),
        };
        let mut payload = cell.get(..local)?.to_vec();
        let mut next =
            cell.get(local..).and_then(|rest| rest.first_chunk()).map_or(0, |next| u32::from_be_bytes(*next));
        while payload.len() < size {
            let page = self.page(next)?;
            next = u32::from_be_bytes(*page.first_chunk()?);
            let count = (size - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(page.get(4..4 + count)?);
        }
        Some(payload)
    }
}

/// The columns of a record as they are stored; `None` where it is not sound.
fn columns(record: &[u8]) -> Option<Vec<&[u8]>> {
    const MOST: usize = 64;
    let mut types = record;
    let size = usize::try_from(varint(&mut types)?).ok()?;
    let mut types = record.get(record.len() - types.len()..size)?;
    let mut rest = record.get(size..)?;
    let mut columns = Vec::new();
    while !types.is_empty() && columns.len() < MOST {
        let length = match varint(&mut types)? {
            kind @ 0..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            8 | 9 => 0,
            kind @ 12.. => (kind - 12) / 2,
            _ => return None,
        };
        columns.push(rest.split_off(..usize::try_from(length).ok()?)?);
    }
    Some(columns)
}

/// A number in groups of seven bits, the highest first; a ninth byte has eight.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for _ in 0..8 {
        let byte = *bytes.split_off_first()?;
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    Some(number << 8 | u64::from(*bytes.split_off_first()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A package's header with one file.
    pub(super) fn blob(name: &str) -> Vec<u8> {
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let texts = [
            (NAME, name),
            (VERSION, "1.2"),
            (RELEASE, "3"),
            (ARCHITECTURE, "noarch"),
            (SOURCE, "src-1.2-3.src.rpm"),
            (NAMES, "tool"),
            (FOLDERS, "/usr/bin/"),
            (HASHES, hash),
        ];
        let mut data = Vec::new();
        let mut index = Vec::new();
        for (tag, text) in texts {
            index.push((tag, 6_u32, data.len() as u32));
            data.extend(text.bytes().chain([0]));
        }
        data.resize(data.len().next_multiple_of(4), 0);
        for (tag, number) in [(EPOCH, 2_u32), (FOLDER_OF, 0)] {
            index.push((tag, 4, data.len() as u32));
            data.extend(number.to_be_bytes());
        }
        let mut blob = Vec::new();
        blob.extend((index.len() as u32).to_be_bytes().iter().chain(&(data.len() as u32).to_be_bytes()));
        for (tag, kind, offset) in index {
            for word in [tag, kind, offset, 1] {
                blob.extend(word.to_be_bytes());
            }
        }
        blob.extend(data);
        blob
    }

    fn ndb_of(blobs: &[Vec<u8>]) -> Vec<u8> {
        let mut file = b"RpmP".to_vec();
        for word in [0_u32, 1, 1, 9, 0, 0, 0] {
            file.extend(word.to_le_bytes());
        }
        file.resize(4096, 0);
        for (at, blob) in blobs.iter().enumerate() {
            let (index, block) = (at as u32 + 1, (file.len() / 16) as u32);
            let slot: Vec<u8> = [index, block, 9].iter().flat_map(|word| word.to_le_bytes()).collect();
            file[32 + at * 16..48 + at * 16].copy_from_slice(&[b"Slot", slot.as_slice()].concat());
            file.extend(b"BlbS");
            for word in [index, 0, blob.len() as u32] {
                file.extend(word.to_le_bytes());
            }
            file.extend(blob);
            file.resize(file.len().next_multiple_of(16), 0);
        }
        file
    }

    #[test]
    fn headers() {
        let mut owned = Vec::new();
        let packages = ndb(&ndb_of(&[blob("tool"), blob("gpg-pubkey")]), &mut owned);
        assert_eq!(packages.len(), 1);
        let package = &packages[0];
        assert_eq!((&*package.name, &*package.version), ("tool", "2:1.2-3"));
        assert_eq!((package.architecture.as_deref(), package.source.as_deref()), (Some("noarch"), Some("src")));
        let file = OwnedFile { path: path_hash(b"usr/bin/tool"), content: *b"\xe3\xb0\xc4\x42\x98\xfc\x1c\x14" };
        assert_eq!(owned, [file]);
    }

    #[test]
    fn what_is_not_sound_ends() {
        let sound = ndb_of(&[blob("tool")]);
        for end in (0..sound.len()).step_by(7) {
            ndb(&sound[..end], &mut Vec::new());
        }
        for at in 0..sound.len() {
            let mut broken = sound.clone();
            broken[at] = 0xff;
            ndb(&broken, &mut Vec::new());
        }
        // A page that is its own child, and a payload that never ends.
        let mut file = b"SQLite format 3\0\x02\x00\x01\x01\x00".to_vec();
        file.resize(100, 0);
        file.extend([5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 114, 0, 0, 0, 1]);
        file.resize(512, 0);
        assert_eq!(sqlite(&file, &mut Vec::new()), []);
        file[100] = 13;
        assert_eq!(sqlite(&file, &mut Vec::new()), []);
        for text in [&b""[..], b"SQLite format 3\0", b"SQLite format 3\0\xff\xff\xff\xff\xff\xff\xff"] {
            assert_eq!(sqlite(text, &mut Vec::new()), []);
        }
    }
}
