use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::mounts::mount_of;

host_rule! {
    /// ## What it does
    /// Flags engines whose data is on the host's own partition. Wherever `data-root` points, and for the containerd
    /// image store where containerd keeps its data.
    ///
    /// ## Why is this bad?
    /// Images and logs that fill the partition bring the host to a halt.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"DockerRootDir": "/var/lib/docker", "Driver": "overlay2"},
    ///   "mounts.txt": "25 1 8:1 / / rw - ext4 /dev/sda1 rw\n26 25 8:1 /var/lib/docker /var/lib/docker rw - ext4 /dev/sda1 rw\n" }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"DockerRootDir": "/srv/docker", "Driver": "overlay2"},
    ///   "mounts.txt": "25 1 8:1 / / rw - ext4 /dev/sda1 rw\n26 25 8:2 / /srv/docker rw - ext4 /dev/sdb1 rw\n" }
    /// ```
    ///
    /// ## Remediation
    /// Mount a partition at the folder, or move it with `data-root` in daemon.json.
    ///
    /// ## Notes
    /// The daemon mounts its folder onto itself, so a mount point alone says nothing: what counts is another device
    /// than that of the host's root.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["1.1.1", "CIS-1.1.0-1.1", "guide-1.2"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let info = cx.facts.info.known("engine")?;
    let mounts = cx.facts.mounts.known("list of mounts")?;
    let root = info.docker_root_dir.known("DockerRootDir")?;
    let mut folders = vec![without_mapping(root)];
    // The containerd image store keeps content there and not below the data root.
    let in_containerd = info
        .driver_status
        .value()
        .is_some_and(|status| status.iter().any(|(_, value)| value.starts_with("io.containerd.snapshotter")));
    if in_containerd {
        folders.push("/var/lib/containerd");
    }
    let Some(host) = mount_of(mounts, "/") else {
        return Err(plimsoll_host::Unknown::new("the list of mounts has no root"));
    };
    let mut shared = Vec::new();
    for folder in &folders {
        let mount = mount_of(mounts, &cx.facts.files.real(folder)).unwrap_or(host);
        if mount.device == host.device {
            shared.push(*folder);
        }
    }
    Ok(if shared.is_empty() {
        Verdict::pass(format!("{} is on a device of its own", folders.join(" and ")))
    } else {
        Verdict::fail(format!("{} is on the device of / ({})", shared.join(" and "), host.source))
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
