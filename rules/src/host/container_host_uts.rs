use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers in the UTS namespace of the host.
    ///
    /// ## Why is this bad?
    /// Such a container can rename the host.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"UTSMode": "host"}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"UTSMode": ""}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     uts: host
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     hostname: web
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--uts host`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.21", "CIS-1.1.0-5.20", "guide-5.17"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "the service is in the UTS namespace of the host",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let mode = container.host_config()?.uts_mode.known("HostConfig.UTSMode")?;
    Ok(Verdict::passes_if(mode != "host", format!("HostConfig.UTSMode is {mode:?}")).at("HostConfig.UTSMode"))
}
