//! rpm's database in Berkeley DB's hash format (RHEL 8 and before, Amazon Linux 2, CentOS 7).
//!
//! Format: `src/dbinc/db_page.h` of Berkeley DB 4 and 5. A file is pages of one size; the first tells size and byte order,
//! which is that of the machine that wrote it. Pages of buckets hold keys and values in turn, and a value that does not
//! fit stands in a chain of overflow pages. Every page is looked at, bucket or not: which bucket a package is in does not
//! matter here.

use super::header;
use crate::layer::OwnedFile;
use crate::packages::Package;

/// Reads a database: the values are the packages' headers.
pub(crate) fn packages(content: &[u8], owned: &mut Vec<OwnedFile>) -> Vec<Package> {
    let mut packages = Vec::new();
    if let Some(mut file) = File::open(content) {
        for number in 1..=file.last {
            let Some(page) = file.page(number) else { break };
            if matches!(page.kind(), HASH | HASH_UNSORTED) {
                file.values(page, &mut |value| packages.extend(header(value, owned)));
            }
        }
    }
    packages
}

// Kinds of pages.
const HASH_UNSORTED: u8 = 2;
const OVERFLOW: u8 = 7;
const HASH_META: u8 = 8;
const HASH: u8 = 13;
// Kinds of items on a page of a bucket.
const IN_PLACE: u8 = 1;
const ELSEWHERE: u8 = 3;

/// What stands before a page's content.
const HEAD: usize = 26;

struct File<'a> {
    content: &'a [u8],
    size: usize,
    is_big_endian: bool,
    last: u32,
    /// How many more overflow pages are read: each once, in a file that is sound.
    left: usize,
}

impl<'a> File<'a> {
    fn open(content: &'a [u8]) -> Option<Self> {
        const MAGIC: u32 = 0x0006_1561;
        let magic: [u8; 4] = *content.get(12..)?.first_chunk()?;
        let is_big_endian = match magic {
            _ if magic == MAGIC.to_le_bytes() => false,
            _ if magic == MAGIC.to_be_bytes() => true,
            _ => return None,
        };
        let meta = Page { bytes: content, is_big_endian };
        let size = meta.word(20)? as usize;
        // Encrypted pages, and those with checksums, have more before their content; rpm writes neither.
        let is_plain = content.get(24..27)? == [0, HASH_META, 0];
        let is_size = (512..=1 << 16).contains(&size) && size.is_power_of_two();
        if !is_plain || !is_size {
            return None;
        }
        Some(Self { content, size, is_big_endian, last: meta.word(32)?, left: content.len() / size })
    }

    fn page(&self, number: u32) -> Option<Page<'a>> {
        let start = (number as usize).checked_mul(self.size)?;
        let bytes = self.content.get(start..start.checked_add(self.size)?)?;
        Some(Page { bytes, is_big_endian: self.is_big_endian })
    }

    /// Gives the values on a page of a bucket. What is not sound ends them.
    fn values(&mut self, page: Page<'a>, value: &mut dyn FnMut(&[u8])) -> Option<()> {
        let mut end = self.size;
        for at in 0..usize::from(page.half(20)?) {
            // Items stand from the page's end downwards, so that none is read twice.
            let start = usize::from(page.half(HEAD + 2 * at)?);
            let item = page.bytes.get(start..end).filter(|_| start >= HEAD && start < end)?;
            end = start;
            let is_key = at % 2 == 0;
            match item {
                _ if is_key => {}
                [IN_PLACE, content @ ..] => value(content),
                [ELSEWHERE, ..] => {
                    let item = Page { bytes: item, is_big_endian: self.is_big_endian };
                    value(&self.chain(item.word(4)?, item.word(8)? as usize)?);
                }
                _ => {}
            }
        }
        Some(())
    }

    /// A value of so many bytes in a chain of pages.
    fn chain(&mut self, first: u32, length: usize) -> Option<Vec<u8>> {
        let mut value = Vec::new();
        let mut next = first;
        while value.len() < length {
            self.left = self.left.checked_sub(1)?;
            let page = self.page(next).filter(|page| page.kind() == OVERFLOW)?;
            let count = usize::from(page.half(22)?);
            value.extend_from_slice(page.bytes.get(HEAD..)?.get(..count)?);
            next = page.word(16)?;
        }
        (value.len() == length).then_some(value)
    }
}

/// A page, or another piece with numbers in the file's byte order.
#[derive(Clone, Copy)]
struct Page<'a> {
    bytes: &'a [u8],
    is_big_endian: bool,
}

