use crate::host_rule::{Cx, Outcome};
use crate::support::added_capability;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that have the capability `DAC_READ_SEARCH`.
    ///
    /// ## Why is this bad?
    /// A process with it reads every file of the host through file handles, whoever owns it.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["CAP_DAC_READ_SEARCH"], "CapDrop": null}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["ALL"], "CapDrop": ["DAC_READ_SEARCH"]}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [CAP_DAC_READ_SEARCH]
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_add: [ALL]
    ///     cap_drop: [DAC_READ_SEARCH]
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--cap-add DAC_READ_SEARCH` and without `--privileged`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Security],
    aliases: ["C.5.3.1"],
    check: Container(check),
    compose: Error, [], "the service has the capability DAC_READ_SEARCH",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    added_capability::must_not_have(container, "DAC_READ_SEARCH")
}
