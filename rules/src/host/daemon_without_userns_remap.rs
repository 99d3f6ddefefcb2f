use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::users::is_root;
use plimsoll_engine::Risk;

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
    presets: [Recommended, Security, Cis],
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
        cx.facts.whole("containers.json")?;
        return Ok(Verdict::pass(format!(
            "users are not mapped; all {} containers run as ordinary users",
            containers.len()
        )));
    }
    let evidence = format!("users are not mapped, and {} of {} containers run as root", root.len(), containers.len());
    let breaks = "The images and containers that are there are hidden until it is taken back; volumes and mounted \
                  folders belong to other users inside of containers; containers with --privileged, --network host \
                  or --pid host need --userns=host; the containerd image store does not work with it";
    Ok(Verdict::fail(evidence).setting("userns-remap", Some("\"default\""), Risk::Disruptive { breaks }))
}
