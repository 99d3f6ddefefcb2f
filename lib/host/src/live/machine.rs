//! What the host's files tell.

use super::http::Endpoint;
use super::process::{Process, dockerd, home_of};
use super::root::Host;
use super::unit_files;
use super::{Collected, Request};
use crate::accounts::{groups, users};
use crate::paths::normal;
use crate::units::FOLDERS;
use crate::{Daemon, Fact};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

/// Files that checks look at, whether or not they are there.
const LOOKED_AT: [&str; 34] = [
    "/etc/docker",
    "/etc/docker/certs.d",
    "/etc/docker/daemon.json",
    "/etc/default/docker",
    "/etc/sysconfig/docker",
    "/etc/containerd/config.toml",
    "/etc/subuid",
    "/etc/subgid",
    "/run/docker.sock",
    "/var/run/docker.sock",
    "/run/containerd",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/usr/bin/docker",
    "/usr/bin/dockerd",
    "/usr/sbin/dockerd",
    "/usr/local/bin/dockerd",
    "/usr/bin/containerd",
    "/usr/local/bin/containerd",
    "/usr/bin/containerd-shim",
    "/usr/local/bin/containerd-shim",
    "/usr/bin/containerd-shim-runc-v1",
    "/usr/local/bin/containerd-shim-runc-v1",
    "/usr/bin/containerd-shim-runc-v2",
    "/usr/local/bin/containerd-shim-runc-v2",
    "/usr/bin/runc",
    "/usr/sbin/runc",
    "/usr/local/bin/runc",
    "/etc/audit/audit.rules",
    "/etc/audit/rules.d",
    "/etc/localtime",
    "/etc/machine-id",
];

/// Kernel settings that tell how the host is hardened.
const SETTINGS: [&str; 7] = [
    "kernel/randomize_va_space",
    "kernel/kptr_restrict",
    "kernel/dmesg_restrict",
    "kernel/unprivileged_bpf_disabled",
    "kernel/yama/ptrace_scope",
    "net/ipv4/ip_forward",
    "user/max_user_namespaces",
];

/// Reads the files around the engine. `info` is what the engine at `endpoint` says of itself.
pub(super) fn collect(request: &Request, endpoint: Option<&Endpoint>, info: &Value, facts: &mut Collected) {
    let host = Host { root: &request.root };
    let containers = facts.files.get("containers.json").and_then(|text| serde_json::from_str(text).ok());
    if let Some(why) = elsewhere(&host, endpoint, info, own_container(), containers.as_ref()) {
        // Files of another machine would be taken for those of the engine's.
        return FILES.iter().for_each(|file| facts.missing(file, "failed", &why));
    }
    facts.read("mounts.txt", host.read("/proc/self/mountinfo"));
    facts.read("group", host.read("/etc/group"));
    facts.read("passwd", host.read("/etc/passwd"));
    facts.read("environment", host.read("/etc/environment"));
    facts.read("cgroup.txt", host.read("/proc/self/cgroup"));
    facts.read(
        "lsm.txt",
        host.read("/sys/kernel/security/lsm").map_err(|error| match error.kind() {
            // Without securityfs the kernel has no modules, or nobody mounted it.
            io::ErrorKind::NotFound => io::Error::other("/sys/kernel/security is not mounted"),
            _ => error,
        }),
    );
    let tcp = host.read("/proc/net/tcp").map(|tcp| tcp + &host.read("/proc/net/tcp6").unwrap_or_default());
    facts.read("sockets.txt", tcp);
    let settings = SETTINGS.iter().filter_map(|name| {
        let value = host.read(&format!("/proc/sys/{name}")).ok()?;
        Some(format!("{} = {}\n", name.replace('/', "."), value.trim()))
    });
    facts.put("sysctl.txt", settings.collect());
    audit(&host, facts);
    let daemon = daemon(&host, info, facts);
    let units = unit_files::collect(&host, facts);
    files(&host, endpoint, info, &daemon, units, facts);
}

/// What is read here.
const FILES: [&str; 14] = [
    "mounts.txt",
    "group",
    "passwd",
    "environment",
    "cgroup.txt",
    "lsm.txt",
    "sockets.txt",
    "sysctl.txt",
    "audit.rules",
    "audit.disk.rules",
    "dockerd.args.json",
    "daemon.json",
    "units.json",
    "files.json",
];

