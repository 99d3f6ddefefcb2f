//! What docker-bench-security 1.6.0 says of a host: its checks' conditions, stated anew from what is known of them.
//! Its defects are kept, since the comparison is about them. It looks at running containers only; here at all.

use super::host_scenarios::Files;
use serde_json::Value;

/// What it prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    Pass,
    Warn,
    Info,
    Note,
    /// INFO where it finds nothing to look at.
    Absent,
}

use Word::{Absent, Info, Note, Pass, Warn};

fn warn_if(warns: bool) -> Word {
    if warns { Warn } else { Pass }
}

/// What it says for a number; nothing where it has no such check or cannot run it here.
pub fn says(number: &str, target: &str, files: &Files) -> Option<Word> {
    if let Some(name) = target.strip_prefix("container:") {
        let containers = files["containers.json"].as_array()?;
        let container = containers.iter().find(|row| row["Name"] == format!("/{name}"))?;
        return of_container(number, container, files);
    }
    if let Some(name) = target.strip_prefix("image:") {
        let is_it = |row: &&Value| row["RepoTags"].as_array().is_some_and(|tags| tags.contains(&name.into()));
        return of_image(number, files["images.json"].as_array()?.iter().find(is_it)?);
    }
    if let Some(rest) = number.strip_prefix("3.") {
        return of_files(rest, files);
    }
    if number.starts_with("1.1.") {
        return audited(number, files);
    }
    of_daemon(number, files)
}

/// The words of the command line that begin so: it looks for text and not for options.
fn argument<'f>(files: &'f Files, flag: &str) -> Option<&'f str> {
    let words = files["dockerd.args.json"].as_array()?;
    words.iter().filter_map(Value::as_str).find(|word| word.starts_with(flag))
}

fn key<'f>(files: &'f Files, name: &str) -> Option<&'f Value> {
    files.get("daemon.json")?.get(name)
}

/// What jq and a test for a non-empty text make of a key: one that is not there is the text `null`.
fn is_text(files: &Files, name: &str) -> bool {
    match files.get("daemon.json") {
        Some(file) => !matches!(&file[name], Value::String(text) if text.is_empty()),
        None => false,
    }
}

