//! Tar archives as a stream: ustar, GNU and PAX forms, each header bounded.

use crate::buffer::Buffer;
use crate::limits::within;
use crate::pax::{Extended, Sparse};
use crate::{Capabilities, Error, Limit};
use std::io::Read;

const BLOCK: u64 = 512;

/// One member of an archive, without its content.
#[derive(Debug, Clone, Default)]
pub(crate) struct Member {
    /// The name as it stands.
    pub(crate) name: Vec<u8>,
    /// The target of a link, as it stands.
    pub(crate) link: Vec<u8>,
    pub(crate) kind: MemberKind,
    pub(crate) mode: u32,
    pub(crate) uid: u64,
    pub(crate) gid: u64,
    /// The file's size; of a sparse one with its holes.
    pub(crate) size: u64,
    /// How many bytes of content follow in the archive.
    pub(crate) stored: u64,
    /// Where they begin.
    pub(crate) offset: u64,
    pub(crate) capabilities: Option<Capabilities>,
    pub(crate) sparse: Option<Sparse>,
    /// Whether the plain and the extended header disagree about the size.
    pub(crate) two_sizes: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum MemberKind {
    #[default]
    File,
    Directory,
    Symlink,
    HardLink,
    CharacterDevice,
    BlockDevice,
    Fifo,
    /// A type that no reader knows.
    Other,
}

/// Reads members one after the other.
pub(crate) struct Tar<R> {
    reader: Buffer<R>,
    /// How many bytes were read.
    position: u64,
    /// Of the current member's content, then of its padding.
    remaining: u64,
    padding: u64,
    header_limit: u64,
    ended: bool,
    /// Goes on in the reader without reading, and tells how far.
    skip: Option<fn(&mut R, u64) -> u64>,
}

/// How an archive ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// Whether the mark of the end, two empty blocks, was there.
    pub(crate) marked: bool,
    /// Whether anything but zeros follows it.
    pub(crate) data_after: bool,
}

impl<R: Read> Tar<R> {
    pub(crate) fn new(reader: R, capacity: usize, header_limit: u64) -> Self {
        Self {
            reader: Buffer::new(reader, capacity),
            position: 0,
            remaining: 0,
            padding: 0,
            header_limit,
            ended: false,
            skip: None,
        }
    }

    /// Skips contents with this function.
    pub(crate) fn skipping(mut self, skip: fn(&mut R, u64) -> u64) -> Self {
        self.skip = Some(skip);
        self
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// The next member; what is left of the content of the one before is skipped. `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Member>, Error> {
        let mut extended = Extended::default();
        loop {
            self.skip_rest()?;
            let start = self.position;
            let Some(header) = self.block()? else { return Ok(None) };
            let header = Header(&header);
            if header.is_empty() {
                // One empty block is the end already for some readers, and two for all.
                self.ended = true;
                return Ok(None);
            }
            header.verify().map_err(|error| error.at(start))?;
            let size = header.number(124, 12).map_err(|error| error.at(start))?;
            let kind = header.0[156];
            if let b'x' | b'g' | b'X' | b'L' | b'K' = kind {
                let used = extended.bytes.saturating_add(size);
                within(used, self.header_limit, Limit::Header, "bytes of extended header").map_err(|e| e.at(start))?;
                self.remaining = size;
                self.padding = padding(size);
                let content = self.content(size)?;
                extended.bytes = used;
                match kind {
                    b'L' => extended.long_name = Some(until_nul(&content)),
                    b'K' => extended.long_link = Some(until_nul(&content)),
                    // Engines ignore global headers; to apply them would be another reading of the layer.
                    b'g' => {}
                    _ => extended.parse(&content).map_err(|error| error.at(start))?,
                }
                continue;
            }
            let mut member = header.member(size).map_err(|error| error.at(start))?;
            if kind == b'S' {
                let sparse = self.old_sparse(&header, &mut extended).map_err(|error| error.at(start))?;
                member.size = header.number(483, 12).map_err(|error| error.at(start))?;
                member.sparse = Some(sparse);
            }
            extended.apply(&mut member);
            if matches!(member.kind, MemberKind::File) && member.name.ends_with(b"/") {
                member.kind = MemberKind::Directory;
            }
            // Links and devices have no content, whatever size they claim; folders neither, but old tools wrote one.
            if !matches!(member.kind, MemberKind::File | MemberKind::Other) {
                member.stored = 0;
                member.size = 0;
                member.sparse = None;
            }
            member.offset = self.position;
            self.remaining = member.stored;
            self.padding = padding(member.stored);
            if let Some(sparse) = &mut member.sparse
                && sparse.map_in_content
            {
                self.sparse_map(&mut member.stored, sparse).map_err(|error| error.at(start))?;
            }
            return Ok(Some(member));
        }
    }