/// Why the files that can be read here are not those of the engine's host.
fn elsewhere(
    host: &Host<'_>,
    endpoint: Option<&Endpoint>,
    info: &Value,
    own: Option<String>,
    containers: Option<&Value>,
) -> Option<String> {
    let endpoint = endpoint?;
    // An engine that does not know the container that we are in runs beside us, as in CI.
    let is_it = |own: &String| containers?.as_array()?.iter().find(|row| row["Id"] == own.as_str());
    if host.root == Path::new("/") && own.as_ref().and_then(is_it).is_some() {
        return Some("this runs in a container of the engine: --root names where the host is mounted".to_owned());
    }
    if info["OperatingSystem"] == "Docker Desktop" {
        return Some("the engine runs in the virtual machine of Docker Desktop".to_owned());
    }
    if matches!(endpoint, Endpoint::Unix(_)) {
        return None;
    }
    // A port may be that of this host, also under a name of its own, or lead to it.
    let name = info["Name"].as_str().unwrap_or_default();
    let own = [fs::read_to_string("/proc/sys/kernel/hostname").ok(), host.read("/etc/hostname").ok()];
    let is_here = own.iter().flatten().any(|own| own.trim().eq_ignore_ascii_case(name));
    (!is_here).then(|| format!("the engine runs on another host ({name}): run `plimsoll host collect` there"))
}

