//! Folders and files of the host in containers.

use crate::host_rule::Cx;
use plimsoll_host::paths::normal;
use plimsoll_host::{Container, Mount, Unknown};
use std::collections::BTreeMap;
use std::fmt;

/// A folder or file of the host in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HostMount {
    /// Its position among the container's mounts.
    pub(crate) at: usize,
    /// The path as it was given.
    pub(crate) source: String,
    /// The path once links are followed, as far as that is known.
    pub(crate) real: String,
    /// Where it is in the container.
    pub(crate) destination: String,
    /// Whether the container can write there.
    pub(crate) writable: bool,
}

impl fmt::Display for HostMount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if self.real != normal(&self.source) {
            write!(f, " (that is {})", self.real)?;
        }
        write!(f, " at {}, {}", self.destination, if self.writable { "writable" } else { "read-only" })
    }
}

/// What a container sees of the host.
#[derive(Debug, Default)]
pub(crate) struct HostMounts {
    /// Bind mounts, and volumes of the local driver that stand for a folder.
    pub(crate) found: Vec<HostMount>,
    /// Why there may be others.
    pub(crate) unknown: Option<Unknown>,
}

/// What a container sees of the host.
pub(crate) fn host_mounts(cx: &Cx<'_>, container: &Container) -> Result<HostMounts, Unknown> {
    let mut mounts = HostMounts::default();
    for (at, mount) in container.mounts()?.iter().enumerate() {
        match host_mount(cx, at, mount) {
            Ok(found) => mounts.found.extend(found),
            Err(why) => mounts.unknown = Some(why),
        }
    }
    Ok(mounts)
}

fn host_mount(cx: &Cx<'_>, at: usize, mount: &Mount) -> Result<Option<HostMount>, Unknown> {
    let kind = mount.kind.known("Mounts[].Type")?;
    let source = match kind.as_str() {
        "bind" => Some(mount.source.known("Mounts[].Source")?.clone()),
        "volume" => device_of(cx, mount.name.known("Mounts[].Name")?)?,
        _ => None,
    };
    // A Compose file names folders by their place beside it: where that is nobody knows.
    let Some(source) = source.filter(|source| source.starts_with('/')) else { return Ok(None) };
    Ok(Some(HostMount {
        at,
        real: cx.facts.files.real(&source),
        source,
        destination: mount.destination.text("Mounts[].Destination")?.to_owned(),
        writable: *mount.rw.known("Mounts[].RW")?,
    }))
}

/// The folder that a volume of the local driver with `o=bind` stands for.
fn device_of(cx: &Cx<'_>, name: &str) -> Result<Option<String>, Unknown> {
    let Some(volume) = cx.facts.volume(name) else {
        // Nobody gives options to a volume that the engine named itself.
        if name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(None);
        }
        cx.facts.volumes.optional()?;
        return Err(Unknown::new(format!("the volume {name} is not among those that were read")));
    };
    let options = volume.options.known("Options of a volume")?;
    Ok(bound_folder(options))
}

/// The folder that options of the local driver bind: `o=bind,device=/...`.
pub(crate) fn bound_folder(options: &BTreeMap<String, String>) -> Option<String> {
    let is_bind = options.get("o").is_some_and(|o| o.split(',').any(|word| matches!(word, "bind" | "rbind")));
    options.get("device").filter(|device| is_bind && device.starts_with('/')).cloned()
}
