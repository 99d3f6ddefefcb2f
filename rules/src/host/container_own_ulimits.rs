use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Lists the ulimits that a container has instead of the daemon's.
    ///
    /// ## Why is this bad?
    /// A limit that is lifted for one container lets it use up what all share.
    ///
    /// ## Example
    /// ```json,manual
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Ulimits": [{"Name": "nofile", "Soft": 1048576, "Hard": 1048576}]}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Ulimits": null}}]}
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--ulimit`, unless it needs the limit that it has.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.19", "CIS-1.1.0-5.18", "guide-5.16"],
    check: Container(check),
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman lists its own limits among those of the user"));
    }
    let limits = container.host_config()?.ulimits.known("HostConfig.Ulimits")?;
    if limits.is_empty() {
        return Ok(Verdict::pass("the daemon's ulimits hold"));
    }
    let mut listed = Vec::new();
    for limit in limits {
        let name = limit.name.known("Ulimits[].Name")?;
        listed.push(format!("{name}={}:{}", limit.soft.known("Ulimits[].Soft")?, limit.hard.known("Ulimits[].Hard")?));
    }
    Ok(Verdict::manual(listed.join(", ")))
}