impl Page<'_> {
    fn kind(self) -> u8 {
        self.bytes.get(25).copied().unwrap_or_default()
    }

    fn half(self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn word(self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::blob;
    use super::*;

    const SIZE: usize = 512;

    /// Numbers in one of the two byte orders.
    struct Order(bool);

    impl Order {
        fn word(&self, number: usize) -> [u8; 4] {
            let number = number as u32;
            if self.0 { number.to_be_bytes() } else { number.to_le_bytes() }
        }

        fn half(&self, number: usize) -> [u8; 2] {
            let number = number as u16;
            if self.0 { number.to_be_bytes() } else { number.to_le_bytes() }
        }

        fn page(&self, next: usize, entries: usize, third: usize, kind: u8) -> Vec<u8> {
            let mut page = vec![0; SIZE];
            page[16..20].copy_from_slice(&self.word(next));
            page[20..22].copy_from_slice(&self.half(entries));
            page[22..24].copy_from_slice(&self.half(third));
            page[25] = kind;
            page
        }

        /// A database of one bucket: each value a chain of overflow pages behind it.
        fn database(&self, values: &[Vec<u8>]) -> Vec<u8> {
            let mut bucket = self.page(0, values.len() * 2, 0, HASH);
            let mut chains = Vec::new();
            let mut end = SIZE;
            for (at, value) in values.iter().enumerate() {
                let first = 2 + chains.len() / SIZE;
                let mut item = vec![ELSEWHERE, 0, 0, 0];
                item.extend(self.word(first).iter().chain(&self.word(value.len())));
                for (index, item) in [(at * 2, vec![IN_PLACE, 1, 0, 0, 0]), (at * 2 + 1, item)] {
                    bucket[end - item.len()..end].copy_from_slice(&item);
                    end -= item.len();
                    bucket[HEAD + index * 2..HEAD + index * 2 + 2].copy_from_slice(&self.half(end));
                }
                let pieces: Vec<&[u8]> = value.chunks(SIZE - HEAD).collect();
                for (number, piece) in pieces.iter().enumerate() {
                    let next = if number + 1 < pieces.len() { first + number + 1 } else { 0 };
                    let mut page = self.page(next, 1, piece.len(), OVERFLOW);
                    page[HEAD..HEAD + piece.len()].copy_from_slice(piece);
                    chains.extend(page);
                }
            }
            let mut file = vec![0; SIZE];
            file[12..16].copy_from_slice(&self.word(0x0006_1561));
            file[20..24].copy_from_slice(&self.word(SIZE));
            file[25] = HASH_META;
            file[32..36].copy_from_slice(&self.word(1 + chains.len() / SIZE));
            [file, bucket, chains].concat()
        }
    }

    /// A package's header that takes three pages.
    fn long(name: &str) -> Vec<u8> {
        let mut blob = blob(name);
        blob.resize(3 * (SIZE - HEAD) - 7, 0);
        blob
    }

    fn names(file: &[u8]) -> Vec<Box<str>> {
        packages(file, &mut Vec::new()).into_iter().map(|package| package.name).collect()
    }

    #[test]
    fn both_byte_orders() {
        for order in [Order(false), Order(true)] {
            let file = order.database(&[long("tool"), vec![7; 4], blob("other")]);
            assert_eq!(names(&file), ["tool".into(), "other".into()]);
        }
    }

    #[test]
    fn what_is_not_sound_ends() {
        for order in [Order(false), Order(true)] {
            let sound = order.database(&[long("tool"), long("other")]);
            for end in 0..sound.len() {
                assert!(names(&sound[..end]).len() < 2);
            }
            for at in 0..sound.len() {
                for put in [0, 1, 3, 0x7f, 0xff] {
                    let mut broken = sound.clone();
                    broken[at] = put;
                    assert!(names(&broken).len() <= 2);
                }
            }
            // The first chain's second page leads back to its first, and the value has no end.
            let mut cycle = sound.clone();
            cycle[3 * SIZE + 16..3 * SIZE + 20].copy_from_slice(&order.word(2));
            let item = SIZE + SIZE - 17;
            assert_eq!(cycle[item], ELSEWHERE);
            cycle[item + 8..item + 12].copy_from_slice(&order.word(u32::MAX as usize));
            assert!(names(&cycle).is_empty());
            // Every item names the same chain: it is read as often as the file has pages.
            let mut same = order.database(&vec![blob("tool"); 12]);
            for item in (0..12).map(|at| 2 * SIZE - 17 * (at + 1)) {
                same[item + 4..item + 8].copy_from_slice(&order.word(2));
            }
            assert_eq!(names(&same).len(), 12);
            same.truncate(4 * SIZE);
            assert_eq!(names(&same).len(), 4);
            // Items that overlap.
            let mut overlap = sound.clone();
            overlap.copy_within(SIZE + HEAD..SIZE + HEAD + 4, SIZE + HEAD + 4);
            assert_eq!(names(&overlap).len(), 1);
        }
        assert!(names(b"").is_empty() && names(&[0; 100]).is_empty());
    }
}
