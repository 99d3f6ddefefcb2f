use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags daemons that are to map users on hosts without /etc/subuid or /etc/subgid.
    ///
    /// ## Why is this bad?
    /// Without the two files there are no users to map to, and the daemon does not start.
    ///
    /// ## Example
    /// ```json,fail
    /// { "dockerd.args.json": ["dockerd"],
    ///   "daemon.json": {"userns-remap": "default"},
    ///   "files.json": {"/etc/subuid": null, "/etc/subgid": null} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "dockerd.args.json": ["dockerd"],
    ///   "daemon.json": {"userns-remap": "default"},
    ///   "files.json": {"/etc/subuid": {"type": "file", "mode": "0644", "uid": 0, "gid": 0}, "/etc/subgid": {"type": "file", "mode": "0644", "uid": 0, "gid": 0}} }
    /// ```
    ///
    /// ## Remediation
    /// Write a range for the user into /etc/subuid and /etc/subgid: `dockremap:100000:65536`.
    category: Correctness, severity: Error, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["guide-2.8.1"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    if cx.facts.daemon.get("userns-remap")?.is_none_or(plimsoll_host::Setting::is_empty) {
        return Ok(Verdict::not_applicable("userns-remap is not set"));
    }
    let mut missing = Vec::new();
    for path in ["/etc/subuid", "/etc/subgid"] {
        if cx.facts.files.get(path)?.is_none() {
            missing.push(path);
        }
    }
    Ok(if missing.is_empty() {
        Verdict::pass("/etc/subuid and /etc/subgid are there")
    } else {
        Verdict::fail(format!("there is no {}", missing.join(" and no ")))
    })
}
