use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;
use plimsoll_host::Fact;

host_rule! {
    /// ## What it does
    /// Flags a default bridge on which containers may talk to each other.
    ///
    /// ## Why is this bad?
    /// A container that was taken over reaches all the others, whether or not they publish a port.
    ///
    /// ## Example
    /// ```json,fail
    /// { "networks.json": [{"Name": "bridge", "Driver": "bridge", "Options": {"com.docker.network.bridge.enable_icc": "true"}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "networks.json": [{"Name": "bridge", "Driver": "bridge", "Options": {"com.docker.network.bridge.enable_icc": "false"}}] }
    /// ```
    ///
    /// ## Remediation
    /// Set `"icc": false` in daemon.json, and put containers that talk to each other into a network of their own.
    ///
    /// ## Notes
    /// The option governs the default bridge only; other bridges are looked at by `network-inter-container-traffic`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.2", "CIS-1.1.0-2.1", "guide-2.1"],
    check: Daemon(check),
}

const RISK: Risk =
    Risk::Disruptive { breaks: "Containers on the default bridge reach each other no more, but over published ports" };

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no default bridge that a daemon sets up"));
    }
    // The network as it is counts more than what the daemon was asked for.
    if let Fact::Known(networks) = &cx.facts.networks {
        let is_default = |name: Option<&String>| name.is_some_and(|name| name == "bridge");
        let Some(bridge) = networks.iter().find(|network| is_default(network.name.value())) else {
            cx.facts.whole("networks.json")?;
            return Ok(Verdict::not_applicable("the engine has no default bridge"));
        };
        let options = bridge.options.optional("Options of the network bridge")?;
        if let Some(icc) = options.and_then(|options| options.get("com.docker.network.bridge.enable_icc")) {
            let evidence = format!("the network bridge has enable_icc={icc}");
            return Ok(Verdict::passes_if(icc == "false", evidence).setting("icc", Some("false"), RISK));
        }
    }
    let icc = cx.facts.daemon.switch("icc", true)?;
    let evidence = format!("the daemon runs with icc={icc}");
    Ok(Verdict::passes_if(!icc, evidence).setting("icc", Some("false"), RISK))
}
