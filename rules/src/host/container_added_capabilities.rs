use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use plimsoll_host::Container;
use plimsoll_host::capabilities::{Capabilities, normal};

host_rule! {
    /// ## What it does
    /// Flags containers that have capabilities beyond those that engines give to every container.
    ///
    /// ## Why is this bad?
    /// Most of the others are ways to root of the host, or to its network: `SYS_ADMIN` mounts, `SYS_MODULE` loads
    /// kernel modules, `SYS_PTRACE` reads other processes.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["NET_ADMIN"], "CapDrop": null}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["NET_BIND_SERVICE"], "CapDrop": ["ALL"]}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [SYS_ADMIN]
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_drop: [ALL]
    ///     cap_add: [NET_BIND_SERVICE]
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--cap-drop ALL` and `--cap-add` for each capability that its process uses.
    ///
    /// ## Notes
    /// In Compose files the recommended preset names only those that give the host away, such as `SYS_ADMIN`.
    ///
    /// What counts is what is there in the end: capabilities added minus those dropped, against the defaults. A
    /// privileged container has all, whatever was dropped.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.4", "CIS-1.1.0-5.3", "guide-5.2"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "more than the capabilities that engines give to every container",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let host = container.host_config()?;
    if *host.privileged.known("HostConfig.Privileged")? {
        return Ok(Verdict::fail("the container is privileged, and has all").at("HostConfig.Privileged"));
    }
    let added = host.cap_add.known("HostConfig.CapAdd")?;
    let dropped = host.cap_drop.known("HostConfig.CapDrop")?;
    let capabilities = Capabilities::of(added, dropped);
    let beyond: Vec<&str> = capabilities.beyond_default().collect();
    if beyond.is_empty() {
        return Ok(Verdict::pass(format!("nothing beyond the defaults; dropped: {}", listed(dropped))));
    }
    let named = added.iter().enumerate().filter(|(_, name)| beyond.contains(&normal(name).as_str()));
    let causes = named.map(|(at, name)| {
        let strict = !HOST_IN_HAND.contains(&normal(name).as_str());
        Cause { strict, ..Cause::item("HostConfig.CapAdd", at, normal(name)) }
    });
    let evidence = format!("beyond the defaults: {}; dropped: {}", beyond.join(", "), listed(dropped));
    Ok(Verdict::fail(evidence).because(causes))
}

/// Those that give the host away: what the recommended preset says of Compose files. Others, such as NET_ADMIN for a
/// VPN, are asked for with a reason.
const HOST_IN_HAND: [&str; 9] =
    ["ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO", "SYS_BOOT", "DAC_READ_SEARCH", "MAC_ADMIN", "BPF"];

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
