//! The dockerd that runs.

use super::root::Host;
use crate::paths::{is_in, normal};
use crate::{Daemon, Fact};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// A dockerd that runs.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) args: Vec<String>,
    /// The unit of systemd that it runs in.
    pub(super) unit: Option<String>,
    /// The user that it runs as, seen from here.
    pub(super) uid: Option<u32>,
    /// When it was started, in seconds since 1970.
    pub(super) started: Option<i64>,
}

/// The dockerd whose data root the engine names; of the only one, where there is one.
/// A process is known by its executable: what stands in a command line anybody can write.
pub(super) fn dockerd(host: &Host<'_>, info: &Value) -> Result<Option<Process>, String> {
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
            // What calls itself so is believed of root only.
            Err(_) if is_named && owner(&folder) == Some(0) => hidden = true,
            Err(_) => continue,
        }
        if let Ok(bytes) = fs::read(folder.join("cmdline")) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let args = text.trim_end_matches('\0').split('\0').map(str::to_owned).collect();
            let groups = fs::read_to_string(folder.join("cgroup")).unwrap_or_default();
            let started = started(host, &folder);
            found.push(Process { args, unit: unit(&groups), uid: owner(&folder), started });
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

fn owner(process: &Path) -> Option<u32> {
    fs::metadata(process).ok().map(|metadata| metadata.uid())
}

/// When a process was started: its clock ticks since the machine was, and when that was.
fn started(host: &Host<'_>, process: &Path) -> Option<i64> {
    /// The kernel tells users hundredths of seconds, whatever its own clock is.
    const TICKS: i64 = 100;
    const FIELD: usize = 21;
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // The second field is a name in parentheses, which may hold blanks.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let ticks: i64 = fields.nth(FIELD - 2)?.parse().ok()?;
    let boot = host.read("/proc/stat").ok()?;
    let boot: i64 = boot.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    Some(boot + ticks / TICKS)
}

/// The home folder of a user, by an /etc/passwd.
pub(super) fn home_of(passwd: &str, uid: u32) -> Option<String> {
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
