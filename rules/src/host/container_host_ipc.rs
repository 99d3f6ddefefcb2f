use crate::host_rule::{Cx, Outcome};
use crate::support::namespaces;
use plimsoll_host::{Container, NamespaceKind};

host_rule! {
    /// ## What it does
    /// Flags containers in the IPC namespace of the host, also through another container.
    ///
    /// ## Why is this bad?
    /// Such a container reads and writes the shared memory of processes of the host.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Id": "aa", "Name": "/web", "HostConfig": {"IpcMode": "container:bb"}}, {"Id": "bb", "Name": "/base", "HostConfig": {"IpcMode": "host"}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"IpcMode": "private"}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     ipc: host
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     ipc: service:db
    ///   db:
    ///     image: postgres:18
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--ipc host`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.17", "CIS-1.1.0-5.16", "guide-5.14"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "the service is in the IPC namespace of the host",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    namespaces::not_the_hosts(cx, container, NamespaceKind::Ipc)
}
