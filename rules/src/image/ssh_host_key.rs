use crate::image_cx::ImageCx;
use crate::support::image_files::split;
use plimsoll_image::Kind;

image_rule! {
    /// ## What it does
    /// Flags private host keys of an SSH server, in any layer.
    ///
    /// ## Why is this bad?
    /// Every container of the image shows the same key, and everybody who has the image has it too and can pass for the
    /// server. Packages make the keys when they are installed: delete them in the same `RUN`, and make new ones when
    /// the container starts.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "RUN apt-get install openssh-server", files = ["600 0:0 etc/ssh/ssh_host_rsa_key x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "RUN ssh-keygen -y", files = ["644 0:0 etc/ssh/ssh_host_rsa_key.pub x"] }]
    /// ```
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.10"],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for entry in cx.image.entries() {
        let name = entry.name();
        let is_key = name.starts_with(b"ssh_host_") && name.ends_with(b"_key")
            || name.starts_with(b"dropbear_") && name.ends_with(b"_host_key");
        if !is_key || entry.kind() != Kind::File || entry.size() == 0 {
            continue;
        }
        let path = entry.path_bytes();
        let (folder, _) = split(&path);
        if folder == b"etc/ssh" || folder == b"etc/dropbear" {
            let place = cx.at_entry(entry);
            cx.report(place, "an SSH server's private host key, the same in every container");
        }
    }
}