fn of_daemon(number: &str, files: &Files) -> Option<Word> {
    let info = &files["info.json"];
    let swarm = info["Swarm"]["LocalNodeState"] == "active";
    Some(match number {
        "2.1" | "7.6" | "7.8" | "7.9" => Note,
        "2.2" => warn_if(
            !(argument(files, "--icc").is_some_and(|word| word.contains("false"))
                || key(files, "icc") == Some(&Value::Bool(false))),
        ),
        "2.3" => warn_if(key(files, "log-level").is_some_and(|level| level != "info" && level != "")),
        "2.4" => warn_if(
            argument(files, "--iptables").is_some_and(|word| word.contains("false"))
                || key(files, "iptables") == Some(&Value::Bool(false)),
        ),
        "2.5" => warn_if(
            argument(files, "--insecure-registry").is_some()
                || key(files, "insecure-registries").and_then(Value::as_array).is_some_and(|list| !list.is_empty()),
        ),
        "2.6" => warn_if(info["Driver"] == "aufs"),
        "2.7" => {
            // The file is searched line by line, for a host and a tcp:// anywhere behind it.
            let text = files.get("daemon.json").map(Value::to_string).unwrap_or_default();
            let in_file = text.find("host").is_some_and(|at| text[at..].contains("tcp://"));
            let mut words = files["dockerd.args.json"].as_array()?.iter().filter_map(Value::as_str);
            let mut remote = false;
            while let Some(word) = words.next() {
                let host = match word {
                    "-H" | "--host" => words.next().unwrap_or_default(),
                    _ => word.strip_prefix("--host=").or_else(|| word.strip_prefix("-H=")).unwrap_or("unix"),
                };
                remote |= !host.starts_with("unix") && !host.starts_with("fd");
            }
            match (in_file || remote, argument(files, "--tlsverify")) {
                (false, _) => Absent,
                (true, Some(_)) => Pass,
                (true, None) => Warn,
            }
        }
        "2.8" => {
            let set = files
                .get("daemon.json")
                .is_some_and(|file| !file["default-ulimits"].as_object().is_some_and(serde_json::Map::is_empty));
            if set || argument(files, "--default-ulimit").is_some() { Pass } else { Info }
        }
        "2.9" => warn_if(
            !(key(files, "userns-remap").is_some_and(|value| value != "")
                || argument(files, "--userns-remap").is_some()),
        ),
        "2.10" => warn_if(argument(files, "--cgroup-parent").is_some()),
        "2.11" => warn_if(argument(files, "dm.basesize").is_some()),
        "2.12" => {
            warn_if(!(is_text(files, "authorization-plugins") || argument(files, "--authorization-plugin").is_some()))
        }
        "2.13" => warn_if(info["LoggingDriver"] == "json-file"),
        "2.14" => warn_if(
            !(argument(files, "--no-new-privileges").is_some()
                || key(files, "no-new-privileges") == Some(&Value::Bool(true))),
        ),
        "2.15" => {
            warn_if(!(info["LiveRestoreEnabled"] == true || swarm || argument(files, "--live-restore").is_some()))
        }
        "2.16" => warn_if(
            !(key(files, "userland-proxy") == Some(&Value::Bool(false))
                || argument(files, "--userland-proxy").is_some_and(|word| word.contains("false"))),
        ),
        "2.17" => warn_if(!info["SecurityOptions"].to_string().contains("name=seccomp,profile=default")),
        "2.18" | "C.2" => Absent,
        "5.1" => warn_if(swarm),
        // There is always one leader.
        "7.1" | "7.2" | "7.4" | "7.5" | "7.7" if !swarm => Pass,
        "7.1" => Pass,
        "7.2" => {
            let text = files["sockets.txt"].as_str()?;
            let open = |line: &str| {
                let mut fields = line.split_whitespace().skip(1);
                let (local, state) = (fields.next().unwrap_or_default(), fields.nth(1).unwrap_or_default());
                local.split_once(':').is_some_and(|(address, port)| {
                    port == "0949" && state == "0A" && address.bytes().all(|byte| byte == b'0')
                })
            };
            warn_if(text.lines().any(open))
        }
        "7.4" => {
            if files["secrets.json"].as_array().is_some_and(|secrets| !secrets.is_empty()) {
                Pass
            } else {
                Info
            }
        }
        "7.5" => warn_if(files["swarm.json"]["Spec"]["EncryptionConfig"]["AutoLockManagers"] != true),
        "7.7" => {
            let days = files["swarm.json"]["Spec"]["CAConfig"]["NodeCertExpiry"].as_i64()? / 86_400_000_000_000;
            if days == 2 { Pass } else { Info }
        }
        _ => match number.strip_prefix("7.3/network:") {
            Some(name) => {
                let network = files["networks.json"].as_array()?.iter().find(|network| network["Name"] == name)?;
                let overlay = network["Driver"] == "overlay";
                warn_if(overlay && network["Options"].get("encrypted").is_none())
            }
            None => return None,
        },
    })
}

