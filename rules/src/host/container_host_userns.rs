use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that are taken out of the daemon's user namespace.
    ///
    /// ## Why is this bad?
    /// Root in such a container is root of the host, which the daemon was set up to prevent.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"UsernsMode": "host"}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"UsernsMode": ""}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     userns_mode: host
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--userns host`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.31", "CIS-1.1.0-5.30"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "the service is taken out of the daemon's user namespace",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let mode = container.host_config()?.userns_mode.known("HostConfig.UsernsMode")?;
    Ok(Verdict::passes_if(mode != "host", format!("HostConfig.UsernsMode is {mode:?}")).at("HostConfig.UsernsMode"))
}
