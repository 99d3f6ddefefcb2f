use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags swarms whose managers keep their keys unlocked on disk.
    ///
    /// ## Why is this bad?
    /// Whoever copies a manager's disk has the keys of the swarm and all its secrets.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "swarm.json": {"Spec": {"EncryptionConfig": {"AutoLockManagers": false}}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "swarm.json": {"Spec": {"EncryptionConfig": {"AutoLockManagers": true}}} }
    /// ```
    ///
    /// ## Remediation
    /// Lock it with `docker swarm update --autolock`, and keep the key elsewhere; managers then need it after each
    /// restart.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["7.5", "CIS-1.1.0-7.6"],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::not_applicable("only a manager of the swarm can say it"));
    }
    let spec = cx.facts.swarm.known("swarm")?.spec.known("Spec")?;
    let locked = *spec.encryption_config.known("EncryptionConfig")?.auto_lock_managers.known("AutoLockManagers")?;
    Ok(Verdict::passes_if(locked, format!("AutoLockManagers is {locked}")))
}
