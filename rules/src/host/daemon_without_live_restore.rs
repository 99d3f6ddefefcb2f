use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Flags engines that end all containers when the daemon stops.
    ///
    /// ## Why is this bad?
    /// Whoever has to stop all containers for an update of the engine puts the update off.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"LiveRestoreEnabled": false, "Swarm": {"LocalNodeState": "inactive"}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"info.json": {"LiveRestoreEnabled": true}}
    /// ```
    ///
    /// ## Remediation
    /// Set `"live-restore": true` in daemon.json.
    ///
    /// ## Notes
    /// A node of a swarm cannot have it: there the check does not apply.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.15", "CIS-1.1.0-2.14", "guide-2.13"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon that containers depend on"));
    }
    let on = *cx.facts.info.known("engine")?.live_restore_enabled.known("LiveRestoreEnabled")?;
    if !on && cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("a node of a swarm cannot have live-restore"));
    }
    let verdict = Verdict::passes_if(on, format!("the engine says LiveRestoreEnabled: {on}"));
    Ok(verdict.setting("live-restore", Some("true"), Risk::Restart))
}
