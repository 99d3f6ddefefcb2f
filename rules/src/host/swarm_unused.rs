use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags hosts in a swarm that runs no service.
    ///
    /// ## Why is this bad?
    /// A swarm opens ports and keeps keys that nobody looks after.
    ///
    /// ## Example
    /// ```json,fail
    /// {"info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}}, "services.json": []}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"info.json": {"Swarm": {"LocalNodeState": "inactive"}}}
    /// ```
    ///
    /// ## Remediation
    /// Leave it: `docker swarm leave --force`.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.1", "CIS-1.1.0-7.1"],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::pass("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::manual("the host is a worker of a swarm: is it needed?"));
    }
    let services = cx.facts.services.known("services")?;
    Ok(match services.len() {
        0 => Verdict::fail("the host is in a swarm, which runs no service"),
        count => Verdict::manual(format!("the swarm runs {count} services: is it needed?")),
    })
}
