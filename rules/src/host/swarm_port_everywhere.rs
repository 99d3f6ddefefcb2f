use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::{RemoteManager, Unknown};

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
    let port = port(cx)?;
    let listeners = cx.facts.listeners.known("list of sockets")?;
    let addresses: Vec<String> = listeners
        .iter()
        .filter(|listener| listener.port == port)
        .map(|listener| listener.address.to_string())
        .collect();
    if addresses.is_empty() {
        return Err(Unknown::new(format!("nothing is seen to listen at port {port}, the swarm's")));
    }
    let everywhere = listeners.iter().any(|listener| listener.port == port && listener.address.is_unspecified());
    Ok(Verdict::passes_if(!everywhere, format!("port {port} is open at {}", addresses.join(", "))))
}

/// The port of this manager, as the swarm knows it; else the default.
fn port(cx: &Cx<'_>) -> Result<u16, Unknown> {
    const DEFAULT: u16 = 2377;
    let swarm = cx.facts.info.known("engine")?.swarm.known("Swarm")?;
    let own = swarm.node_id.value().filter(|id| !id.is_empty());
    let managers = swarm.remote_managers.value().map_or(&[][..], Vec::as_slice);
    let is_own = |manager: &&RemoteManager| own.is_some() && manager.node_id.value() == own;
    let address = managers.iter().find(is_own).and_then(|manager| manager.addr.value());
    let port = address.and_then(|address| address.rsplit_once(':')?.1.parse().ok());
    Ok(port.unwrap_or(DEFAULT))
}
