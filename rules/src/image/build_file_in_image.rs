use crate::image_cx::ImageCx;
use crate::support::image_files::is_below;
use plimsoll_compose::is_compose_name;
use plimsoll_dockerfile::is_dockerfile_name;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags Dockerfiles and compose files in the image, by the names by which `plimsoll lint` finds them in a folder.
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
        let Ok(name) = std::str::from_utf8(entry.name()) else { continue };
        let what = match name {
            _ if is_dockerfile_name(name) => "a Dockerfile",
            _ if is_compose_name(name) => "a compose file",
            _ => continue,
        };
        let path = entry.path_bytes();
        let is_packaged = [&b"node_modules"[..], b"site-packages", b"dist-packages", b"vendor", b"gems"]
            .into_iter()
            .any(|folder| is_below(&path, folder));
        let is_system = path.starts_with(b"usr/share/") || path.starts_with(b"usr/lib/");
        if is_packaged || is_system || entry.is_package_path() {
            continue;
        }
        // dockle knows two names.
        let dockle = matches!(name, "Dockerfile" | "docker-compose.yml");
        let place = cx.at_entry(entry);
        cx.report(place, what).only_aliases(|_| dockle);
    }
}
