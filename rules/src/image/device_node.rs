use crate::image_cx::ImageCx;
use crate::support::image_files::split;
use plimsoll_engine::Severity;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags device nodes in layers, except the harmless ones that root file systems have in `/dev`.
    ///
    /// ## Why is this bad?
    /// The engine makes `/dev` itself. A node for a disk or for memory waits for a container that may use it, and
    /// outside of `/dev` it is hidden there.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "RUN mknod /srv/disk b 8 0", files = ["b660 0:6 srv/disk"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "ADD rootfs.tar /", files = ["c666 0:0 dev/null"] }]
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

/// What bootstrapping tools put into `/dev`.
const HARMLESS: [&[u8]; 9] = [b"console", b"full", b"null", b"ptmx", b"random", b"tty", b"urandom", b"zero", b"tty0"];

fn check(cx: &mut ImageCx<'_>) {
    for entry in cx.image.entries() {
        if !matches!(entry.kind(), Kind::CharacterDevice | Kind::BlockDevice) {
            continue;
        }
        let path = entry.path_bytes();
        let (folder, name) = split(&path);
        if folder == b"dev" && entry.kind() == Kind::CharacterDevice && HARMLESS.contains(&name) {
            continue;
        }
        let kind = if entry.kind() == Kind::BlockDevice { "block" } else { "character" };
        let place = cx.at_entry(entry);
        let finding = cx.report(place, format!("a {kind} device node"));
        if !path.starts_with(b"dev/") {
            finding.severity(Severity::Error);
        }
    }
}
