use crate::host_rule::{Cx, Verdict};
use crate::support::engine_data;
use plimsoll_engine::{Answer, Risk, Step};
use plimsoll_host::audit::Cover;
use plimsoll_host::{Fact, Unknown};

host_rule! {
    /// ## What it does
    /// Flags files and folders of the engine whose changes no audit rule records: programs, data, configuration,
    /// units and sockets, each with its number.
    ///
    /// ## Why is this bad?
    /// Without records nobody can tell who changed what the engine runs, or how it runs it.
    ///
    /// ## Example
    /// ```json,fail
    /// { "audit.rules": "-w /etc/docker -p r\n",
    ///   "mounts.txt": "",
    ///   "files.json": {"/etc/docker": {"type": "directory", "mode": "0755"}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "audit.rules": "-w /etc/docker -p wa -k docker\n-a always,exit -F path=/usr/bin/dockerd -F perm=wa -k docker\n",
    ///   "mounts.txt": "",
    ///   "files.json": {"/etc/docker": {"type": "directory", "mode": "0755"}, "/usr/bin/dockerd": {"type": "file", "mode": "0755"}} }
    /// ```
    ///
    /// ## Remediation
    /// Write `-w PATH -p wa -k docker` for it into /etc/audit/rules.d/docker.rules, and load it with `augenrules
    /// --load`.
    ///
    /// ## Notes
    /// Rules are read, not searched for words: `-w` and `-F dir=` cover what is below a folder, `-F path=` does not;
    /// both writes and changes of attributes must be recorded; a rule with other conditions sees only a part. What is
    /// mounted below a watched folder is not watched with it. Rules on disk that are not loaded are a failure that
    /// says so. Guides also name docker-containerd and docker-runc: retired, engines call them containerd and runc.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Security, Cis],
    aliases: ["1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.1.7", "1.1.8", "1.1.9", "1.1.10", "1.1.11", "1.1.12", "1.1.13", "1.1.14", "1.1.15", "1.1.16", "1.1.17", "1.1.18", "CIS-1.1.0-1.5", "CIS-1.1.0-1.6", "CIS-1.1.0-1.7", "CIS-1.1.0-1.8", "CIS-1.1.0-1.9", "CIS-1.1.0-1.10", "CIS-1.1.0-1.11", "guide-1.4", "guide-1.5"],
    check: HostEach(check),
}

/// What is to be watched, with its numbers: the first of the paths that the host has counts.
const WATCHED: [(&[&str], &[&str]); 16] = [
    (&["1.1.3", "CIS-1.1.0-1.5", "guide-1.4"], &["/usr/bin/dockerd", "/usr/sbin/dockerd", "/usr/local/bin/dockerd"]),
    (&["1.1.4"], &["/run/containerd"]),
    (&["1.1.5", "CIS-1.1.0-1.6", "guide-1.5"], &["/var/lib/docker"]),
    (&["1.1.6", "CIS-1.1.0-1.7", "guide-1.5"], &["/etc/docker"]),
    (
        &["1.1.7", "CIS-1.1.0-1.8", "guide-1.5"],
        &[
            "/etc/systemd/system/docker.service",
            "/usr/lib/systemd/system/docker.service",
            "/lib/systemd/system/docker.service",
        ],
    ),
    (&["1.1.8"], &["/run/containerd/containerd.sock"]),
    (
        &["1.1.9", "CIS-1.1.0-1.9", "guide-1.5"],
        &[
            "/etc/systemd/system/docker.socket",
            "/usr/lib/systemd/system/docker.socket",
            "/lib/systemd/system/docker.socket",
        ],
    ),
    (&["1.1.10", "CIS-1.1.0-1.10", "guide-1.5"], &["/etc/default/docker"]),
    (&["1.1.11", "CIS-1.1.0-1.11", "guide-1.5"], &["/etc/docker/daemon.json"]),
    (&["1.1.12"], &["/etc/containerd/config.toml"]),
    (&["1.1.13"], &["/etc/sysconfig/docker"]),
    (&["1.1.14"], &["/usr/bin/containerd", "/usr/local/bin/containerd"]),
    (&["1.1.15"], &["/usr/bin/containerd-shim", "/usr/local/bin/containerd-shim"]),
    (&["1.1.16"], &["/usr/bin/containerd-shim-runc-v1", "/usr/local/bin/containerd-shim-runc-v1"]),
    (&["1.1.17"], &["/usr/bin/containerd-shim-runc-v2", "/usr/local/bin/containerd-shim-runc-v2"]),
    (&["1.1.18"], &["/usr/bin/runc", "/usr/sbin/runc", "/usr/local/bin/runc"]),
];

