//! The files through which the engine is run, and whose they should be.

use crate::host_rule::{Cx, Verdict};
use crate::support::engine_group::engine_group;
use plimsoll_engine::{Severity, Step};
use plimsoll_host::paths::normal;
use plimsoll_host::units::FOLDERS;
use plimsoll_host::{Fact, FileFact, Unknown};
use std::collections::BTreeSet;

/// Files that are looked at together, with their numbers.
pub(crate) struct Watched {
    place: Place,
    /// Whether the group of the engine's users owns it, and not root's.
    engines_group: bool,
    /// The permission bits that it may have.
    allowed: u32,
    pub(crate) owner_aliases: &'static [&'static str],
    pub(crate) mode_aliases: &'static [&'static str],
}

enum Place {
    /// The first of these that the host has.
    First(&'static [&'static str]),
    /// A unit of systemd with its drop-ins, by its ending.
    Unit(&'static str),
    /// The sockets at which the daemon listens.
    Sockets,
    /// The file that a setting of the daemon names.
    Setting(&'static str),
    /// The daemon's configuration file.
    Configuration,
    /// The files in /etc/docker/certs.d.
    Certificates,
}

static WATCHED: [Watched; 12] = [
    Watched {
        place: Place::Unit(".service"),
        engines_group: false,
        allowed: 0o644,
        owner_aliases: &["3.1", "CIS-1.1.0-3.1"],
        mode_aliases: &["3.2", "CIS-1.1.0-3.2", "guide-3.1"],
    },
    Watched {
        place: Place::Unit(".socket"),
        engines_group: false,
        allowed: 0o644,
        owner_aliases: &["3.3", "CIS-1.1.0-3.3"],
        mode_aliases: &["3.4", "CIS-1.1.0-3.4", "guide-3.2"],
    },
    Watched {
        place: Place::First(&["/etc/docker"]),
        engines_group: false,
        allowed: 0o755,
        owner_aliases: &["3.5", "CIS-1.1.0-3.5"],
        mode_aliases: &["3.6", "CIS-1.1.0-3.6"],
    },
    Watched {
        place: Place::Certificates,
        engines_group: false,
        allowed: 0o644,
        owner_aliases: &["3.7", "CIS-1.1.0-3.7"],
        mode_aliases: &["3.8", "CIS-1.1.0-3.8", "guide-3.4"],
    },
    Watched {
        place: Place::Setting("tlscacert"),
        engines_group: false,
        allowed: 0o444,
        owner_aliases: &["3.9", "CIS-1.1.0-3.9"],
        mode_aliases: &["3.10", "CIS-1.1.0-3.10", "guide-3.5"],
    },
    Watched {
        place: Place::Setting("tlscert"),
        engines_group: false,
        allowed: 0o444,
        owner_aliases: &["3.11", "CIS-1.1.0-3.11"],
        mode_aliases: &["3.12", "CIS-1.1.0-3.12", "guide-3.6"],
    },
    Watched {
        place: Place::Setting("tlskey"),
        engines_group: false,
        allowed: 0o400,
        owner_aliases: &["3.13", "CIS-1.1.0-3.13"],
        mode_aliases: &["3.14", "CIS-1.1.0-3.14", "guide-3.7"],
    },
    Watched {
        place: Place::Sockets,
        engines_group: true,
        allowed: 0o660,
        owner_aliases: &["3.15", "CIS-1.1.0-3.15"],
        mode_aliases: &["3.16", "CIS-1.1.0-3.16", "guide-3.8"],
    },
    Watched {
        place: Place::Configuration,
        engines_group: false,
        allowed: 0o644,
        owner_aliases: &["3.17", "CIS-1.1.0-3.17"],
        mode_aliases: &["3.18", "CIS-1.1.0-3.18", "guide-3.9"],
    },
    Watched {
        place: Place::First(&["/etc/default/docker"]),
        engines_group: false,
        allowed: 0o644,
        owner_aliases: &["3.19", "CIS-1.1.0-3.19"],
        mode_aliases: &["3.20", "CIS-1.1.0-3.20", "guide-3.10"],
    },
    Watched {
        place: Place::First(&["/etc/sysconfig/docker"]),
        engines_group: false,
        allowed: 0o644,
        owner_aliases: &["3.22"],
        mode_aliases: &["3.21"],
    },
    Watched {
        place: Place::First(&["/run/containerd/containerd.sock"]),
        engines_group: false,
        allowed: 0o660,
        owner_aliases: &["3.23"],
        mode_aliases: &["3.24"],
    },
];

type FileCheck = for<'c> fn(&Cx<'c>, &Watched, &str, &FileFact) -> Result<Verdict, Unknown>;

