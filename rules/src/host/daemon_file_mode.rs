use crate::host_rule::{Cx, Verdict};
use crate::support::daemon_files;

host_rule! {
    /// ## What it does
    /// Flags files of the engine that more people may read or write than should, each with its number.
    ///
    /// ## Why is this bad?
    /// Whoever writes such a file changes how the engine runs; whoever reads its key speaks to it as its operator.
    ///
    /// ## Example
    /// ```json,fail
    /// {"files.json": {"/etc/docker/daemon.json": {"type": "file", "mode": "0622", "uid": 0, "gid": 0}}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"files.json": {"/etc/docker/daemon.json": {"type": "file", "mode": "0600", "uid": 0, "gid": 0}}}
    /// ```
    ///
    /// ## Remediation
    /// Take the permission bits away with `chmod`.
    ///
    /// ## Notes
    /// Modes are compared bit by bit: 0622 is not stricter than 0644. Keys in /etc/docker/certs.d must be 0600,
    /// certificates there may be 0644, though some guides ask for 0600 of all of them.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["3.2", "3.4", "3.6", "3.8", "3.10", "3.12", "3.14", "3.16", "3.18", "3.20", "3.21", "3.24", "CIS-1.1.0-3.2", "CIS-1.1.0-3.4", "CIS-1.1.0-3.6", "CIS-1.1.0-3.8", "CIS-1.1.0-3.10", "CIS-1.1.0-3.12", "CIS-1.1.0-3.14", "CIS-1.1.0-3.16", "CIS-1.1.0-3.18", "CIS-1.1.0-3.20", "guide-3.1", "guide-3.2", "guide-3.4", "guide-3.5", "guide-3.6", "guide-3.7", "guide-3.8", "guide-3.9", "guide-3.10"],
    check: HostEach(check),
}

fn check(cx: &Cx<'_>) -> Vec<Verdict> {
    daemon_files::each(cx, |watched| watched.mode_aliases, daemon_files::mode)
}
