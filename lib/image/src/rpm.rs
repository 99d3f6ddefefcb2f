//! rpm's databases, read just far enough to get each package's header, whose format rpm's documentation tells.

pub(crate) mod bdb;
pub(crate) mod ndb;
pub(crate) mod sqlite;

use crate::layer::OwnedFile;
use crate::packages::{Ecosystem, Package, hex, path_hash, text};
use std::collections::BTreeMap;

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
    // As Linux limits paths: names that come again and again must not make a short file long work.
    const LONGEST: usize = 4096;
    let folders: Vec<&[u8]> = folders.collect();
    for ((folder, name), hash) in folder_of.zip(names).zip(hashes) {
        // Folders and links have none.
        let (Some(folder), Some(content)) = (folders.get(folder as usize), hex(hash)) else { continue };
        if folder.len() + name.len() <= LONGEST {
            let path = [folder.strip_prefix(b"/").unwrap_or(folder), name].concat();
            owned.push(OwnedFile { path: path_hash(&path), content });
        }
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
}
