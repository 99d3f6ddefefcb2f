use crate::image_cx::ImageCx;
use crate::support::image_files::is_below;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags Dockerfiles and compose files in the image.
    ///
    /// ## Why is this bad?
    /// They tell how and where the service runs, sometimes with passwords, and the container has no use for them. They
    /// came along with a `COPY .`: list them in `.dockerignore`.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "COPY . /srv", files = ["644 0:0 srv/Dockerfile x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY . /srv", files = ["644 0:0 srv/app.py x"] }]
    /// ```
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DKL-LI-0003"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for entry in cx.image.present().filter(|entry| entry.kind() == Kind::File) {
        let (what, dockle) = match entry.name() {
            b"Dockerfile" => ("a Dockerfile", true),
            b"Containerfile" => ("a Dockerfile", false),
            b"docker-compose.yml" => ("a compose file", true),
            b"docker-compose.yaml" | b"compose.yaml" | b"compose.yml" => ("a compose file", false),
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
