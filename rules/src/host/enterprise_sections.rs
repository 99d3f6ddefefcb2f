use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Says that the checks of Universal Control Plane and Trusted Registry (section 8) are retired.
    ///
    /// ## Why is this bad?
    /// Both products are gone from Docker; their successors have guides of their own.
    ///
    /// ## Example
    /// ```json,manual
    /// {"version.json": {"Version": "27.0.1", "Platform": {"Name": "Mirantis Container Runtime"}}}
    /// ```
    /// Use instead:
    /// ```json,not-applicable
    /// {"version.json": {"Version": "27.0.1", "Platform": {"Name": "Docker Engine - Community"}}}
    /// ```
    ///
    /// ## Remediation
    /// Follow the guide of Mirantis Kubernetes Engine and Secure Registry.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["8.1.1", "8.1.2", "8.1.3", "8.1.4", "8.1.5", "8.1.6", "8.1.7", "8.2.1"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let version = cx.facts.version.known("engine")?;
    let name = version.platform.value().and_then(|platform| platform.name.value()).map_or("", String::as_str);
    Ok(if name.contains("Mirantis") || name.contains("Enterprise") {
        Verdict::manual(format!("the engine is {name}: its own guide holds"))
    } else {
        Verdict::not_applicable("retired: UCP and DTR are no products of Docker any more")
    })
}
