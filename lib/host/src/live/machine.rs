//! What the host's files tell.

use super::{Collected, Request};
use crate::accounts::{groups, users};
use crate::paths::{is_in, normal};
use crate::{Daemon, Fact};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Component, Path, PathBuf};

/// Files that checks look at, whether or not they are there.
const LOOKED_AT: [&str; 42] = [
    "/etc/docker",
    "/etc/docker/certs.d",
    "/etc/docker/daemon.json",
    "/etc/default/docker",
    "/etc/sysconfig/docker",
    "/etc/containerd/config.toml",
    "/etc/subuid",
    "/etc/subgid",
    "/etc/systemd/system/docker.service",
    "/etc/systemd/system/docker.socket",
    "/run/systemd/system/docker.service",
    "/run/systemd/system/docker.socket",
    "/usr/lib/systemd/system/docker.service",
    "/usr/lib/systemd/system/docker.socket",
    "/lib/systemd/system/docker.service",
    "/lib/systemd/system/docker.socket",
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

/// Reads the files around the engine. `info` is what the engine says of itself.
pub(super) fn collect(request: &Request, info: &Value, facts: &mut Collected) {
    let host = Host { root: &request.root };
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
    files(&host, info, &daemon, facts);
}

/// The host below the folder at which its root is mounted.
struct Host<'r> {
    root: &'r Path,
}

