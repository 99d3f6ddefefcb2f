use crate::image_cx::ImageCx;
use plimsoll_dockerfile::Keyword;

image_rule! {
    /// ## What it does
    /// Flags `VOLUME` on folders that belong to the system.
    ///
    /// ## Why is this bad?
    /// A volume there hides or keeps the system's own files: updates of the image do not arrive in it, and on `/proc`,
    /// `/sys` or `/dev` it takes the place of what the engine protects.
    ///
    /// ## Example
    /// ```image,finding
    /// config = { Volumes = { "/dev" = {} } }
    /// ```
    /// Use instead:
    /// ```image,clean
    /// config = { Volumes = { "/var/lib/app" = {} } }
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DKL-DI-0002"],
    check: check,
}

const SYSTEM: [&str; 14] = [
    "bin",
    "boot",
    "dev",
    "etc",
    "lib",
    "lib64",
    "proc",
    "root/.ssh",
    "run/docker.sock",
    "sbin",
    "sys",
    "usr",
    "var/run/docker.sock",
    "var/lib/docker",
];

fn check(cx: &mut ImageCx<'_>) {
    let Some(config) = cx.config() else { return };
    for volume in &config.volumes {
        let path = volume.trim_matches('/');
        // What applications bring under these folders is theirs.
        let is_below = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let is_system =
            path.is_empty() || SYSTEM.contains(&path) || ["dev", "proc", "sys", "boot"].into_iter().any(is_below);
        if is_system {
            let place = cx.at_config(&pointer("/config/Volumes", volume), &[Keyword::Volume]);
            let finding = cx.report(place, format!("volume on the system's folder `{volume}`"));
            finding.only_aliases(|_| ["/dev", "/proc", "/sys"].contains(&volume.as_str()));
        }
    }
}

/// The JSON pointer of a key.
fn pointer(object: &str, key: &str) -> String {
    format!("{object}/{}", key.replace('~', "~0").replace('/', "~1"))
}
