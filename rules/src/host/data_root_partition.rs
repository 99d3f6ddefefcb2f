use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::engine_data;
use plimsoll_host::Unknown;
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
    let mounts = cx.facts.mounts.known("list of mounts")?;
    let folders = engine_data::folders(cx)?;
    let mut shared = Vec::new();
    for folder in &folders {
        let real = cx.facts.files.real(folder);
        let parent = real.rsplit_once('/').map_or("/", |(parent, _)| if parent.is_empty() { "/" } else { parent });
        let (Some(own), Some(around)) = (mount_of(mounts, &real), mount_of(mounts, parent)) else {
            return Err(Unknown::new("the list of mounts has no root"));
        };
        // dockerd mounts its folder onto itself: that it is a mount point says nothing, what it is on does.
        if own.device == around.device {
            shared.push(format!("{folder} is on the device of {} ({})", around.point, around.source));
        }
    }
    Ok(if shared.is_empty() {
        Verdict::pass(format!("{} is on a device of its own", folders.join(" and ")))
    } else {
        Verdict::fail(shared.join("; "))
    })
}
