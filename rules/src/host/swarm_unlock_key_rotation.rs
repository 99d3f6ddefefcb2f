use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Reminds a person to change the swarm's unlock key.
    ///
    /// ## Why is this bad?
    /// A key that many have seen is no key.
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
    /// Change it: `docker swarm unlock-key --rotate`.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["7.6", "CIS-1.1.0-7.7"],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::not_applicable("only a manager of the swarm can say it"));
    }
    Ok(Verdict::manual("when was the unlock key changed last? The engine does not say it"))
}
