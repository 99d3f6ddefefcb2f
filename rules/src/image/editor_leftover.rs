use crate::image_cx::ImageCx;
use crate::support::image_files::is_below;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags what editors, desktops and tools leave beside the files of a project: `.idea`, `.vscode`, `.DS_Store`, swap
    /// files, backups.
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
    /// What packages of `node_modules`, `site-packages` and `vendor` bring is theirs.
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
        let is_swap = name.len() > 5 && name.starts_with(b".") && (name.ends_with(b".swp") || name.ends_with(b".swo"));
        let (what, dockle) = match name {
            b".idea" | b".vscode" if is_folder => ("an editor's settings", true),
            b".vimrc" if is_file => ("an editor's settings", true),
            b".DS_Store" if is_file => ("a desktop's view of the folder", true),
            b"Thumbs.db" if is_file => ("a desktop's view of the folder", false),
            _ if is_file && is_swap => ("an editor's copy of a file that was open", false),
            b".bash_history" | b".zsh_history" | b".ash_history" | b".python_history" | b".mysql_history"
            | b".psql_history"
                if is_file && entry.size() > 0 =>
            {
                ("what somebody typed", false)
            }
            _ => continue,
        };
        let path = entry.path_bytes();
        let is_packaged = [&b"node_modules"[..], b"site-packages", b"dist-packages", b"vendor", b"gems"]
            .into_iter()
            .any(|folder| is_below(&path, folder));
        if is_packaged || path.starts_with(b"usr/share/") || path.starts_with(b"usr/lib/") {
            continue;
        }
        let place = cx.at_entry(entry);
        cx.report(place, what).only_aliases(|_| dockle);
    }
}