/// Asks of each of the files.
pub(crate) fn each(cx: &Cx<'_>, aliases: fn(&Watched) -> &'static [&'static str], check: FileCheck) -> Vec<Verdict> {
    let of = |watched: &Watched| ask(cx, watched, check).unwrap_or_else(Verdict::unknown).for_aliases(aliases(watched));
    WATCHED.iter().map(of).collect()
}

/// Whose the file is.
pub(crate) fn owner(cx: &Cx<'_>, watched: &Watched, path: &str, file: &FileFact) -> Result<Verdict, Unknown> {
    let (Some(uid), Some(gid)) = (file.uid, file.gid) else {
        return Err(Unknown::new(format!("the owner of {path} was not read")));
    };
    let named = |name: &str, number: u32| if name.is_empty() { number.to_string() } else { name.to_owned() };
    let evidence = format!("{path} belongs to {}:{}", named(&file.user, uid), named(&file.group, gid));
    let engines = engine_group(cx);
    // Root's group is well for a socket too: then nobody else may use it.
    let group = gid == 0 || watched.engines_group && file.group == engines;
    if uid == 0 && group {
        return Ok(Verdict::pass(evidence));
    }
    let to = match (watched.engines_group, engines) {
        (false, _) => Some("root:root"),
        (true, "docker") => Some("root:docker"),
        // Which group that is the engine sees to when it starts.
        (true, _) => None,
    };
    let wanted = to.map_or_else(|| format!("root:{engines}"), str::to_owned);
    let step = to.map(|to| Step::Owner { path: place(path, file), from: (uid, gid), to });
    Ok(Verdict::fail(evidence).remedy(format!("Give it back: `chown {wanted} {path}`")).steps(step))
}

/// Who may do what with the file.
pub(crate) fn mode(_: &Cx<'_>, watched: &Watched, path: &str, file: &FileFact) -> Result<Verdict, Unknown> {
    let mode = file.permissions()?;
    // Keys are for their owner, also where the certificates beside them are for all.
    let is_key = std::path::Path::new(path).extension().is_some_and(|extension| extension == "key");
    let allowed = if is_key { watched.allowed & 0o600 } else { watched.allowed };
    let beyond = mode & 0o7777 & !allowed;
    let evidence = format!("{path} has mode {mode:04o}, {allowed:04o} or stricter is asked for");
    if beyond != 0 {
        let step = Step::Mode { path: place(path, file), from: mode & 0o7777, to: mode & allowed };
        let remedy = format!("Take the bits away: `chmod {allowed:04o} {path}`");
        return Ok(Verdict::fail(evidence).remedy(remedy).steps([step]));
    }
    Ok(Verdict::pass(evidence))
}

/// The file itself, where the path is a link to it.
pub(crate) fn place(path: &str, file: &FileFact) -> String {
    file.real.clone().unwrap_or_else(|| path.to_owned())
}

fn ask(cx: &Cx<'_>, watched: &Watched, check: FileCheck) -> Result<Verdict, Unknown> {
    if cx.facts.is_rootless().unwrap_or(false) {
        return Ok(Verdict::not_applicable("the engine is rootless: its files belong to its user"));
    }
    let paths: Vec<String> = match watched.place {
        Place::First(paths) => return first(cx, watched, paths, check),
        Place::Unit(ending) => unit(cx, ending)?,
        Place::Sockets => sockets(cx)?,
        Place::Setting(name) => match cx.facts.daemon.get(name)? {
            Some(setting) if !setting.is_empty() => vec![setting.text(name)?.to_owned()],
            _ => return Ok(Verdict::not_applicable(format!("{name} is not set"))),
        },
        Place::Configuration => vec![configuration(cx)?],
        Place::Certificates => {
            let files = cx.facts.files.under("/etc/docker/certs.d")?;
            files.iter().filter(|(_, file)| file.kind != "directory").map(|(path, _)| (*path).to_owned()).collect()
        }
    };
    let mut verdicts = Vec::new();
    for path in &paths {
        if let Some(file) = cx.facts.files.get(path)? {
            verdicts.push(check(cx, watched, path, file)?);
        }
    }
    // One answer for all of them: the failures, where there are some.
    let failed = verdicts.iter().any(|verdict| verdict.answer == plimsoll_engine::Answer::Fail);
    let told: Vec<&Verdict> =
        verdicts.iter().filter(|verdict| !failed || verdict.answer == plimsoll_engine::Answer::Fail).collect();
    let join = |text: fn(&Verdict) -> &str| {
        told.iter().map(|verdict| text(verdict)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
    };
    let evidence = join(|verdict| &verdict.evidence);
    if told.is_empty() {
        return Ok(Verdict::not_applicable(match paths.first() {
            Some(path) => format!("the host has no {path}"),
            None => "the host has no file in /etc/docker/certs.d".to_owned(),
        }));
    }
    let remedy = join(|verdict| verdict.remediation.as_deref().unwrap_or_default());
    let steps = verdicts.iter().flat_map(|verdict| verdict.steps.iter().cloned()).collect::<Vec<_>>();
    let verdict = Verdict::passes_if(!failed, evidence).remedy(remedy).severity(Severity::Error);
    Ok(verdict.steps(steps))
}

/// The unit's file, and its drop-ins: who may write one of those starts the daemon as they like.
fn unit(cx: &Cx<'_>, ending: &str) -> Result<Vec<String>, Unknown> {
    let own = cx.facts.meta.unit.as_deref().filter(|unit| unit.ends_with(ending));
    let name = own.map_or_else(|| format!("docker{ending}"), str::to_owned);
    let mut unknown = None;
    let mut found = Vec::new();
    for path in FOLDERS.iter().map(|folder| format!("{folder}/{name}")) {
        match cx.facts.files.get(&path) {
            Ok(Some(_)) => {
                found.push(path);
                break;
            }
            Ok(None) => {}
            Err(why) => unknown = Some(why),
        }
    }
    if let (true, Some(why)) = (found.is_empty(), unknown) {
        return Err(why);
    }
    if let Fact::Known(units) = &cx.facts.units {
        found.extend(units.of(&name).into_iter().filter(|path| path.contains(".d/")).map(str::to_owned));
    }
    if found.is_empty() {
        found.push(format!("{}/{name}", FOLDERS[2]));
    }
    Ok(found)
}

/// The sockets that the daemon was told to make, and the usual one.
fn sockets(cx: &Cx<'_>) -> Result<Vec<String>, Unknown> {
    let hosts = cx.facts.daemon.get("hosts").ok().flatten();
    let hosts = hosts.map_or(Ok(Vec::new()), |hosts| hosts.list("hosts"))?;
    let asked = cx.facts.meta.engine.as_deref();
    let named = hosts.into_iter().chain(asked).filter_map(|host| host.strip_prefix("unix://")).map(normal);
    let usual = ["/run/docker.sock", "/var/run/docker.sock"];
    let there = usual.iter().position(|path| matches!(cx.facts.files.get(path), Ok(Some(_))));
    let usual = there.map_or(&usual[..], |at| &usual[at..=at]);
    let paths = usual.iter().map(|path| (*path).to_owned()).chain(named);
    // Several paths may lead to one socket.
    let mut seen = BTreeSet::new();
    Ok(paths.filter(|path| seen.insert(cx.facts.files.real(path))).collect())
}

fn first(cx: &Cx<'_>, watched: &Watched, paths: &[&str], check: FileCheck) -> Result<Verdict, Unknown> {
    let mut unknown = None;
    for path in paths {
        match cx.facts.files.get(path) {
            Ok(Some(file)) => return check(cx, watched, path, file),
            Ok(None) => {}
            Err(why) => unknown = Some(why),
        }
    }
    let none = || Verdict::not_applicable(format!("the host has no {}", paths.first().copied().unwrap_or_default()));
    unknown.map_or_else(|| Ok(none()), Err)
}

/// The daemon's configuration file: where its command line says, else where it is by default.
fn configuration(cx: &Cx<'_>) -> Result<String, Unknown> {
    const DEFAULT: &str = "/etc/docker/daemon.json";
    if let Some(path) = &cx.facts.meta.daemon_json {
        return Ok(path.clone());
    }
    // A daemon that does not run would look there too.
    let setting = cx.facts.daemon.get("config-file").unwrap_or_default();
    setting.map_or(Ok(DEFAULT.to_owned()), |setting| setting.text("config-file").map(str::to_owned))
}