    /// The whole content of the current member in one piece, where the buffer can hold it; else its beginning.
    /// [`Tar::consume`] goes on.
    pub(crate) fn fill_whole(&mut self) -> Result<&[u8], Error> {
        let wanted = usize::try_from(self.remaining).unwrap_or(usize::MAX);
        self.reader.fill(wanted).map_err(|error| Error::from(error).at(self.position))?;
        self.fill()
    }

    /// Some more of the current member's content; empty at its end. [`Tar::consume`] goes on.
    pub(crate) fn fill(&mut self) -> Result<&[u8], Error> {
        if self.remaining == 0 {
            return Ok(&[]);
        }
        let (position, remaining) = (self.position, self.remaining);
        let buffer = self.reader.fill(1).map_err(|error| Error::from(error).at(position))?;
        if buffer.is_empty() {
            return Err(Error::truncated("the archive ends inside a file").at(position));
        }
        let count = usize::try_from(remaining).unwrap_or(usize::MAX).min(buffer.len());
        Ok(&buffer[..count])
    }

    pub(crate) fn consume(&mut self, count: usize) {
        self.reader.consume(count);
        self.position += count as u64;
        self.remaining -= count as u64;
    }

    /// The whole content that is left of the current member, which the caller knows to be small.
    pub(crate) fn content(&mut self, size: u64) -> Result<Vec<u8>, Error> {
        let mut content = Vec::new();
        while self.remaining > 0 && (content.len() as u64) < size {
            let wanted = usize::try_from(size).unwrap_or(usize::MAX) - content.len();
            let chunk = self.fill()?;
            let count = chunk.len().min(wanted);
            content.extend_from_slice(&chunk[..count]);
            self.consume(count);
        }
        Ok(content)
    }

    /// Reads what follows the last member. The reader has then seen every byte.
    pub(crate) fn finish(mut self) -> Result<(End, R), Error> {
        self.skip_rest()?;
        let mut end = End { marked: false, data_after: false };
        if self.ended {
            // The last block of the mark may be missing where nothing else follows.
            end.marked = self.block()?.is_none_or(|second| Header(&second).is_empty());
            end.data_after = !end.marked;
        }
        loop {
            let buffer = self.reader.fill(1).map_err(|error| Error::from(error).at(self.position))?;
            if buffer.is_empty() {
                break;
            }
            end.data_after |= buffer.iter().any(|&byte| byte != 0);
            let count = buffer.len();
            self.reader.consume(count);
            self.position += count as u64;
        }
        Ok((end, self.reader.into_inner()))
    }

