use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags managers that listen for the swarm at every address of the host.
    ///
    /// ## Why is this bad?
    /// The port hands out certificates to whoever has the token.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "sockets.txt": "   0: 00000000:0949 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1\n" }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "sockets.txt": "   0: 0100007F:0949 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1\n" }
    /// ```
    ///
    /// ## Remediation
    /// Make the swarm with `--listen-addr ADDRESS:2377`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["7.2", "CIS-1.1.0-7.3"],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::not_applicable("only a manager of the swarm can say it"));
    }
    const PORT: u16 = 2377;
    let listeners = cx.facts.listeners.known("list of sockets")?;
    let addresses: Vec<String> = listeners
        .iter()
        .filter(|listener| listener.port == PORT)
        .map(|listener| listener.address.to_string())
        .collect();
    if addresses.is_empty() {
        return Err(plimsoll_host::Unknown::new(
            "nothing listens at port 2377, which is the default: the swarm may have another",
        ));
    }
    let everywhere = listeners.iter().any(|listener| listener.port == PORT && listener.address.is_unspecified());
    Ok(Verdict::passes_if(!everywhere, format!("port 2377 is open at {}", addresses.join(", "))))
}
