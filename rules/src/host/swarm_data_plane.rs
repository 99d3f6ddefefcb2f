use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Reminds a person to keep the traffic of management apart from that of containers.
    ///
    /// ## Why is this bad?
    /// Containers that flood their network then cannot keep managers from talking.
    ///
    /// ## Example
    /// ```json,manual
    /// {"info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}}}
    /// ```
    /// Use instead:
    /// ```json,not-applicable
    /// {"info.json": {"Swarm": {"LocalNodeState": "inactive"}}}
    /// ```
    ///
    /// ## Remediation
    /// Make the swarm with `--data-path-addr` on another network than `--advertise-addr`.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["7.9", "CIS-1.1.0-7.10"],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::not_applicable("only a manager of the swarm can say it"));
    }
    Ok(Verdict::manual("does the traffic of containers have a network of its own? The engine does not say it"))
}
