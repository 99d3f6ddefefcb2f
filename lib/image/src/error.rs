use crate::Limit;
use std::fmt;

/// Why an input, or a part of it, could not be read. Everything else in the input still was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    blob: Option<String>,
    offset: Option<u64>,
    message: String,
}

/// What kind of trouble it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The operating system refused.
    Io,
    /// No form of image that is known.
    NotAnImage,
    /// The bytes end before they should.
    Truncated,
    /// The bytes break the rules of their format.
    Corrupt,
    /// A form or coding that is not read.
    Unsupported,
    /// Something that is referred to is not there.
    Missing,
    /// More than a limit allows.
    Limit(Limit),
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, blob: None, offset: None, message: message.into() }
    }

    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Corrupt, message)
    }

    pub(crate) fn truncated(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Truncated, message)
    }

    /// Names the blob, unless one is named already.
    #[must_use]
    pub(crate) fn in_blob(mut self, blob: &str) -> Self {
        self.blob.get_or_insert_with(|| crate::paths::shown(blob.as_bytes()));
        self
    }

    /// Names the place, unless one is named already.
    #[must_use]
    pub(crate) fn at(mut self, offset: u64) -> Self {
        self.offset.get_or_insert(offset);
        self
    }

    /// What kind of trouble it was.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The blob or member of the archive that it is about.
    pub fn blob(&self) -> Option<&str> {
        self.blob.as_deref()
    }

    /// Where in that blob, in bytes; after decompression where it is compressed.
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(blob) = self.blob.as_ref().filter(|blob| !blob.is_empty()) {
            write!(f, "{blob}: ")?;
        }
        write!(f, "{}", self.message)?;
        if let Some(offset) = self.offset {
            write!(f, " (at byte {offset})")?;
        }
        if let ErrorKind::Limit(limit) = self.kind {
            write!(f, "; raise the limit with {}", limit.flag())?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        // Our own decoders speak through `io::Error`, because they are readers.
        match error.downcast::<Self>() {
            Ok(own) => own,
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Self::truncated("the data end early"),
            Err(error) => Self::new(ErrorKind::Io, error.to_string()),
        }
    }
}

impl From<Error> for std::io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}
