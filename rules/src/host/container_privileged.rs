use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that were started with `--privileged`.
    ///
    /// ## Why is this bad?
    /// A privileged container has every capability, every device of the host and no seccomp or AppArmor profile: its
    /// root is root of the host.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Privileged": true}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     privileged: true
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [NET_BIND_SERVICE]
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--privileged`, and give it the single capabilities or devices that it needs.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.5", "CIS-1.1.0-5.4", "guide-5.3"],
    check: Container(check),
    compose: Error, [Recommended, Security, Cis], "the service is privileged",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let privileged = *container.host_config()?.privileged.known("HostConfig.Privileged")?;
    Ok(Verdict::passes_if(!privileged, format!("HostConfig.Privileged is {privileged}")).at("HostConfig.Privileged"))
}
