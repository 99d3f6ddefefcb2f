use std::collections::BTreeMap;

/// The files of a bundle: what a host told, as texts by name. All of them are optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Contents by file name.
    pub files: BTreeMap<String, String>,
    /// Files that are there and could not be read, with the reason.
    pub unreadable: BTreeMap<String, String>,
}

impl Bundle {
    /// Every file that a bundle may have.
    pub const FILES: [&'static str; 27] = [
        "meta.json",
        "info.json",
        "version.json",
        "containers.json",
        "images.json",
        "networks.json",
        "volumes.json",
        "plugins.json",
        "swarm.json",
        "services.json",
        "nodes.json",
        "secrets.json",
        "top.json",
        "daemon.json",
        "dockerd.args.json",
        "files.json",
        "mounts.txt",
        "audit.rules",
        "audit.disk.rules",
        "group",
        "passwd",
        "environment",
        "cgroup.txt",
        "lsm.txt",
        "sysctl.txt",
        "sockets.txt",
        "units.json",
    ];
}
