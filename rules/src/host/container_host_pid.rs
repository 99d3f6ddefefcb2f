use crate::host_rule::{Cx, Outcome};
use crate::support::namespaces;
use plimsoll_host::{Container, NamespaceKind};

host_rule! {
    /// ## What it does
    /// Flags containers in the PID namespace of the host, also through another container.
    ///
    /// ## Why is this bad?
    /// Such a container sees all processes of the host, their environment and their open files, and can end them.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Id": "aa", "Name": "/web", "HostConfig": {"PidMode": "container:bb"}}, {"Id": "bb", "Name": "/base", "HostConfig": {"PidMode": "host"}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"PidMode": ""}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     pid: host
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     pid: service:db
    ///   db:
    ///     image: postgres:18
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--pid host`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.16", "CIS-1.1.0-5.15", "guide-5.13"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "the service is in the PID namespace of the host",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    namespaces::not_the_hosts(cx, container, NamespaceKind::Pid)
}
