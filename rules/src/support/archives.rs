//! What `ADD` does more than copy, and the archives that it unpacks.

use plimsoll_shell::Command;

/// Whether `ADD` fetches the source: a URL or a git repository. Builders know these schemes, in small letters, and take
/// any other for the name of a file.
pub(crate) fn is_remote(source: &str) -> bool {
    let scheme = source.split_once("://").map(|(scheme, _)| scheme);
    matches!(scheme, Some("http" | "https" | "git" | "ssh")) || source.starts_with("git@")
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

/// Whether the name is one of a tar archive, compressed or not: what `ADD` unpacks.
pub(crate) fn is_tar(name: &str) -> bool {
    let mut extensions = name.rsplit('.');
    match extensions.next() {
        Some("tar" | "tb2" | "tbz" | "tbz2" | "tgz" | "tlz" | "tpz" | "txz" | "tZ" | "tzst") => true,
        _ => extensions.next() == Some("tar"),
    }
}

/// Whether the command unpacks the archives that it is given.
pub(crate) fn unpacks(command: &Command<'_>) -> bool {
    match &*command.name.text {
        // The old form has no dash: `tar xzf a.tgz`.
        "tar" | "bsdtar" => {
            command.short('x').is_some()
                || command.long("extract").is_some()
                || command.long("get").is_some()
                || command.args.first().is_some_and(|first| !first.text.starts_with('-') && first.text.contains('x'))
        }
        "unzip" | "gunzip" | "bunzip2" | "unlzma" | "unxz" | "zgz" | "uncompress" | "zcat" | "gzcat" => true,
        _ => false,
    }
}
