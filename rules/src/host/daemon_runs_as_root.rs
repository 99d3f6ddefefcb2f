use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Says whether the engine runs without root's rights.
    ///
    /// ## Why is this bad?
    /// Whoever takes over a daemon that runs as root has the host.
    ///
    /// ## Example
    /// ```json,manual
    /// {"info.json": {"SecurityOptions": ["name=seccomp,profile=builtin"]}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"info.json": {"SecurityOptions": ["name=rootless"]}}
    /// ```
    ///
    /// ## Remediation
    /// Run the engine rootless where the workload allows it: no privileged containers, no ports below 1024, no
    /// overlay networks.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.1", "guide-2.0"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    Ok(if cx.facts.is_rootless()? {
        Verdict::pass("the engine is rootless")
    } else {
        Verdict::manual("the engine runs as root; it could run rootless")
    })
}
