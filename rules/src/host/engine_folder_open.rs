use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::daemon_files;
use plimsoll_engine::Step;

host_rule! {
    /// ## What it does
    /// Flags an /etc/docker that everybody may look into.
    ///
    /// ## Why is this bad?
    /// What stands there tells an attacker how the engine is run, and which registries it trusts.
    ///
    /// ## Example
    /// ```json,fail
    /// {"files.json": {"/etc/docker": {"type": "directory", "mode": "0755"}}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"files.json": {"/etc/docker": {"type": "directory", "mode": "0750"}}}
    /// ```
    ///
    /// ## Remediation
    /// Close it: `chmod 0750 /etc/docker`.
    ///
    /// ## Notes
    /// CIS is content with 0755, see `daemon-file-mode`.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Security],
    aliases: ["guide-3.3"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let Some(folder) = cx.facts.files.get("/etc/docker")? else {
        return Ok(Verdict::not_applicable("the host has no /etc/docker"));
    };
    let mode = folder.permissions()?;
    let step = Step::Mode { path: daemon_files::place("/etc/docker", folder), from: mode, to: mode & 0o7750 };
    let evidence = format!("/etc/docker has mode {mode:04o}, 0750 or stricter is asked for");
    Ok(Verdict::passes_if(mode & 0o027 == 0, evidence).steps([step]))
}
