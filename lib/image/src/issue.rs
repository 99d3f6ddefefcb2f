/// Something in an image or its archive that makes it worth less trust: other readers may see another image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Issue {
    /// What it is.
    pub kind: IssueKind,
    /// The layer that it is in, from 0, the base first; absent where it is about the archive or the configuration.
    pub layer: Option<usize>,
    /// What it is about, as people see it: a blob, or a path in the layer.
    pub subject: String,
    /// One line for a person, lower case, no final dot.
    pub message: String,
}

/// What kind of issue it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum IssueKind {
    /// The content's hash or size is not the one that refers to it.
    DigestMismatch,
    /// manifest.json and index.json of one archive name different images.
    TwoReadings,
    /// The archive has several members of one name; the last one is read, as engines do.
    DuplicateMember,
    /// A JSON document has a key twice, or in two spellings that differ in case.
    AmbiguousKey,
    /// Bytes after the end of an archive or of compressed data, which other readers may take for content.
    TrailingData,
    /// The size in an extended header differs from that in the plain one.
    AmbiguousSize,
    /// A path that is absolute or leads out of the root with `..`; it is read as if `..` stopped at the root.
    UnsafePath,
    /// A hard link to a file that is not there, or was deleted.
    DanglingHardLink,
    /// A path that passes through a loop of links.
    LinkLoop,
    /// A file that should be read to judge the image and is too large for what its name says.
    Unread,
    /// A layer that the archive does not hold: it has to be fetched from elsewhere.
    AbsentLayer,
    /// A platform's image that the archive's index names but the archive does not hold.
    AbsentPlatform,
    /// History and layers do not fit together, so layers have no instructions.
    HistoryMismatch,
}
