use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags engines without an authorization plugin, where others than root reach them.
    ///
    /// ## Why is this bad?
    /// Without one whoever may talk to the engine may do everything.
    ///
    /// ## Example
    /// ```json,fail
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd", "-H", "tcp://10.0.0.1:2376"],
    ///   "info.json": {"Plugins": {"Authorization": null}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd"],
    ///   "info.json": {"Plugins": {"Authorization": ["opa"]}} }
    /// ```
    ///
    /// ## Remediation
    /// Set `authorization-plugins` in daemon.json, and keep the engine up to date: some versions let requests past
    /// their plugins (CVE-2024-41110).
    ///
    /// ## Notes
    /// Where the engine listens at a local socket only, the socket's group stands for the permission: the failure is
    /// then an info with that hint.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.12", "CIS-1.1.0-2.11", "guide-2.10"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let plugins =
        cx.facts.info.known("engine")?.plugins.known("Plugins")?.authorization.list("Plugins.Authorization")?;
    if !plugins.is_empty() {
        return Ok(Verdict::pass(format!("authorization plugins: {}", plugins.join(", "))));
    }
    let hosts = cx.facts.daemon.get("hosts");
    let hosts = hosts.ok().flatten().and_then(|hosts| hosts.list("hosts").ok()).unwrap_or_default();
    let remote = hosts.iter().any(|host| !host.starts_with("unix://") && !host.starts_with("fd://"));
    Ok(if remote {
        Verdict::fail("no authorization plugin, and the engine listens on TCP")
            .severity(plimsoll_engine::Severity::Warning)
    } else {
        Verdict::fail("no authorization plugin; only who may use the local socket reaches the engine")
    })
}
