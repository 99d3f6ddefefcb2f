use crate::host_rule::{Cx, Outcome};
use crate::support::added_capability;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that have the capability `SYS_PTRACE`.
    ///
    /// ## Why is this bad?
    /// A process with it reads and changes other processes, and with the host's processes in sight the host itself.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["CAP_SYS_PTRACE"], "CapDrop": null}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["ALL"], "CapDrop": ["SYS_PTRACE"]}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [CAP_SYS_PTRACE]
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [ALL]
    ///     cap_drop: [SYS_PTRACE]
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--cap-add SYS_PTRACE` and without `--privileged`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Security],
    aliases: ["C.5.3.4"],
    check: Container(check),
    compose: Error, [], "the service has the capability SYS_PTRACE",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    added_capability::must_not_have(container, "SYS_PTRACE")
}
