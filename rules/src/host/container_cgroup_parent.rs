use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that were put below a cgroup of the user's choice.
    ///
    /// ## Why is this bad?
    /// There they share limits with something else, or have none.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"CgroupParent": "/system.slice"}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"CgroupParent": ""}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cgroup_parent: /system.slice
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--cgroup-parent`, unless that cgroup was made for it.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.25", "CIS-1.1.0-5.24"],
    check: Container(check),
    compose: Warning, [Security, Cis], "the service is put below a cgroup of its own choice",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let parent = container.host_config()?.cgroup_parent.known("HostConfig.CgroupParent")?;
    let is_default =
        parent.is_empty() || cx.facts.is_podman() && matches!(parent.as_str(), "user.slice" | "machine.slice");
    Ok(Verdict::passes_if(is_default, format!("HostConfig.CgroupParent is {parent:?}")).at("HostConfig.CgroupParent"))
}