/// Modes are compared as decimal numbers.
fn of_files(number: &str, files: &Files) -> Option<Word> {
    let table = &files["files.json"];
    let first = |paths: &[&str]| paths.iter().map(|path| &table[*path]).find(|file| file.is_object()).cloned();
    // The file's value wins over the command line's, of which only `--flag=value` is understood.
    let tls = |name: &str| {
        let of_file = key(files, name).and_then(Value::as_str);
        let of_line =
            argument(files, &format!("--{name}=")).and_then(|word| word.split_once('=')).map(|(_, path)| path);
        of_file.or(of_line).map(|path| table[path].clone()).filter(Value::is_object)
    };
    let certificates = || {
        let all = table.as_object().into_iter().flatten();
        all.filter(|(path, _)| path.starts_with("/etc/docker/certs.d/") && path.ends_with(".crt"))
            .map(|(_, file)| file.clone())
            .next()
    };
    let number: u32 = number.parse().ok()?;
    let file = match number {
        1 | 2 => first(&["/usr/lib/systemd/system/docker.service", "/lib/systemd/system/docker.service"]),
        3 | 4 => first(&["/usr/lib/systemd/system/docker.socket", "/lib/systemd/system/docker.socket"]),
        5 | 6 => first(&["/etc/docker"]),
        7 | 8 => certificates(),
        9 | 10 => tls("tlscacert"),
        11 | 12 => tls("tlscert"),
        13 | 14 => tls("tlskey"),
        15 | 16 => first(&["/var/run/docker.sock"]),
        // The path is a fixed one.
        17 | 18 => first(&["/etc/docker/daemon.json"]),
        19 | 20 => first(&["/etc/default/docker"]),
        21 | 22 => first(&["/etc/sysconfig/docker"]),
        23 | 24 => first(&["/run/containerd/containerd.sock"]),
        _ => return None,
    };
    let Some(file) = file else { return Some(Absent) };
    let mode: u32 = file["mode"].as_str()?.trim_start_matches('0').parse().unwrap_or_default();
    let (uid, gid) = (file["uid"].as_u64()?, file["gid"].as_u64()?);
    Some(warn_if(match number {
        2 | 4 | 18 | 20 | 21 => mode > 644,
        6 => mode > 755,
        8 | 10 | 12 => mode > 444,
        14 => mode != 400,
        16 | 24 => mode > 660,
        7 => uid != 0,
        15 => uid != 0 || file["group"] != "docker",
        _ => uid != 0 || gid != 0,
    }))
}

/// The rules are searched for the path as text.
fn audited(number: &str, files: &Files) -> Option<Word> {
    let path = match number {
        "1.1.3" => "/usr/bin/dockerd",
        "1.1.4" => "/run/containerd",
        "1.1.5" => "/var/lib/docker",
        "1.1.6" => "/etc/docker",
        "1.1.11" => "/etc/docker/daemon.json",
        "1.1.14" => "/usr/bin/containerd",
        "1.1.15" => "/usr/bin/containerd-shim",
        "1.1.16" => "/usr/bin/containerd-shim-runc-v1",
        "1.1.17" => "/usr/bin/containerd-shim-runc-v2",
        "1.1.18" => "/usr/bin/runc",
        _ => return None,
    };
    Some(warn_if(!files.get("audit.rules")?.as_str()?.contains(path)))
}

fn of_image(number: &str, image: &Value) -> Option<Word> {
    let history: Vec<&str> =
        image["PlimsollHistory"].as_array()?.iter().filter_map(|step| step["CreatedBy"].as_str()).collect();
    Some(match number {
        // Only the containers' users are looked at.
        "4.1" => return None,
        "4.6" => warn_if(image["Config"]["Healthcheck"].is_null()),
        "4.7" => {
            let cut = |step: &&str| step.chars().take(45).collect::<String>().contains("update");
            if history.iter().any(cut) { Info } else { Pass }
        }
        "4.9" => {
            let but_oldest = &history[..history.len().saturating_sub(1)];
            if but_oldest.iter().any(|step| step.contains("ADD")) { Info } else { Pass }
        }
        "4.10" => Note,
        _ => return None,
    })
}

