use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;
use plimsoll_host::capabilities::Capabilities;

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
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"CapAdd": ["NET_ADMIN"], "CapDrop": null}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"CapAdd": ["NET_BIND_SERVICE"], "CapDrop": ["ALL"]}}] }
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--cap-drop ALL` and `--cap-add` for each capability that its process uses.
    ///
    /// ## Notes
    /// What counts is what is there in the end: capabilities added minus those dropped, against the defaults.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.4", "CIS-1.1.0-5.3", "guide-5.2"],
    check: Container(check),
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let host = container.host_config()?;
    let added = host.cap_add.known("HostConfig.CapAdd")?;
    let dropped = host.cap_drop.known("HostConfig.CapDrop")?;
    let capabilities = Capabilities::of(added, dropped);
    let beyond: Vec<&str> = capabilities.beyond_default().collect();
    if beyond.is_empty() {
        return Ok(Verdict::pass(format!("nothing beyond the defaults; dropped: {}", listed(dropped))));
    }
    Ok(Verdict::fail(format!("beyond the defaults: {}; dropped: {}", beyond.join(", "), listed(dropped))))
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
