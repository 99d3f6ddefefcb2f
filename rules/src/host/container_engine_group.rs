use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers whose process is in the group that controls the engine.
    ///
    /// ## Why is this bad?
    /// With the socket in sight the group makes it root of the host.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"GroupAdd": ["998"]}}],
    ///   "group": "root:x:0:\ndocker:x:998:\n" }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"GroupAdd": null}}],
    ///   "group": "root:x:0:\ndocker:x:998:\n" }
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--group-add` for that group.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Container(check),
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let added = container.host_config()?.group_add.list("HostConfig.GroupAdd")?;
    if added.is_empty() {
        return Ok(Verdict::pass("no group is added"));
    }
    let groups = cx.facts.groups.known("/etc/group")?;
    let docker = groups.iter().find(|group| group.name == "docker");
    let is_it = |name: &&String| *name == "docker" || docker.is_some_and(|docker| **name == docker.gid.to_string());
    Ok(match added.iter().find(is_it) {
        Some(name) => Verdict::fail(format!("HostConfig.GroupAdd has {name}, the group docker of the host")),
        None => Verdict::pass(format!("added groups: {}", added.join(", "))),
    })
}
