use crate::host_rule::{Cx, Outcome};
use crate::support::added_capability;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that have the capability `SYS_ADMIN`.
    ///
    /// ## Why is this bad?
    /// A process with it mounts file systems and changes what confines the container.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["CAP_SYS_ADMIN"], "CapDrop": null}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["ALL"], "CapDrop": ["SYS_ADMIN"]}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [CAP_SYS_ADMIN]
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [ALL]
    ///     cap_drop: [SYS_ADMIN]
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--cap-add SYS_ADMIN` and without `--privileged`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Security],
    aliases: ["C.5.3.3"],
    check: Container(check),
    compose: Error, [], "the service has the capability SYS_ADMIN",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    added_capability::must_not_have(container, "SYS_ADMIN")
}