impl Host<'_> {
    /// A file's text. Only regular files are opened, and links do not leave the root.
    fn read(&self, path: &str) -> io::Result<String> {
        const LARGEST: u64 = 16 << 20;
        let place = self.place(path)?;
        let metadata = fs::metadata(&place)?;
        if !metadata.is_file() {
            return Err(io::Error::other("this is not a file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(&place)?.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Where a path of the host is for us.
    fn place(&self, path: &str) -> io::Result<PathBuf> {
        Ok(self.below(&self.real(path)?))
    }

    fn below(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// A path of the host without links: each is followed below the root, as the host itself would follow it.
    fn real(&self, path: &str) -> io::Result<String> {
        const MOST_LINKS: usize = 40;
        let mut rest: Vec<String> =
            normal(path).split('/').filter(|part| !part.is_empty()).rev().map(str::to_owned).collect();
        let mut real = String::new();
        let mut links = 0;
        while let Some(part) = rest.pop() {
            let next = format!("{real}/{part}");
            // /proc/self and its kin are links that mean ourselves.
            let metadata = fs::symlink_metadata(self.below(&next))?;
            if !metadata.is_symlink() {
                real = next;
                continue;
            }
            links += 1;
            if links > MOST_LINKS {
                return Err(io::Error::other("too many links"));
            }
            let target = fs::read_link(self.below(&next))?;
            if target.is_absolute() {
                real.clear();
            }
            for part in target.components().rev() {
                match part {
                    Component::Normal(part) => rest.push(part.to_string_lossy().into_owned()),
                    Component::ParentDir => rest.push("..".to_owned()),
                    Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
                }
            }
            // What `..` leaves is what was there before the link.
            while rest.last().is_some_and(|part| part == "..") {
                rest.pop();
                real.truncate(real.rfind('/').unwrap_or_default());
            }
        }
        Ok(if real.is_empty() { "/".to_owned() } else { real })
    }
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
        Ok(Some(Process { args, unit, uid })) => {
            facts.unit = unit;
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

/// A dockerd that runs.
struct Process {
    args: Vec<String>,
    /// The unit of systemd that it runs in.
    unit: Option<String>,
    /// The user that it runs as, seen from here.
    uid: Option<u32>,
}

/// The dockerd whose data root the engine names; of the only one, where there is one.
/// A process is known by its executable: what stands in a command line anybody can write.
fn dockerd(host: &Host<'_>, info: &Value) -> Result<Option<Process>, String> {
    let processes = host.place("/proc").and_then(fs::read_dir).map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    let mut hidden = false;
    for process in processes.flatten() {
        let folder = process.path();
        if !process.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        // The kernel's own name of the process is readable for all; its executable only for who may.
        let is_named = fs::read_to_string(folder.join("comm")).is_ok_and(|name| name.trim() == "dockerd");
        match fs::read_link(folder.join("exe")) {
            Ok(program) => {
                let name = program.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                if !matches!(name.trim_end_matches(" (deleted)"), "dockerd" | "dockerd-ce") {
                    continue;
                }
            }
            Err(_) if is_named => hidden = true,
            Err(_) => continue,
        }
        if let Ok(bytes) = fs::read(folder.join("cmdline")) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let args = text.trim_end_matches('\0').split('\0').map(str::to_owned).collect();
            let groups = fs::read_to_string(folder.join("cgroup")).unwrap_or_default();
            let uid = fs::metadata(&folder).ok().map(|metadata| metadata.uid());
            found.push(Process { args, unit: unit(&groups), uid });
        }
    }
    let root = info["DockerRootDir"].as_str();
    let named = |process: &Process| {
        let daemon = Daemon::new(&Fact::Known(process.args.clone()), &Fact::Absent);
        let setting = daemon.get("data-root").ok().flatten()?;
        setting.text("data-root").ok().map(str::to_owned)
    };
    let fits = |set: &str| root.is_none_or(|root| is_in(&normal(root), &normal(set)));
    if found.is_empty() && hidden {
        return Err("dockerd runs, and its command line cannot be read".to_owned());
    }
    // One that names another data root is another engine's.
    found.retain(|process| named(process).is_none_or(|set| fits(&set)));
    if let Some(at) = found.iter().position(|process| root.is_some() && named(process).is_some()) {
        return Ok(Some(found.swap_remove(at)));
    }
    if found.len() > 1 {
        return Err("more than one dockerd runs, and it cannot be told which one answers".to_owned());
    }
    Ok(found.pop())
}

/// The home folder of a user, by an /etc/passwd.
fn home_of(passwd: &str, uid: u32) -> Option<String> {
    let lines = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let mut homes = lines.filter(|fields| fields.get(2).is_some_and(|number| *number == uid.to_string()));
    let home = (*homes.next()?.get(5)?).to_owned();
    home.starts_with('/').then(|| normal(&home))
}

/// The service of systemd that a process's control groups name.
fn unit(groups: &str) -> Option<String> {
    let systemd = groups.lines().filter(|line| line.starts_with("0::") || line.contains(":name=systemd:"));
    // A user's own manager keeps its units elsewhere.
    let systemd = systemd.filter(|line| !line.contains("/user@"));
    let services = systemd.filter_map(|line| line.rsplit('/').find(|part| part.ends_with(".service")));
    services.map(str::to_owned).next()
}

/// Files by path: those that checks look at, those that the daemon names, and what containers mount.
fn files(host: &Host<'_>, info: &Value, daemon: &Daemon, facts: &mut Collected) {
    let mut paths: BTreeSet<String> = LOOKED_AT.iter().map(|path| (*path).to_owned()).collect();
    let named = ["tlscacert", "tlscert", "tlskey", "config-file", "data-root"];
    paths.extend(named.iter().filter_map(|name| daemon.get(name).ok().flatten()?.text(name).ok().map(str::to_owned)));
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
    fn units_and_homes() {
        assert_eq!(unit("4:memory:/x\n0::/system.slice/docker.service\n").as_deref(), Some("docker.service"));
        let rootless = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/docker.service";
        assert_eq!(unit(rootless), None);
        assert_eq!(unit("1:name=systemd:/init.scope\n0::/\n"), None);
        let passwd = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann/:/bin/sh\nodd:x:7\nrel:x:8:8::home:\n";
        assert_eq!(home_of(passwd, 1000).as_deref(), Some("/home/ann"));
        assert_eq!([7, 8, 9].map(|uid| home_of(passwd, uid)), [None, None, None]);
    }
}
