use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags swarms with an even number of managers, or with more than seven.
    ///
    /// ## Why is this bad?
    /// An even number bears no more failures than the odd one below it, and each manager holds all keys of the swarm.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true, "Managers": 2, "Nodes": 3}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true, "Managers": 3, "Nodes": 5}} }
    /// ```
    ///
    /// ## Remediation
    /// Have three managers, or five: `docker node demote NODE`.
    ///
    /// ## Notes
    /// A single manager is well for a swarm of one node only.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["7.1", "CIS-1.1.0-7.2"],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::not_applicable("only a manager of the swarm can say it"));
    }
    let swarm = cx.facts.info.known("engine")?.swarm.known("Swarm")?;
    let managers = *swarm.managers.known("Swarm.Managers")?;
    let nodes = *swarm.nodes.known("Swarm.Nodes")?;
    let well = matches!(managers, 3 | 5 | 7) || managers == 1 && nodes == 1;
    Ok(Verdict::passes_if(well, format!("{managers} of {nodes} nodes are managers")))
}
