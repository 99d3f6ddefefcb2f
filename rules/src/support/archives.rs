//! What `ADD` does more than copy.

/// Whether `ADD` fetches the source: a URL or a git repository.
pub(crate) fn is_remote(source: &str) -> bool {
    let scheme = source.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "git" | "ssh" | "ftp")) || source.starts_with("git@")
}

/// Whether the name is one of an archive or of a compressed file, which `ADD` unpacks or a later command may.
pub(crate) fn is_archive(source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or(source);
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    matches!(
        extension,
        "tar"
            | "Z"
            | "bz2"
            | "gz"
            | "lz"
            | "lzma"
            | "tZ"
            | "tb2"
            | "tbz"
            | "tbz2"
            | "tgz"
            | "tlz"
            | "tpz"
            | "txz"
            | "xz"
            | "zst"
            | "tzst"
    )
}
