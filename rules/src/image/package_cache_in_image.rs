use crate::image_cx::ImageCx;
use plimsoll_engine::Finding;
use plimsoll_image::{Entry, Kind, State};
use std::collections::BTreeMap;

image_rule! {
    /// ## What it does
    /// Flags what package managers keep for the next time: lists of mirrors, downloaded packages, caches of pip, npm and
    /// yarn. Also where a later layer deletes it, because its bytes are stored then all the same.
    ///
    /// ## Why is this bad?
    /// Nothing in the container uses it, and it is stored, sent and unpacked with every image. Delete it in the `RUN`
    /// that made it, or let a `--mount=type=cache` hold it.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "RUN apt-get update && apt-get install -y curl", files = ["644 0:0 var/lib/apt/lists/deb_InRelease {2000000}"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*", files = ["644 0:0 var/lib/apt/lists/lock {0}"] }]
    /// ```
    ///
    /// ## Notes
    /// One finding for each cache and layer, from one megabyte on. What the base image brings counts too: a flat root
    /// file system does not tell whose it is.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DKL-DI-0004", "DKL-DI-0005"],
    check: check,
}

/// Folders below which all is cache, and whose it is.
const FOLDERS: [(&str, &str); 10] = [
    ("var/lib/apt/lists/", "apt"),
    ("var/cache/apt/", "apt"),
    ("var/cache/apk/", "apk"),
    ("etc/apk/cache/", "apk"),
    ("var/cache/dnf/", "dnf"),
    ("var/cache/libdnf5/", "dnf"),
    ("var/cache/yum/", "yum"),
    ("var/cache/zypp/", "zypper"),
    ("var/cache/pacman/pkg/", "pacman"),
    ("opt/conda/pkgs/", "conda"),
];

/// The same below any home folder or the like.
const IN_HOMES: [(&str, &str); 14] = [
    (".cache/pip/", "pip"),
    (".cache/uv/", "uv"),
    (".cache/pypoetry/", "poetry"),
    (".cache/yarn/", "yarn"),
    (".cache/go-build/", "go"),
    (".cache/composer/", "composer"),
    (".composer/cache/", "composer"),
    (".npm/_cacache/", "npm"),
    (".bun/install/cache/", "bun"),
    (".gradle/caches/", "gradle"),
    (".cargo/registry/", "cargo"),
    ("cargo/registry/cache/", "cargo"),
    ("cargo/registry/src/", "cargo"),
    ("go/pkg/mod/cache/", "go"),
];

/// Less is not worth a word.
const LEAST: u64 = 1_000_000;

fn check(cx: &mut ImageCx<'_>) {
    let mut caches: BTreeMap<(usize, Vec<u8>), (u64, Entry<'_>, &str)> = BTreeMap::new();
    for entry in cx.image.entries().filter(|entry| entry.kind() == Kind::File && entry.size() > 0) {
        let path = entry.path_bytes();
        let Some((folder, manager)) = cache(&path) else { continue };
        let (bytes, ..) = caches.entry((entry.layer(), folder.to_vec())).or_insert((0, entry, manager));
        *bytes = bytes.saturating_add(entry.size());
    }
    for ((_, folder), (bytes, first, manager)) in caches.into_iter().filter(|(_, (bytes, ..))| *bytes >= LEAST) {
        let mut place = cx.at_entry(first);
        place.file = Some(String::from_utf8_lossy(&folder).trim_end_matches('/').to_owned());
        let is_kept = first.state() == State::Present;
        let left = if is_kept { "left in the image" } else { "deleted too late" };
        let finding =
            cx.report(place, format!("{manager}'s cache {left}: {}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10));
        aliases(finding, manager);
    }
}

/// The cache in which a path is, with its folder.
fn cache(path: &[u8]) -> Option<(&[u8], &'static str)> {
    let at = |start: usize, folders: &'static [(&str, &str)]| {
        let found = folders.iter().find(|(folder, _)| path[start..].starts_with(folder.as_bytes()))?;
        Some((&path[..start + found.0.len()], found.1))
    };
    if let Some(found) = at(0, &FOLDERS) {
        return Some(found);
    }
    let mut start = 0;
    for part in path.split(|&byte| byte == b'/') {
        if part.starts_with(b".") || matches!(part, b"cargo" | b"go") {
            let found = at(start, &IN_HOMES);
            if found.is_some() {
                return found;
            }
        }
        start += part.len() + 1;
    }
    None
}

fn aliases(finding: &mut Finding, manager: &str) {
    finding.only_aliases(|alias| match alias {
        "DKL-DI-0004" => manager == "apk",
        _ => manager == "apt",
    });
}
