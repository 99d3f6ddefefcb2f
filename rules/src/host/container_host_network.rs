use crate::host_rule::{Cx, Outcome};
use crate::support::namespaces;
use plimsoll_host::{Container, NamespaceKind};

host_rule! {
    /// ## What it does
    /// Flags containers in the network namespace of the host, also through another container.
    ///
    /// ## Why is this bad?
    /// Such a container reaches every service that listens on the loopback address, can listen at any port, and sees
    /// all traffic.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "host"}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "bridge"}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     network_mode: host
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     network_mode: service:db
    ///   db:
    ///     image: postgres:18
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--network host`, and publish the ports that it needs.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.10", "CIS-1.1.0-5.9", "guide-5.8"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "the service is in the network namespace of the host",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    namespaces::not_the_hosts(cx, container, NamespaceKind::Network)
}
