use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Flags daemons that log less, or far more, than the level `info`.
    ///
    /// ## Why is this bad?
    /// At `warn` and above the log does not tell what was done; at `debug` it fills with what nobody reads, requests
    /// among it.
    ///
    /// ## Example
    /// ```json,fail
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd", "--log-level=debug"] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"dockerd.args.json": ["dockerd"], "daemon.json": {"log-level": "info"}}
    /// ```
    ///
    /// ## Remediation
    /// Set `"log-level": "info"` in daemon.json, or leave the option out.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.3", "CIS-1.1.0-2.2", "guide-2.2"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    if cx.facts.daemon.get("debug")?.is_some_and(|debug| debug.bool("debug").unwrap_or(true)) {
        return Ok(Verdict::fail("the daemon runs with debug").setting("debug", Some("false"), Risk::Restart));
    }
    let Some(level) = cx.facts.daemon.get("log-level")?.filter(|level| !level.is_empty()) else {
        return Ok(Verdict::pass("no log level is set: it is info"));
    };
    let verdict = Verdict::passes_if(level.text("log-level")? == "info", level.evidence("log-level"));
    Ok(verdict.setting("log-level", Some("\"info\""), Risk::Restart))
}
