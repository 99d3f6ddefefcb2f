use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use crate::support::engine_group::engine_group;
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
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     group_add: [docker]
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     group_add: [audio]
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--group-add` for that group.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Container(check),
    compose: Warning, [Recommended, Security], "the service is in the group that controls the engine",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let added = container.host_config()?.group_add.known("HostConfig.GroupAdd")?;
    if added.is_empty() {
        return Ok(Verdict::pass("no group is added"));
    }
    let engines = engine_group(cx);
    let fails = |(at, name): (usize, &String)| {
        let evidence = format!("HostConfig.GroupAdd has {name}, the group {engines} of the host");
        Verdict::fail(evidence).because([Cause::item("HostConfig.GroupAdd", at, "")])
    };
    // Its name says enough; which number it has the host must tell.
    if let Some(found) = added.iter().enumerate().find(|(_, name)| *name == engines) {
        return Ok(fails(found));
    }
    let groups = cx.facts.groups.known("/etc/group")?;
    let group = groups.iter().find(|group| group.name == engines);
    let is_it = |(_, name): &(usize, &String)| group.is_some_and(|group| **name == group.gid.to_string());
    Ok(match added.iter().enumerate().find(is_it) {
        Some(found) => fails(found),
        None => Verdict::pass(format!("added groups: {}", added.join(", "))),
    })
}
