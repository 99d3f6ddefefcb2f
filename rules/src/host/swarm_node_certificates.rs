use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags swarms whose nodes keep a certificate for longer than 90 days, the default.
    ///
    /// ## Why is this bad?
    /// A certificate that was stolen works until it runs out.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "swarm.json": {"Spec": {"CAConfig": {"NodeCertExpiry": 31536000000000000}}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "swarm.json": {"Spec": {"CAConfig": {"NodeCertExpiry": 172800000000000}}} }
    /// ```
    ///
    /// ## Remediation
    /// Shorten it: `docker swarm update --cert-expiry 48h`.
    ///
    /// ## Notes
    /// Some guides ask for 48 hours: up to the default the check is manual above that.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["7.7", "CIS-1.1.0-7.8"],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::not_applicable("only a manager of the swarm can say it"));
    }
    const HOUR: i64 = 3_600_000_000_000;
    let spec = cx.facts.swarm.known("swarm")?.spec.known("Spec")?;
    let hours = *spec.ca_config.known("CAConfig")?.node_cert_expiry.known("NodeCertExpiry")? / HOUR;
    let evidence = format!("certificates of nodes hold for {hours} hours");
    Ok(match hours {
        0..=48 => Verdict::pass(evidence),
        49..=2160 => Verdict::manual(evidence),
        _ => Verdict::fail(evidence),
    })
}
