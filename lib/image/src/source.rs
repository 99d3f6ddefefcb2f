use std::io::{self, Read};

/// Bytes that can be read at any offset, from several threads at once: a file, or bytes in memory.
pub trait ReadAt: Send + Sync {
    /// Reads some bytes from `offset` on, 0 only at the end or for an empty buffer.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// How many bytes there are.
    fn size(&self) -> u64;
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn size(&self) -> u64 {
        self.len() as u64
    }
}

impl<T: ReadAt + ?Sized> ReadAt for std::sync::Arc<T> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        (**self).read_at(buffer, offset)
    }

    fn size(&self) -> u64 {
        (**self).size()
    }
}

/// A folder of regular files, such as an OCI layout that is not in an archive.
pub trait Folder: Send + Sync {
    /// Opens the regular file at a path below the folder, which has `/` between its parts and no `.` or `..` among
    /// them. `None` where there is no such file. Links are not followed.
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadAt>>>;
}

/// A range of a source, read from its start to its end.
#[derive(Clone)]
pub(crate) struct Section<'a> {
    source: &'a dyn ReadAt,
    offset: u64,
    end: u64,
}

impl<'a> Section<'a> {
    pub(crate) fn new(source: &'a dyn ReadAt, offset: u64, size: u64) -> Self {
        Self { source, offset, end: offset.saturating_add(size) }
    }

    pub(crate) fn len(&self) -> u64 {
        self.end - self.offset
    }

    /// Goes on without reading, at most to the source's end; returns how far it went.
    pub(crate) fn skip(&mut self, count: u64) -> u64 {
        let count = count.min(self.len()).min(self.source.size().saturating_sub(self.offset));
        self.offset += count;
        count
    }
}

impl Read for Section<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.len()).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let count = loop {
            match self.source.read_at(&mut buffer[..most], self.offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.offset += count as u64;
        Ok(count)
    }
}
