use crate::host_rule::{Cx, Outcome};
use crate::support::added_capability;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that have the capability `SYS_MODULE`.
    ///
    /// ## Why is this bad?
    /// A process with it loads modules into the kernel.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["CAP_SYS_MODULE"], "CapDrop": null}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["ALL"], "CapDrop": ["SYS_MODULE"]}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [CAP_SYS_MODULE]
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [ALL]
    ///     cap_drop: [SYS_MODULE]
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--cap-add SYS_MODULE` and without `--privileged`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Security],
    aliases: ["C.5.3.2"],
    check: Container(check),
    compose: Error, [], "the service has the capability SYS_MODULE",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    added_capability::must_not_have(container, "SYS_MODULE")
}