    fn skip_rest(&mut self) -> Result<(), Error> {
        while self.remaining > 0 {
            if let Some(skip) = self.skip {
                let count = self.reader.skip(self.remaining, skip);
                self.position += count;
                self.remaining -= count;
                if self.remaining == 0 {
                    break;
                }
            }
            let count = self.fill()?.len();
            self.consume(count);
        }
        self.remaining = std::mem::take(&mut self.padding);
        while self.remaining > 0 {
            // A last member's padding may be missing.
            match self.fill().map(<[u8]>::len) {
                Ok(count) => self.consume(count),
                Err(error) if error.kind() == crate::ErrorKind::Truncated => {
                    self.remaining = 0;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A whole block; `None` where the archive ends before it.
    fn block(&mut self) -> Result<Option<[u8; 512]>, Error> {
        const SIZE: usize = BLOCK as usize;
        let position = self.position;
        let bytes = self.reader.fill(SIZE).map_err(|error| Error::from(error).at(position))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let Some(block) = bytes.first_chunk::<SIZE>().copied() else {
            return Err(Error::truncated("the archive ends inside a header").at(position));
        };
        self.reader.consume(SIZE);
        self.position += BLOCK;
        Ok(Some(block))
    }

    /// The map of a sparse file in GNU's old form, which goes on in blocks of its own.
    fn old_sparse(&mut self, header: &Header<'_>, extended: &mut Extended) -> Result<Sparse, Error> {
        let mut sparse = Sparse::default();
        let mut add = |header: &Header<'_>, at: usize, count: usize| -> Result<(), Error> {
            for pair in 0..count {
                let at = at + pair * 24;
                if header.0[at] == 0 {
                    break;
                }
                sparse.pieces.push((header.number(at, 12)?, header.number(at + 12, 12)?));
            }
            Ok(())
        };
        add(header, 386, 4)?;
        let mut more = header.0[482] != 0;
        while more {
            extended.bytes += BLOCK;
            within(extended.bytes, self.header_limit, Limit::Header, "bytes of extended header")?;
            let Some(block) = self.block()? else {
                return Err(Error::truncated("the archive ends inside a sparse file's map"));
            };
            add(&Header(&block), 0, 21)?;
            more = block[504] != 0;
        }
        Ok(sparse)
    }

    /// The map of a sparse file in GNU's form 1.0, which stands before the content: numbers, a line each, in blocks.
    fn sparse_map(&mut self, stored: &mut u64, sparse: &mut Sparse) -> Result<(), Error> {
        let mut numbers: Vec<u64> = Vec::new();
        let mut wanted = 1;
        let mut digits = String::new();
        let mut used = 0;
        while numbers.len() < wanted {
            within(used + BLOCK, self.header_limit, Limit::Header, "bytes of a sparse file's map")?;
            let block = self.content(BLOCK)?;
            if block.is_empty() {
                return Err(Error::corrupt("a sparse file's map has no end"));
            }
            used += block.len() as u64;
            for byte in block {
                match byte {
                    b'\n' if numbers.len() < wanted => {
                        let number = digits.parse().map_err(|_| Error::corrupt("a sparse file's map is no number"))?;
                        digits.clear();
                        numbers.push(number);
                        if let [count] = numbers[..] {
                            wanted = usize::try_from(count)
                                .ok()
                                .and_then(|count| count.checked_mul(2)?.checked_add(1))
                                .ok_or_else(|| Error::corrupt("a sparse file's map is too long"))?;
                        }
                    }
                    b'\n' => {}
                    _ if numbers.len() < wanted => {
                        if !byte.is_ascii_digit() || digits.len() > 20 {
                            return Err(Error::corrupt("a sparse file's map is no number"));
                        }
                        digits.push(char::from(byte));
                    }
                    _ => {}
                }
            }
        }
        sparse.pieces = numbers[1..].chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        *stored = stored.saturating_sub(used);
        Ok(())
    }
}

struct Header<'a>(&'a [u8; 512]);

impl Header<'_> {
    fn is_empty(&self) -> bool {
        self.0.iter().all(|&byte| byte == 0)
    }

    fn verify(&self) -> Result<(), Error> {
        let written = self.number(148, 8).map_err(|_| Error::corrupt("no tar header"))?;
        // The sum is taken with spaces in the place of itself; old tools added signed bytes.
        let bytes = || self.0.iter().enumerate().map(|(at, &b)| if (148..156).contains(&at) { b' ' } else { b });
        let unsigned: u64 = bytes().map(u64::from).sum();
        let signed: i64 = bytes().map(|byte| i64::from(byte.cast_signed())).sum();
        if written == unsigned || i64::try_from(written) == Ok(signed) {
            return Ok(());
        }
        Err(Error::corrupt("no tar header: its checksum is wrong"))
    }

    /// A number: octal digits, or in base 256 where the first bit is set.
    fn number(&self, at: usize, length: usize) -> Result<u64, Error> {
        let field = self.0.get(at..at + length).unwrap_or_default();
        let corrupt = || Error::corrupt("a number in a tar header is none");
        if let Some((&first, rest)) = field.split_first()
            && first & 0x80 != 0
        {
            // Negative numbers make no sense in any field that is read here.
            if first & 0x40 != 0 {
                return Err(corrupt());
            }
            return rest.iter().try_fold(u64::from(first & 0x3f), |number, &byte| {
                number.checked_mul(256).and_then(|number| number.checked_add(u64::from(byte))).ok_or_else(corrupt)
            });
        }
        let text = field.trim_ascii_start();
        let end = text.iter().position(|&byte| byte == 0 || byte == b' ').unwrap_or(text.len());
        text[..end].iter().try_fold(0_u64, |number, &byte| match byte {
            b'0'..=b'7' => number.checked_mul(8).map(|number| number + u64::from(byte - b'0')).ok_or_else(corrupt),
            _ => Err(corrupt()),
        })
    }

    fn text(&self, at: usize, length: usize) -> Vec<u8> {
        until_nul(self.0.get(at..at + length).unwrap_or_default())
    }

    fn member(&self, size: u64) -> Result<Member, Error> {
        let mut name = self.text(0, 100);
        // GNU's own form has other things where POSIX has the name's beginning.
        let is_posix = &self.0[257..263] == b"ustar\0";
        if is_posix {
            let length = if &self.0[508..512] == b"tar\0" { 131 } else { 155 };
            let prefix = self.text(345, length);
            if !prefix.is_empty() {
                name = [prefix.as_slice(), b"/", name.as_slice()].concat();
            }
        }
        let kind = match self.0[156] {
            0 | b'0' | b'7' | b'S' => MemberKind::File,
            b'1' => MemberKind::HardLink,
            b'2' => MemberKind::Symlink,
            b'3' => MemberKind::CharacterDevice,
            b'4' => MemberKind::BlockDevice,
            b'5' | b'D' => MemberKind::Directory,
            b'6' => MemberKind::Fifo,
            _ => MemberKind::Other,
        };
        Ok(Member {
            name,
            link: self.text(157, 100),
            kind,
            mode: (self.number(100, 8)? & 0o7777) as u32,
            uid: self.number(108, 8)?,
            gid: self.number(116, 8)?,
            size,
            stored: size,
            ..Member::default()
        })
    }
}

fn until_nul(field: &[u8]) -> Vec<u8> {
    field.split(|&byte| byte == 0).next().unwrap_or_default().to_vec()
}

fn padding(size: u64) -> u64 {
    (BLOCK - size % BLOCK) % BLOCK
}
