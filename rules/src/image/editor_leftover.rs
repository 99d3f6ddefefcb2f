use crate::image_cx::ImageCx;
use crate::support::image_files::is_below;
use plimsoll_image::{Entry, Kind};

image_rule! {
    /// ## What it does
    /// Flags what editors, desktops and tools leave beside the files of a project: `.idea`, `.vscode`, `.DS_Store`, swap
    /// files, backups (`app.py~`, `#app.py#`, `app.py.orig`), histories of shells and clients.
    ///
    /// ## Why is this bad?
    /// They came along with a `COPY .`, and hold paths, names and pieces of text that nobody meant to publish.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "COPY . /srv", files = ["644 0:0 srv/.app.py.swp x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY . /srv", files = ["644 0:0 srv/app.py x"] }]
    /// ```
    ///
    /// ## Notes
    /// What packages bring is theirs: those that the image's package database lists, and what lies in `node_modules`,
    /// `site-packages` and `vendor`. Originals that stand in `/etc` were kept on purpose.
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DKL-LI-0003"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for entry in cx.image.present() {
        let name = entry.name();
        let is_file = matches!(entry.kind(), Kind::File);
        let is_folder = entry.kind() == Kind::Directory;
        let (what, dockle) = match name {
            b".idea" | b".vscode" if is_folder => ("an editor's settings", true),
            b".vimrc" if is_file => ("an editor's settings", true),
            b".DS_Store" if is_file => ("a desktop's view of the folder", true),
            b"Thumbs.db" if is_file => ("a desktop's view of the folder", false),
            b".bash_history"
            | b".zsh_history"
            | b".ash_history"
            | b".python_history"
            | b".mysql_history"
            | b".psql_history"
            | b".sqlite_history"
            | b".rediscli_history"
            | b".node_repl_history"
            | b".irb_history"
            | b".lesshst"
            | b".viminfo"
                if is_file && entry.size() > 0 =>
            {
                ("what somebody typed", false)
            }
            _ if is_file && is_open_copy(name) => ("an editor's copy of a file that was open", false),
            // Emacs says in a link's target who has the file open.
            _ if entry.kind() == Kind::Symlink && is_lock(entry) => ("an editor's lock of a file", false),
            _ if is_file && is_backup(name) => ("what a file was before it was changed", false),
            _ => continue,
        };
        let path = entry.path_bytes();
        let is_packaged = [&b"node_modules"[..], b"site-packages", b"dist-packages", b"vendor", b"gems"]
            .into_iter()
            .any(|folder| is_below(&path, folder));
        let is_system =
            [&b"usr/share/"[..], b"usr/lib/", b"var/lib/", b"var/cache/"].iter().any(|of| path.starts_with(of));
        let is_kept = path.starts_with(b"etc/") && name.ends_with(b".orig");
        if is_packaged || is_system || is_kept || entry.is_package_path() {
            continue;
        }
        let place = cx.at_entry(entry);
        cx.report(place, what).only_aliases(|_| dockle);
    }
}

/// `.app.py.swp` of vim, `#app.py#` of Emacs.
fn is_open_copy(name: &[u8]) -> bool {
    let is_swap = name.len() > 5 && name.starts_with(b".") && (name.ends_with(b".swp") || name.ends_with(b".swo"));
    is_swap || name.len() > 2 && name.starts_with(b"#") && name.ends_with(b"#")
}

/// `.#app.py`, which leads to `user@host.process`.
fn is_lock(entry: Entry<'_>) -> bool {
    let is_user = |target: Vec<u8>| target.contains(&b'@') && !target.contains(&b'/');
    entry.name().starts_with(b".#") && entry.target().is_some_and(is_user)
}

/// `app.py~`, `app.py.orig`.
fn is_backup(name: &[u8]) -> bool {
    let of = |end: &[u8]| name.len() > end.len() && name.ends_with(end);
    of(b"~") || of(b".orig")
}
