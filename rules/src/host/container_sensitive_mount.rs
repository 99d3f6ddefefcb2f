use super::container_devices::is_grave;
use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use crate::support::engine_sockets::is_socket;
use crate::support::host_mounts::{HostMount, host_mounts};
use plimsoll_engine::Severity;
use plimsoll_host::paths::is_in;
use plimsoll_host::{Container, Fact};

host_rule! {
    /// ## What it does
    /// Flags containers that see system folders of the host: `/`, `/boot`, `/dev`, `/etc`, `/lib`, `/proc`, `/root`,
    /// `/run`, `/sys`, `/usr`, `/var` and the engine's own data, or something in them.
    ///
    /// ## Why is this bad?
    /// Who can write there controls the host; who can read there finds its keys, passwords and the secrets of other
    /// containers.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "Mounts": [{"Type": "bind", "Source": "/etc/ssh", "Destination": "/keys", "RW": false}]}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "Mounts": [{"Type": "volume", "Name": "data", "Source": "/var/lib/docker/volumes/data/_data", "Destination": "/data", "RW": true}]}],
    ///   "volumes.json": {"Volumes": [{"Name": "data", "Driver": "local", "Options": null}]} }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     volumes:
    ///       - /etc/ssh:/keys:ro
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     volumes:
    ///       - ./data:/data
    ///       - /etc/localtime:/etc/localtime:ro
    /// ```
    ///
    /// ## Remediation
    /// Give the container a volume, or a folder that holds nothing else. Secrets and configuration files belong in
    /// `--secret`, in configs, or in a folder of their own.
    ///
    /// ## Notes
    /// Folders that can be written are errors, those that can only be read warnings. In Compose files the recommended
    /// preset leaves out what is a program's own below a system folder (`/etc/pihole`, `/etc/letsencrypt`), devices that
    /// hold no files of the host, and what monitors and inits read (`/etc/passwd`, `/sys/fs/cgroup`). Links are followed where the
    /// bundle says where they lead, and volumes of the local driver that stand for a folder of the host count as that
    /// folder. A few single files that every container may see do not count: `/etc/localtime`, `/etc/timezone`,
    /// `/usr/share/zoneinfo`, `/dev/log`, `/dev/null` and their like. An engine's socket is the matter of
    /// `container-engine-socket`, which in Compose files also speaks alone of a folder that holds one.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.6", "CIS-1.1.0-5.5", "guide-5.4"],
    check: Container(check),
    compose: Error, [Recommended, Security, Cis], "a folder of the host's system",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let mounts = host_mounts(cx, container)?;
    let sensitive: Vec<&HostMount> = mounts
        .found
        .iter()
        .filter(|mount| (is_sensitive(&mount.real) || holds_data(cx, &mount.real)) && !is_socket(cx, &mount.real))
        .collect();
    if sensitive.is_empty() {
        let count = mounts.found.len();
        let pass = || Verdict::pass(format!("{count} folders of the host are mounted, none of them sensitive"));
        return mounts.unknown.map_or_else(|| Ok(pass()), Err);
    }
    let writable = sensitive.iter().any(|mount| mount.writable);
    let causes = sensitive.iter().map(|mount| Cause {
        severity: Some(if mount.writable { Severity::Error } else { Severity::Warning }),
        strict: tells_little(mount) || is_programs_own(&mount.real),
        ..Cause::item("Mounts", mount.at, mount.to_string())
    });
    let verdict = Verdict::fail_for(causes.collect());
    Ok(if writable { verdict } else { verdict.severity(Severity::Warning) })
}

/// Whether it can only be read, and who reads it learns little: what drivers, monitors and inits want to see.
fn tells_little(mount: &HostMount) -> bool {
    const PATHS: [&str; 10] = [
        "/lib/modules",
        "/usr/src",
        "/run/udev",
        "/etc/hostname",
        "/etc/hosts",
        "/etc/resolv.conf",
        "/etc/os-release",
        "/etc/passwd",
        "/etc/group",
        "/sys/fs/cgroup",
    ];
    !mount.writable && PATHS.iter().any(|path| is_in(&mount.real, path))
}

/// Whether a path is that of a program which keeps its files below a system's folder, such as `/etc/pihole` or
/// `/etc/letsencrypt`, or a device that holds neither files nor memory of the host: what is there is the service's own
/// matter more often than the host's.
fn is_programs_own(path: &str) -> bool {
    if let Some(below) = path.strip_prefix("/dev/") {
        return !is_grave(path) && !below.starts_with("disk");
    }
    let Some(below) = path.strip_prefix("/etc/") else { return is_in(path, "/usr/lib/wsl") };
    let name = below.split('/').next().unwrap_or_default();
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    !SYSTEM.iter().any(|known| name.strip_prefix(known).is_some_and(ends))
}

/// What an operating system and its engines keep in /etc, without endings such as `.d`, `.conf` and `-`.
const SYSTEM: &[&str] = &[
    "NetworkManager",
    "X11",
    "acpi",
    "adduser",
    "alternatives",
    "anacrontab",
    "apk",
    "apparmor",
    "apt",
    "at",
    "audit",
    "bash",
    "bashrc",
    "ca-certificates",
    "cni",
    "containerd",
    "containers",
    "cron",
    "crontab",
    "crypttab",
    "dbus",
    "default",
    "dhcp",
    "dnf",
    "docker",
    "environment",
    "exports",
    "fstab",
    "group",
    "grub",
    "gshadow",
    "gss",
    "host",
    "hostname",
    "hosts",
    "init",
    "inittab",
    "iptables",
    "k3s",
    "krb5",
    "kubernetes",
    "ld",
    "ldap",
    "libvirt",
    "login",
    "modprobe",
    "modules",
    "netplan",
    "network",
    "nftables",
    "nsswitch",
    "pam",
    "passwd",
    "pki",
    "podman",
    "polkit",
    "ppp",
    "profile",
    "rancher",
    "rc",
    "resolv",
    "security",
    "selinux",
    "shadow",
    "shells",
    "ssh",
    "ssl",
    "sudo",
    "sudoers",
    "sysctl",
    "systemd",
    "udev",
];

/// Whether a path is in the engine's data, where those were moved to, or holds them.
fn holds_data(cx: &Cx<'_>, path: &str) -> bool {
    let Fact::Known(info) = &cx.facts.info else { return false };
    let root = info.docker_root_dir.value().filter(|root| root.starts_with('/'));
    root.is_some_and(|root| is_in(root, path) || is_in(path, root))
}

pub(super) fn is_sensitive(path: &str) -> bool {
    const FOLDERS: [&str; 17] = [
        "/bin",
        "/boot",
        "/dev",
        "/etc",
        "/lib",
        "/lib32",
        "/lib64",
        "/libx32",
        "/proc",
        "/root",
        "/run",
        "/sbin",
        "/sys",
        "/usr",
        "/var/lib/docker",
        "/var/lib/containerd",
        "/var/lib/containers",
    ];
    const HARMLESS: [&str; 12] = [
        "/etc/localtime",
        "/etc/timezone",
        "/etc/machine-id",
        "/usr/share/zoneinfo",
        "/usr/share/ca-certificates",
        "/etc/ssl/certs",
        "/dev/log",
        "/dev/null",
        "/dev/zero",
        "/dev/random",
        "/dev/urandom",
        "/run/systemd/journal/dev-log",
    ];
    // Whoever sees a folder sees what is below it.
    let holds_one = FOLDERS.iter().any(|folder| is_in(folder, path));
    holds_one || FOLDERS.iter().any(|folder| is_in(path, folder)) && !HARMLESS.iter().any(|free| is_in(path, free))
}
