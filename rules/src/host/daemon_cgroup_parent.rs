use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags daemons that put all containers below another cgroup.
    ///
    /// ## Why is this bad?
    /// What limits that cgroup limits all containers together, and what watches the usual one sees none.
    ///
    /// ## Example
    /// ```json,fail
    /// {"dockerd.args.json": ["dockerd"], "daemon.json": {"cgroup-parent": "/mine"}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"dockerd.args.json": ["dockerd"], "daemon.json": {}}
    /// ```
    ///
    /// ## Remediation
    /// Leave `cgroup-parent` out, unless that cgroup was made for containers.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.10", "CIS-1.1.0-2.9", "guide-2.9"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let parent = cx.facts.daemon.get("cgroup-parent")?.filter(|parent| !parent.is_empty());
    Ok(match parent {
        Some(parent) => Verdict::fail(parent.evidence("cgroup-parent")),
        None => Verdict::pass("cgroup-parent is not set"),
    })
}
