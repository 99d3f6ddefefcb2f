use crate::{Error, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering};

/// What a scan accepts before it says that an input is too much. Every limit is an error with its name, never a
/// silent cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Entries of all layers of an input together, folders that are only implied by paths among them.
    pub entries: u64,
    /// Bytes of one layer, or of an archive, after decompression.
    pub bytes: u64,
    /// How many times larger than its compressed form a layer or archive may be, beyond [`Limits::FREE_BYTES`].
    pub ratio: u64,
    /// Bytes of one entry's extended headers.
    pub header: u64,
    /// Bytes of one JSON document; it may hold one value for each 16 bytes of the limit.
    pub json: u64,
    /// How deep indexes may nest.
    pub depth: u64,
    /// The window of a zstd frame, in bytes: a decoder keeps that much in memory. A frame that asks for more is read where
    /// it is no longer than that.
    pub zstd_window: u64,
}

impl Limits {
    /// So many bytes may come out of a decoder before the ratio counts: small things compress as they like.
    pub const FREE_BYTES: u64 = 256 << 20;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 2_000_000,
            bytes: 64 << 30,
            ratio: 200,
            header: 1 << 20,
            json: 4 << 20,
            depth: 8,
            zstd_window: 8 << 20,
        }
    }
}

/// One of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// [`Limits::entries`]
    Entries,
    /// [`Limits::bytes`]
    Bytes,
    /// [`Limits::ratio`]
    Ratio,
    /// [`Limits::header`]
    Header,
    /// [`Limits::json`]
    Json,
    /// [`Limits::depth`]
    Depth,
    /// [`Limits::zstd_window`]
    ZstdWindow,
}

impl Limit {
    /// The command line's flag that sets it.
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Entries => "--max-entries",
            Self::Bytes => "--max-bytes",
            Self::Ratio => "--max-ratio",
            Self::Header => "--max-header",
            Self::Json => "--max-json",
            Self::Depth => "--max-depth",
            Self::ZstdWindow => "--max-zstd-window",
        }
    }
}

/// What one input has used up of its limits, shared by the threads that read its layers.
#[derive(Debug)]
pub struct Budget {
    /// The limits.
    pub limits: Limits,
    entries: AtomicU64,
}

impl Budget {
    /// Nothing used yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, entries: AtomicU64::new(0) }
    }

    /// Takes some entries; they are not taken where that is too many.
    pub(crate) fn take_entries(&self, count: u64) -> Result<(), Error> {
        let before = self.entries.fetch_add(count, Ordering::Relaxed);
        within(before.saturating_add(count), self.limits.entries, Limit::Entries, "entries")
            .inspect_err(|_| self.give_back(count))
    }

    /// Gives entries back that are no longer in memory.
    pub(crate) fn give_back(&self, count: u64) {
        self.entries.fetch_sub(count, Ordering::Relaxed);
    }
}

/// An error where `value` is over `most`.
pub(crate) fn within(value: u64, most: u64, limit: Limit, what: &str) -> Result<(), Error> {
    if value <= most {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Limit(limit), format!("more than {most} {what}")))
}
