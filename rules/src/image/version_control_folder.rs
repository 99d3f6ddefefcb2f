use crate::image_cx::ImageCx;
use crate::support::image_files::is_below;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags repositories of version control in any layer: folders `.git`, `.hg`, `.svn`.
    ///
    /// ## Why is this bad?
    /// Such a folder holds everything that was ever committed, deleted secrets too, and often the login of the server.
    /// It came along with a `COPY .`: list it in `.dockerignore`.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "COPY . /srv", files = ["755 0:0 srv/.git/", "644 0:0 srv/.git/HEAD x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY . /srv", files = ["644 0:0 srv/.gitignore x"] }]
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["DKL-LI-0003"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for entry in cx.image.entries() {
        // The file by which each kind of repository is known.
        let folder: &[u8] = match entry.name() {
            b"HEAD" => b".git",
            b"wc.db" => b".svn",
            b"requires" => b".hg",
            _ => continue,
        };
        let path = entry.path_bytes();
        let parent = path.strip_suffix(entry.name()).and_then(|parent| parent.strip_suffix(b"/")).unwrap_or_default();
        let is_it = entry.kind() == Kind::File && (parent == folder || parent.ends_with(&[b"/", folder].concat()));
        if !is_it {
            continue;
        }
        let mut place = cx.at_entry(entry);
        place.file = place.file.and_then(|file| file.rsplit_once('/').map(|(folder, _)| folder.to_owned()));
        let is_vendored = is_below(&path, b"node_modules") || is_below(&path, b"vendor");
        let finding =
            cx.report(place, format!("a repository, `{}`, with all of its history", String::from_utf8_lossy(folder)));
        finding.only_aliases(|_| folder == b".git" && !is_vendored);
    }
}