/// The rules that are loaded, as `auditctl` lists them, and those on disk.
fn audit(host: &Host<'_>, facts: &mut Collected) {
    let mut on_disk = String::new();
    let mut any = false;
    let mut files = vec!["/etc/audit/audit.rules".to_owned()];
    if let Ok(folder) = host.place("/etc/audit/rules.d").and_then(fs::read_dir) {
        let names = folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".rules")).collect();
        names.sort_unstable();
        files.extend(names.into_iter().map(|name| format!("/etc/audit/rules.d/{name}")));
    }
    for file in files {
        if let Ok(text) = host.read(&file) {
            any = true;
            // Each file starts with `-D`, which is to forget what the kernel had, not the other files.
            on_disk.extend(text.lines().filter(|line| line.trim() != "-D").flat_map(|line| [line, "\n"]));
        }
    }
    if any {
        facts.put("audit.disk.rules", on_disk);
    } else {
        facts.missing("audit.disk.rules", "absent", "");
    }
    let users = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    if !users.split_whitespace().eq(["0", "0", "4294967295"]) {
        return facts.missing("audit.rules", "failed", "the kernel does not tell its rules in a user namespace");
    }
    if host.root != Path::new("/") {
        return facts.missing("audit.rules", "failed", "the rules of another root's kernel are not asked for");
    }
    let program = ["/usr/sbin/auditctl", "/sbin/auditctl"].into_iter().find(|path| Path::new(path).exists());
    let Some(program) = program else {
        return facts.missing("audit.rules", "absent", "there is no auditctl");
    };
    match std::process::Command::new(program).arg("-l").stdin(std::process::Stdio::null()).output() {
        Ok(output) if output.status.success() => {
            facts.put("audit.rules", String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Ok(output) => {
            let told = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            facts.missing("audit.rules", "denied", &told);
        }
        Err(error) => facts.missing("audit.rules", "failed", &error.to_string()),
    }
}

/// The daemon's command line and configuration file.
fn daemon(host: &Host<'_>, info: &Value, facts: &mut Collected) -> Daemon {
    let mut owner = None;
    // A dockerd beside podman is not the engine that answers.
    let is_podman = facts.files.get("version.json").is_some_and(|text| text.contains("\"Podman Engine\""));
    let args = match if is_podman { Ok(None) } else { dockerd(host, info) } {
        Ok(Some(Process { args, unit, uid, started })) => {
            facts.unit = unit;
            facts.daemon_started = started;
            owner = uid;
            facts.put("dockerd.args.json", json!(args).to_string());
            Fact::Known(args)
        }
        Ok(None) => {
            facts.missing("dockerd.args.json", "absent", "no dockerd is seen to run");
            Fact::Absent
        }
        Err(detail) => {
            facts.missing("dockerd.args.json", "denied", &detail);
            Fact::Absent
        }
    };
    let named = Daemon::new(&args, &Fact::Absent);
    let path = named.get("config-file").ok().flatten().and_then(|setting| setting.text("config-file").ok());
    // A rootless daemon reads its user's file.
    let rootless = info["SecurityOptions"].as_array().is_some_and(|all| all.iter().any(|one| one == "name=rootless"));
    let home = owner.filter(|_| rootless).and_then(|uid| home_of(facts.files.get("passwd")?, uid));
    let default =
        home.map_or("/etc/docker/daemon.json".to_owned(), |home| format!("{home}/.config/docker/daemon.json"));
    let mut paths = vec![path.map_or(default, str::to_owned)];
    if path.is_none() {
        paths.push("/var/snap/docker/current/config/daemon.json".to_owned());
    }
    let found = paths
        .iter()
        .map(|path| (path, host.read(path)))
        .find(|(_, read)| !matches!(read, Err(error) if error.kind() == io::ErrorKind::NotFound));
    facts.daemon_json = found.as_ref().map(|(path, _)| *path).or(paths.first()).cloned();
    let changed = |path: &String| fs::metadata(host.place(path).ok()?).ok()?.modified().ok();
    let changed = facts.daemon_json.as_ref().and_then(changed);
    let since = changed.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    facts.daemon_json_changed = since.and_then(|since| i64::try_from(since.as_secs()).ok());
    let text = found.map_or_else(|| Err(io::ErrorKind::NotFound.into()), |(_, text)| text);
    // An empty file sets nothing.
    let text = text.map(|text| if text.trim().is_empty() { "{}".to_owned() } else { text });
    let file = match &text {
        Ok(text) => serde_json::from_str(text).map_or(Fact::Absent, Fact::Known),
        Err(_) => Fact::Absent,
    };
    facts.read("daemon.json", text);
    Daemon::new(&args, &file)
}

/// Files by path: those that checks look at, those that the daemon names, and what containers mount.
fn files(
    host: &Host<'_>,
    endpoint: Option<&Endpoint>,
    info: &Value,
    daemon: &Daemon,
    units: Vec<String>,
    facts: &mut Collected,
) {
    let mut paths: BTreeSet<String> = LOOKED_AT.iter().map(|path| (*path).to_owned()).collect();
    let named = ["tlscacert", "tlscert", "tlskey", "config-file", "data-root", "containerd"];
    paths.extend(named.iter().filter_map(|name| daemon.get(name).ok().flatten()?.text(name).ok().map(str::to_owned)));
    let hosts = daemon.get("hosts").ok().flatten().and_then(|hosts| hosts.list("hosts").ok()).unwrap_or_default();
    paths.extend(hosts.iter().filter_map(|address| address.strip_prefix("unix://")).map(str::to_owned));
    if let (Some(Endpoint::Unix(path)), true) = (endpoint, host.root == Path::new("/")) {
        paths.insert(path.display().to_string());
    }
    paths.extend(facts.daemon_json.clone());
    let unit = facts.unit.as_deref().unwrap_or("docker.service");
    paths.extend(FOLDERS.iter().flat_map(|folder| [unit, "docker.socket"].map(|unit| format!("{folder}/{unit}"))));
    paths.extend(units);
    paths.extend(info["DockerRootDir"].as_str().map(str::to_owned));
    if let Ok(registries) = host.place("/etc/docker/certs.d").and_then(fs::read_dir) {
        for registry in registries.flatten() {
            let folder = format!("/etc/docker/certs.d/{}", registry.file_name().to_string_lossy());
            for file in fs::read_dir(registry.path()).into_iter().flatten().flatten() {
                paths.insert(format!("{folder}/{}", file.file_name().to_string_lossy()));
            }
        }
    }
    let containers: Value =
        facts.files.get("containers.json").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    for container in containers.as_array().into_iter().flatten() {
        for mount in container["Mounts"].as_array().into_iter().flatten().filter(|mount| mount["Type"] == "bind") {
            paths.extend(mount["Source"].as_str().map(str::to_owned));
        }
    }
    let names = |file: &str| facts.files.get(file).cloned().unwrap_or_default();
    let user_names: BTreeMap<u32, String> =
        users(&names("passwd")).into_iter().rev().map(|user| (user.uid, user.name)).collect();
    let group_names: BTreeMap<u32, String> =
        groups(&names("group")).into_iter().rev().map(|group| (group.gid, group.name)).collect();
    let mut table = Map::new();
    for path in paths.into_iter().filter(|path| path.starts_with('/')) {
        let path = normal(&path);
        let real = host.real(&path);
        let row = match real.and_then(|real| Ok((fs::symlink_metadata(host.below(&real))?, real))) {
            Ok((metadata, real)) => {
                let kind = metadata.file_type();
                let kind = match () {
                    () if kind.is_file() => "file",
                    () if kind.is_dir() => "directory",
                    () if kind.is_socket() => "socket",
                    () if kind.is_fifo() => "fifo",
                    () if kind.is_block_device() => "block",
                    () => "character",
                };
                let mut row = json!({
                    "type": kind,
                    "mode": format!("{:04o}", metadata.mode() & 0o7777),
                    "uid": metadata.uid(),
                    "gid": metadata.gid(),
                    "user": user_names.get(&metadata.uid()).cloned().unwrap_or_default(),
                    "group": group_names.get(&metadata.gid()).cloned().unwrap_or_default(),
                });
                if real != path {
                    row["real"] = json!(real);
                }
                row
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Value::Null,
            Err(error) => json!({ "error": error.to_string() }),
        };
        table.insert(path, row);
    }
    facts.put("files.json", Value::Object(table).to_string());
}

/// An id of the host that stays: the beginning of a hash of its machine id, which itself is not to be told.
pub(super) fn host_id(root: &Path) -> String {
    let host = Host { root };
    let id = host.read("/etc/machine-id").ok().filter(|id| !id.trim().is_empty());
    let name = || host.read("/etc/hostname").unwrap_or_default();
    let text = id.unwrap_or_else(name);
    // Hosts without either are not to be taken for one and the same.
    if text.trim().is_empty() {
        return String::new();
    }
    // FNV-1a: an id needs no secrecy beyond not being the machine id itself.
    let hash = text
        .trim()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// Our own user.
pub(super) fn uid() -> Option<u32> {
    fs::metadata("/proc/self").ok().map(|metadata| metadata.uid())
}

/// The container that we run in, by its id, where the kernel shows it.
pub(super) fn own_container() -> Option<String> {
    let text =
        fs::read_to_string("/proc/self/cgroup").ok()? + &fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let is_id = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let own = |line: &&str| {
        line.contains("/containers/") && line.contains("/etc/hostname")
            || line.contains("/docker/") && !line.contains(" - ")
    };
    let line = text.lines().find(own)?;
    line.split(['/', ' ', '.', '-']).find(is_id).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_elsewhere() {
        let (here, mounted) = (Host { root: Path::new("/") }, Host { root: Path::new("/none") });
        let unix = Endpoint::Unix("/run/docker.sock".into());
        let port = Endpoint::Tcp("10.0.0.1:2375".to_owned());
        let name = fs::read_to_string("/proc/sys/kernel/hostname").expect("a name");
        let info = |name: &str| json!({ "Name": name.trim(), "OperatingSystem": "Debian" });
        let told = |host: &Host<'_>, endpoint, info: &Value, own: Option<&str>| {
            let containers = json!([{ "Id": "aa" }]);
            elsewhere(host, Some(endpoint), info, own.map(str::to_owned), Some(&containers)).unwrap_or_default()
        };
        assert_eq!(told(&here, &port, &info(&name), None), "");
        assert!(told(&here, &port, &info("elsewhere.example"), None).contains("another host (elsewhere.example)"));
        assert!(told(&here, &port, &json!({}), None).contains("another host"));
        assert_eq!(told(&here, &unix, &info("elsewhere"), None), "");
        assert!(told(&here, &unix, &json!({ "OperatingSystem": "Docker Desktop" }), None).contains("virtual machine"));
        // In a container of the engine only a mounted root is the host's.
        assert!(told(&here, &unix, &info("x"), Some("aa")).contains("--root"));
        assert_eq!(told(&mounted, &unix, &info("x"), Some("aa")), "");
        assert_eq!(told(&here, &unix, &info("x"), Some("bb")), "");
    }
}
