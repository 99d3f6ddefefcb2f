use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Pending;

host_rule! {
    /// ## What it does
    /// Flags daemons that run with other settings than stand on disk: in the files of their unit of systemd, its
    /// drop-ins and files of variables, or in a daemon.json that was changed after they had started.
    ///
    /// ## Why is this bad?
    /// The next restart, perhaps that of the host, changes how the engine is secured, and nobody looks then. What was
    /// meant to protect it does not yet.
    ///
    /// ## Example
    /// ```json,fail
    /// { "meta.json": {"unit": "docker.service"}, "dockerd.args.json": ["/usr/bin/dockerd", "-H", "fd://"],
    ///   "units.json": {"/lib/systemd/system/docker.service": "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n",
    ///                  "/etc/systemd/system/docker.service.d/a.conf": "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// --icc=false\n"} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "meta.json": {"unit": "docker.service"}, "dockerd.args.json": ["/usr/bin/dockerd", "-H", "fd://", "--icc=false"],
    ///   "units.json": {"/lib/systemd/system/docker.service": "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n",
    ///                  "/etc/systemd/system/docker.service.d/a.conf": "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// --icc=false\n"} }
    /// ```
    ///
    /// ## Remediation
    /// Look whether the change is meant. Then `systemctl daemon-reload`, and restart the engine.
    ///
    /// ## Notes
    /// Some keys of daemon.json hold without a restart, once dockerd got a SIGHUP. Whether it did nobody can see, so checks
    /// that rest on a daemon.json which is newer than the daemon are unknown.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    cx.facts.args.known("dockerd that is seen to run")?;
    let mut changes: Vec<String> = cx.facts.pending().iter().map(Pending::evidence).collect();
    if cx.facts.meta.daemon_json_is_newer() {
        changes.push("daemon.json was changed after the daemon had started".to_owned());
    }
    if !changes.is_empty() {
        return Ok(Verdict::fail(changes.join("; ")));
    }
    cx.facts.start.as_ref().map_err(Clone::clone)?;
    Ok(Verdict::pass("the daemon runs with what stands on disk"))
}
