use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::users::is_root;

host_rule! {
    /// ## What it does
    /// Flags engines that run containers as root of the host.
    ///
    /// ## Why is this bad?
    /// Who breaks out of a container as root is then root of the host, and not a user without rights.
    ///
    /// ## Example
    /// ```json,fail
    /// {"info.json": {"SecurityOptions": []}, "containers.json": [{"Name": "/web", "Config": {"User": ""}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"info.json": {"SecurityOptions": ["name=userns"]}, "containers.json": []}
    /// ```
    ///
    /// ## Remediation
    /// Set `"userns-remap": "default"` in daemon.json, run the engine rootless, or run every container as a user of
    /// its own. The first hides the images and containers that are there.
    ///
    /// ## Notes
    /// A rootless engine passes, and one whose containers all run as ordinary users.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis2],
    aliases: ["2.9", "CIS-1.1.0-2.8", "guide-2.8"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_rootless()? {
        return Ok(Verdict::pass("the engine is rootless"));
    }
    if cx.facts.is_remapped()? {
        return Ok(Verdict::pass("the engine maps users"));
    }
    let containers = cx.facts.containers.known("containers")?;
    let mut root = Vec::new();
    for container in containers {
        let user = container.config()?.user.text("Config.User")?;
        if user.is_empty() || is_root(user) {
            root.push(container.name());
        }
    }
    if !containers.is_empty() && root.is_empty() {
        return Ok(Verdict::pass(format!(
            "users are not mapped; all {} containers run as ordinary users",
            containers.len()
        )));
    }
    Ok(Verdict::fail(format!(
        "users are not mapped, and {} of {} containers run as root",
        root.len(),
        containers.len()
    )))
}
