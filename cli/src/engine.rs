//! Images as the local engine exports them: read-only, over its socket.

use std::io::Read;
use std::path::Path;

/// Asks the engine for an image by its name: what `docker save NAME` would write.
#[cfg(all(feature = "live", unix))]
pub(crate) fn export(name: &Path) -> Result<Box<dyn Read>, String> {
    use plimsoll::host::live::export;
    use std::io::ErrorKind;
    use std::time::Duration;

    /// How long the engine may say nothing.
    const PATIENCE: Duration = Duration::from_mins(2);
    let missing = "no such file or folder";
    let Some(name) = name.to_str().filter(|name| is_reference(name)) else { return Err(missing.to_owned()) };
    let mut refusals = Vec::new();
    for endpoint in crate::live::endpoints(Path::new("/"))? {
        match export(&endpoint, name, PATIENCE) {
            Ok(stream) => return Ok(Box::new(stream)),
            // Where nothing listens the system says so itself.
            Err(error) if error.kind() == ErrorKind::NotFound && error.get_ref().is_none() => {}
            Err(error) => refusals.push(format!("{endpoint}: {error}")),
        }
    }
    let message = if refusals.is_empty() { "no engine listens here".to_owned() } else { refusals.join(", ") };
    Err(format!("{missing}; as an image's name: {message}"))
}

#[cfg(not(all(feature = "live", unix)))]
pub(crate) fn export(_: &Path) -> Result<Box<dyn Read>, String> {
    Err("no such file or folder; this program was built without the feature `live`, which asks engines".to_owned())
}

/// Whether a text can be an image's name or id. Paths that begin with `/` or `.` and the names of archives are none.
#[cfg(all(feature = "live", unix))]
fn is_reference(name: &str) -> bool {
    let is_path = name.starts_with(['/', '.', '-']) || name.ends_with('/') || name.contains("//");
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_archive = matches!(ending, "tar" | "tgz" | "gz" | "zst" | "zstd" | "tzst" | "oci");
    !name.is_empty()
        && !is_path
        && !is_archive
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte))
}

#[cfg(all(test, feature = "live", unix))]
mod tests {
    use super::is_reference;

    #[test]
    fn references() {
        for name in ["app", "app:1.2", "localhost:5000/team/app@sha256:00", "sha256:00", "0123456789ab"] {
            assert!(is_reference(name), "{name}");
        }
        for path in ["", "/app", "./app", "../app", "app.tar", "app.tar.gz", "a b", "app?x=1", "-app", "app/", "é"] {
            assert!(!is_reference(path), "{path}");
        }
    }
}
