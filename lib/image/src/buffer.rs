use std::io::{self, Read};

/// A reader's next bytes in one piece: like `BufReader`, but one can ask for a number of them.
pub(crate) struct Buffer<R> {
    reader: R,
    bytes: Box<[u8]>,
    start: usize,
    end: usize,
    at_end: bool,
    consumed: u64,
}

impl<R: Read> Buffer<R> {
    pub(crate) fn new(reader: R, capacity: usize) -> Self {
        Self { reader, bytes: vec![0; capacity].into(), start: 0, end: 0, at_end: false, consumed: 0 }
    }

    /// The bytes at hand: at least `wanted`, unless the input ends before or the buffer is smaller.
    pub(crate) fn fill(&mut self, wanted: usize) -> io::Result<&[u8]> {
        let wanted = wanted.min(self.bytes.len());
        if self.end - self.start < wanted && !self.at_end {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            while self.end < wanted && !self.at_end {
                match self.reader.read(&mut self.bytes[self.end..]) {
                    Ok(0) => self.at_end = true,
                    Ok(count) => self.end += count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(&self.bytes[self.start..self.end])
    }

    /// Goes on by so many of the bytes at hand.
    pub(crate) fn consume(&mut self, count: usize) {
        let count = count.min(self.end - self.start);
        self.start += count;
        self.consumed += count as u64;
    }

    /// How many bytes were gone over in all.
    pub(crate) fn consumed(&self) -> u64 {
        self.consumed
    }

    pub(crate) fn inner_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Goes on by so many bytes, past what is at hand with the reader's own way. Returns how far it went.
    pub(crate) fn skip(&mut self, count: u64, skip: fn(&mut R, u64) -> u64) -> u64 {
        let at_hand = count.min((self.end - self.start) as u64);
        self.consume(at_hand as usize);
        let beyond = if count > at_hand { skip(&mut self.reader, count - at_hand) } else { 0 };
        self.consumed += beyond;
        at_hand + beyond
    }

    pub(crate) fn into_inner(self) -> R {
        self.reader
    }
}

impl<R: Read> Read for Buffer<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.fill(1)?;
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> io::BufRead for Buffer<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.fill(1)
    }

    fn consume(&mut self, count: usize) {
        Self::consume(self, count);
    }
}
