use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Flags daemons that set no default ulimits for containers.
    ///
    /// ## Why is this bad?
    /// A container then has the daemon's own limits, which are those of a service that may open any number of files.
    ///
    /// ## Example
    /// ```json,fail
    /// {"dockerd.args.json": ["dockerd"], "daemon.json": {"default-ulimits": null}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "dockerd.args.json": ["dockerd"],
    ///   "daemon.json": {"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 2048}}} }
    /// ```
    ///
    /// ## Remediation
    /// Set `default-ulimits` in daemon.json for nofile, nproc and core; try them with the containers that run.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.8", "CIS-1.1.0-2.7", "guide-2.7"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let Some(limits) = cx.facts.daemon.get("default-ulimits")?.filter(|limits| !limits.is_empty()) else {
        // What databases and search engines ask for at least, and no longer without end.
        let limits = r#"{"nofile": {"Name": "nofile", "Soft": 65536, "Hard": 65536}}"#;
        let verdict = Verdict::fail("no default ulimits are set");
        return Ok(verdict.setting("default-ulimits", Some(limits), Risk::Restart));
    };
    let names: Vec<String> = limits.map("default-ulimits")?.into_keys().collect();
    Ok(Verdict::pass(format!("default ulimits: {}", names.join(", "))))
}
