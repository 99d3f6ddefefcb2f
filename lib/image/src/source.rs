use std::io::{self, Read};

/// Bytes that can be read at any offset, from several threads at once: a file, or bytes in memory.
pub trait ReadAt: Send + Sync {
    /// Reads some bytes from `offset` on, 0 only at the end or for an empty buffer.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// How many bytes there are.
    fn size(&self) -> u64;

    /// What tells these bytes from any others that the file may get; `None`, as by default, where nothing does.
    fn stamp(&self) -> Option<Stamp> {
        None
    }
}

/// What the file system says of a file, by which it is known again without being read. All of it as `stat` gives it,
/// times in seconds and nanoseconds.
///
/// Who may write to a file can set its time of modification at will, but not that of its last change. Times are coarse:
/// a file that was changed a moment ago can change again without a trace, and has no stamp yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The device.
    pub device: u64,
    /// The file on that device.
    pub inode: u64,
    /// Bytes.
    pub size: u64,
    /// When the content was modified.
    pub modified: (i64, i64),
    /// When content or metadata were changed.
    pub changed: (i64, i64),
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

    fn stamp(&self) -> Option<Stamp> {
        (**self).stamp()
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

    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    pub(crate) fn stamp(&self) -> Option<Stamp> {
        self.source.stamp()
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
