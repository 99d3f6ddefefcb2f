use crate::cache::Measured;
use crate::paths::{Paths, ROOT};
use crate::{Capabilities, Digest, Error, Issue, Package};
use plimsoll_secrets::Match;

/// What one layer holds, free of any context: the same bytes give the same facts, whatever image they are part of.
#[derive(Debug, Clone, Default)]
pub struct LayerFacts {
    /// The hash of the uncompressed bytes; absent where nobody asked for it.
    pub diff_id: Option<Digest>,
    /// The hash of the bytes as they are stored; absent where nobody asked for it.
    pub digest: Option<Digest>,
    /// The uncompressed size, in bytes.
    pub size: u64,
    /// The size as it is stored, in bytes.
    pub stored_size: u64,
    /// Whether the mark that ends an archive was there.
    pub is_marked_end: bool,
    /// What makes the layer worth less trust.
    pub issues: Vec<Issue>,
    /// Why reading stopped before the layer's end; the facts are those of what came before.
    pub stopped: Option<Error>,
    /// Whether bytes follow the compressed ones.
    pub(crate) has_stored_trailing: bool,
    /// What it took of the budget's entries.
    pub(crate) cost: u64,
    pub(crate) paths: Paths,
    pub(crate) records: Vec<Record>,
    // What few entries have stands beside them, by the record's number, rising.
    pub(crate) capabilities: Vec<(u32, Capabilities)>,
    pub(crate) texts: Vec<(u32, Box<[u8]>)>,
    pub(crate) hashes: Vec<(u32, ContentHashes)>,
    pub(crate) secrets: Vec<(u32, Match)>,
    pub(crate) packages: Vec<(u32, Package)>,
    /// Files that a package database in this layer lists with their hashes: sorted.
    pub(crate) owned: Vec<OwnedFile>,
}

impl LayerFacts {
    /// How many entries the layer has, whiteouts among them.
    pub fn entry_count(&self) -> usize {
        self.records.len()
    }

    /// Sets what depends on how the layer is stored.
    pub(crate) fn take_over(&mut self, measured: Measured) {
        let Measured { diff_id, digest, stored_size, has_stored_trailing } = measured;
        self.diff_id = diff_id;
        self.digest = digest;
        self.stored_size = stored_size;
        self.has_stored_trailing = has_stored_trailing;
    }

    pub(crate) fn has_whiteouts(&self) -> bool {
        self.records.iter().any(|record| matches!(record.kind, RecordKind::Whiteout | RecordKind::Opaque))
    }

    /// Whether it has the folders of a whole root file system.
    pub(crate) fn looks_like_root(&self) -> bool {
        let has = |name: &[u8]| {
            let is = |record: &Record| self.paths.parent(record.path) == ROOT && self.paths.name(record.path) == name;
            self.records.iter().any(is)
        };
        has(b".dockerenv") || (has(b"etc") && (has(b"usr") || has(b"bin")))
    }
}

/// One entry of a layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub(crate) size: u64,
    /// A fast hash of the content, 0 where there is none.
    pub(crate) content: u64,
    /// The path's node; of a whiteout, that of what it removes.
    pub(crate) path: u32,
    /// Of a hard link the target's node, of a symbolic one where its text is.
    pub(crate) link: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) mode: u16,
    pub(crate) kind: RecordKind,
    pub(crate) steps_down: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordKind {
    File,
    Directory,
    Symlink,
    HardLink,
    CharacterDevice,
    BlockDevice,
    Fifo,
    Other,
    /// Removes a path that lower layers have.
    Whiteout,
    /// Removes what lower layers have in a folder.
    Opaque,
}

/// The hashes that package databases keep, of a file in which a secret was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContentHashes {
    /// As in dpkg's md5sums.
    pub(crate) md5: [u8; 16],
    /// As in apk's database.
    pub(crate) sha1: [u8; 20],
    /// As in Python's RECORD.
    pub(crate) sha256: [u8; 32],
}

/// A file that a package owns: hashes of its path and the first bytes of its content's hash, whichever kind the
/// database uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OwnedFile {
    pub(crate) path: u64,
    pub(crate) content: [u8; 8],
}

/// The facts about one record in a list by rising record numbers.
pub(crate) fn facts_of<T>(list: &[(u32, T)], record: u32) -> &[(u32, T)] {
    let start = list.partition_point(|(of, _)| *of < record);
    let count = list[start..].partition_point(|(of, _)| *of == record);
    &list[start..start + count]
}
