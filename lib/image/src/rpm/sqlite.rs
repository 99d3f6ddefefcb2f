//! rpm's database in SQLite's format (Fedora, RHEL 9 and kin): sqlite.org/fileformat.html.

use super::header;
use crate::layer::OwnedFile;
use crate::packages::Package;

/// Reads a database in SQLite's format: the blobs of the table `Packages`.
pub(crate) fn packages(content: &[u8], owned: &mut Vec<OwnedFile>) -> Vec<Package> {
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

    #[test]
    fn what_is_not_sound_ends() {
        // A page that is its own child, and a payload that never ends.
        let mut file = b"SQLite format 3\0\x02\x00\x01\x01\x00".to_vec();
        file.resize(100, 0);
        file.extend([5, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 114, 0, 0, 0, 1]);
        file.resize(512, 0);
        assert_eq!(packages(&file, &mut Vec::new()), []);
        file[100] = 13;
        assert_eq!(packages(&file, &mut Vec::new()), []);
        for text in [&b""[..], b"SQLite format 3\0", b"SQLite format 3\0\xff\xff\xff\xff\xff\xff\xff"] {
            assert_eq!(packages(text, &mut Vec::new()), []);
        }
    }
}
