use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Step;

host_rule! {
    /// ## What it does
    /// Flags options that stand both on the daemon's command line and in daemon.json.
    ///
    /// ## Why is this bad?
    /// dockerd does not start with them; the one that runs was started before the file was changed, and its next
    /// start fails.
    ///
    /// ## Example
    /// ```json,fail
    /// {"dockerd.args.json": ["dockerd", "-H", "fd://"], "daemon.json": {"hosts": ["unix:///run/docker.sock"]}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"dockerd.args.json": ["dockerd", "-H", "fd://"], "daemon.json": {"icc": false}}
    /// ```
    ///
    /// ## Remediation
    /// Take the option out of one of them: out of the unit with a drop-in, or out of daemon.json.
    category: Correctness, severity: Error, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    cx.facts.args.known("dockerd that is seen to run")?;
    if cx.facts.daemon_json.optional()?.is_none() {
        return Ok(Verdict::pass("there is no daemon.json"));
    }
    // The daemon that runs started well: what counts is what the next one finds.
    cx.facts.start.as_ref().map_err(Clone::clone)?;
    let conflicts = cx.facts.next.conflicts();
    Ok(if conflicts.is_empty() {
        Verdict::pass("no option stands in both")
    } else {
        let steps = conflicts.iter().map(|key| Step::Unset { key: key.clone() });
        Verdict::fail(conflicts.join(", ")).steps(steps)
    })
}