fn of_container(number: &str, container: &Value, files: &Files) -> Option<Word> {
    let host = &container["HostConfig"];
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    let security = host["SecurityOpt"].to_string();
    let mounts = container["Mounts"].as_array()?;
    Some(match number {
        "4.1" => warn_if(matches!(container["Config"]["User"].as_str(), None | Some("" | "0" | "root"))),
        "5.2" => warn_if(matches!(container["AppArmorProfile"].as_str(), None | Some("" | "[]" | "unconfined"))),
        "5.3" => warn_if(is_empty(&host["SecurityOpt"])),
        "5.4" => {
            let added = host["CapAdd"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let beyond = |name: &str| !plimsoll::host::capabilities::DEFAULT.contains(&name.trim_start_matches("CAP_"));
            warn_if(added.into_iter().any(beyond))
        }
        "5.5" => warn_if(host["Privileged"] == true),
        "5.6" => {
            const EXACTLY: [&str; 8] = ["/", "/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr"];
            let listed = |mount: &Value| EXACTLY.iter().any(|path| mount["Source"] == *path) && mount["RW"] == true;
            warn_if(mounts.iter().any(listed))
        }
        // It runs ps in the container; of one that does not run, or has no ps, nothing is seen.
        "5.7" => Pass,
        "5.8" | "5.9" | "5.14" => {
            // What `docker port` prints for a container that runs is cut at `:`, which loses IPv6.
            let ports = container["NetworkSettings"]["Ports"].as_object();
            let bindings = ports.into_iter().flat_map(|ports| ports.values()).filter_map(Value::as_array).flatten();
            let printed: Vec<(String, String)> = bindings
                .map(|binding| {
                    (binding["HostIp"].as_str().unwrap_or_default(), binding["HostPort"].as_str().unwrap_or_default())
                })
                .filter(|(address, _)| !address.contains(':'))
                .map(|(address, port)| (address.to_owned(), port.to_owned()))
                .collect();
            match number {
                "5.8" => warn_if(printed.iter().any(|(_, port)| port.parse::<u32>().is_ok_and(|port| port < 1025))),
                "5.9" => warn_if(!printed.is_empty()),
                _ => warn_if(printed.iter().any(|(address, _)| address == "0.0.0.0")),
            }
        }
        "5.10" => warn_if(host["NetworkMode"] == "host"),
        "5.11" => warn_if(host["Memory"] == 0),
        "5.12" => warn_if(host["CpuShares"] == 0 && host["NanoCpus"] == 0),
        "5.13" => warn_if(host["ReadonlyRootfs"] == false),
        "5.15" => warn_if(host["RestartPolicy"]["MaximumRetryCount"].as_i64().is_some_and(|count| count > 5)),
        "5.16" => warn_if(host["PidMode"] == "host"),
        "5.17" => warn_if(host["IpcMode"] == "host"),
        "5.18" => {
            if is_empty(&host["Devices"]) {
                Pass
            } else {
                Info
            }
        }
        "5.19" => {
            if is_empty(&host["Ulimits"]) {
                Info
            } else {
                Pass
            }
        }
        "5.20" => warn_if(
            mounts.iter().any(|mount| mount["Propagation"].as_str().is_some_and(|word| word.contains("shared"))),
        ),
        "5.21" => warn_if(host["UTSMode"] == "host"),
        "5.22" => warn_if(security.contains("seccomp=unconfined") || security.contains("seccomp:unconfined")),
        "5.25" => warn_if(!is_empty(&host["CgroupParent"])),
        "5.26" => {
            let daemon = argument(files, "--no-new-privileges").is_some()
                || key(files, "no-new-privileges") == Some(&Value::Bool(true));
            warn_if(!daemon && !security.contains("no-new-privileges"))
        }
        "5.27" => warn_if(container["State"]["Health"]["Status"].is_null()),
        "5.28" => Info,
        "5.29" => warn_if(matches!(host["PidsLimit"].as_i64(), None | Some(0 | -1))),
        "5.30" => {
            let on_it = container["NetworkSettings"]["Networks"].get("bridge").is_some();
            if on_it { Info } else { Pass }
        }
        "5.31" => warn_if(host["UsernsMode"] == "host"),
        "5.32" => warn_if(container["Mounts"].to_string().contains("docker.sock")),
        "C.5.3.1" => warn_if(host["CapAdd"].to_string().contains("DAC_READ_SEARCH")),
        "C.5.3.2" => warn_if(host["CapAdd"].to_string().contains("SYS_MODULE")),
        "C.5.3.3" => warn_if(host["CapAdd"].to_string().contains("SYS_ADMIN")),
        "C.5.3.4" => warn_if(host["CapAdd"].to_string().contains("SYS_PTRACE")),
        _ => return None,
    })
}
