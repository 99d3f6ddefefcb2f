//! Where the engine keeps images, containers and volumes.

use crate::host_rule::Cx;
use plimsoll_host::paths::normal;
use plimsoll_host::{Info, Unknown};

/// The folders: the data root, and with the containerd image store the one where containerd keeps content.
pub(crate) fn folders(cx: &Cx<'_>) -> Result<Vec<String>, Unknown> {
    let info = cx.facts.info.known("engine")?;
    let root = info.docker_root_dir.known("DockerRootDir")?;
    let mut folders = vec![without_mapping(root).to_owned()];
    if stores_in_containerd(info) && !runs_its_own_containerd(info) {
        folders.push("/var/lib/containerd".to_owned());
    }
    Ok(folders)
}

fn stores_in_containerd(info: &Info) -> bool {
    let status = info.driver_status.value().map_or(&[][..], Vec::as_slice);
    status.iter().any(|(_, value)| value.starts_with("io.containerd.snapshotter"))
}

/// Without a containerd of the system dockerd starts one, whose data are below its own.
fn runs_its_own_containerd(info: &Info) -> bool {
    let address = info.containerd.value().and_then(|containerd| containerd.address.value());
    address.is_some_and(|address| {
        let address = normal(address);
        let place = address.strip_prefix("/var").unwrap_or(&address);
        place.ends_with("/containerd/containerd.sock") && place != "/run/containerd/containerd.sock"
    })
}

/// The data root without the folder for mapped users: `/var/lib/docker/100000.100000`.
fn without_mapping(root: &str) -> &str {
    let Some((parent, last)) = root.rsplit_once('/') else { return root };
    let mapped = last.split_once('.').is_some_and(|(uid, gid)| {
        [uid, gid].iter().all(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    if mapped { parent } else { root }
}