fn check(cx: &Cx<'_>) -> Vec<Verdict> {
    WATCHED
        .iter()
        .map(|(aliases, paths)| watched(cx, paths).unwrap_or_else(Verdict::unknown).for_aliases(aliases))
        .collect()
}

fn watched(cx: &Cx<'_>, paths: &[&str]) -> Result<Verdict, Unknown> {
    if paths == ["/var/lib/docker"] {
        return data(cx);
    }
    match present(cx, paths)? {
        Some(path) => watched_path(cx, path),
        None => Ok(Verdict::not_applicable(format!("the host has no {}", paths.first().copied().unwrap_or_default()))),
    }
}

/// The engine's data, wherever they are: with the containerd image store in two folders.
fn data(cx: &Cx<'_>) -> Result<Verdict, Unknown> {
    let mut failed: Option<Verdict> = None;
    let mut passed = Vec::new();
    for folder in engine_data::folders(cx)? {
        let verdict = watched_path(cx, &folder)?;
        match (&mut failed, verdict.answer) {
            (_, Answer::Pass) => passed.push(verdict.evidence),
            (None, _) => failed = Some(verdict),
            (Some(failed), _) => {
                failed.evidence = format!("{}; {}", failed.evidence, verdict.evidence);
                failed.remediation =
                    failed.remediation.take().zip(verdict.remediation).map(|(a, b)| format!("{a}. {b}"));
                failed.steps.extend(verdict.steps);
            }
        }
    }
    Ok(failed.unwrap_or_else(|| Verdict::pass(passed.join("; "))))
}

fn watched_path(cx: &Cx<'_>, path: &str) -> Result<Verdict, Unknown> {
    let real = cx.facts.files.real(path);
    let rules = match &cx.facts.audit {
        Fact::Known(rules) => rules,
        Fact::Absent => {
            let step = Step::Watch { path: real.clone(), risk: risk(cx, &real) };
            return Ok(Verdict::fail(format!("the host has no audit rules, {path} is not watched")).steps([step]));
        }
        Fact::Denied(why) => return Err(why.clone()),
    };
    let mounts = cx.facts.mounts.known("list of mounts")?;
    let cover = |rules: &plimsoll_host::audit::AuditRules| match rules.cover(&real, mounts) {
        Cover::Full => Cover::Full,
        // A rule may name the link.
        _ if real != path => rules.cover(path, mounts),
        other => other,
    };
    let remedy = format!(
        "Write `-w {path} -p wa -k docker` into /etc/audit/rules.d/docker.rules, and load it with `augenrules --load`"
    );
    let step = Step::Watch { path: real.clone(), risk: risk(cx, &real) };
    let verdict = match cover(rules) {
        Cover::Full => Verdict::pass(format!("writes and changes of attributes of {path} are recorded")),
        Cover::Partial => {
            Verdict::fail(format!("a rule watches {path}, but not both writes and changes of attributes"))
                .remedy(remedy)
        }
        Cover::None => match &cx.facts.audit_on_disk {
            Fact::Known(on_disk) if cover(on_disk) == Cover::Full => {
                Verdict::fail(format!("a rule for {path} is on disk, and not loaded"))
                    .remedy("Load the rules with `augenrules --load`")
            }
            _ => Verdict::fail(format!("no rule watches {path}")).remedy(remedy),
        },
    };
    Ok(verdict.steps([step]))
}

/// The engine writes into these folders all the time.
fn risk(cx: &Cx<'_>, path: &str) -> Risk {
    let data = match &cx.facts.info {
        Fact::Known(info) => info.docker_root_dir.value().map(|root| cx.facts.files.real(root)),
        Fact::Absent | Fact::Denied(_) => None,
    };
    if ["/var/lib/docker", "/run/containerd", "/var/lib/containerd"].contains(&path) || data.as_deref() == Some(path) {
        let breaks = "Every layer, container and log that the engine writes is recorded: on a busy host the records \
                      fill the disk or slow it down; see what `max_log_file_action` in auditd.conf does then";
        return Risk::Disruptive { breaks };
    }
    Risk::Safe
}

/// The first of the paths that the host has.
fn present<'p>(cx: &Cx<'_>, paths: &[&'p str]) -> Result<Option<&'p str>, Unknown> {
    let mut unknown = None;
    for path in paths {
        match cx.facts.files.get(path) {
            Ok(Some(_)) => return Ok(Some(path)),
            Ok(None) => {}
            Err(why) => unknown = Some(why),
        }
    }
    unknown.map_or(Ok(None), Err)
}
