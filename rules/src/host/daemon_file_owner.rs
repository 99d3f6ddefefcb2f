use crate::host_rule::{Cx, Verdict};
use crate::support::daemon_files;

host_rule! {
    /// ## What it does
    /// Flags files of the engine that belong to somebody else than root (sockets: the group that controls the
    /// engine), each with its number.
    ///
    /// ## Why is this bad?
    /// Whoever owns such a file changes how the engine runs, and with it the host.
    ///
    /// ## Example
    /// ```json,fail
    /// { "files.json": {"/etc/docker": {"type": "directory", "mode": "0755", "uid": 1000, "gid": 0, "user": "ann", "group": "root"}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "files.json": {"/etc/docker": {"type": "directory", "mode": "0755", "uid": 0, "gid": 0, "user": "root", "group": "root"}} }
    /// ```
    ///
    /// ## Remediation
    /// Give the file back with `chown`.
    ///
    /// ## Notes
    /// A file that the host does not have is not applicable, never a failure. Of a rootless engine the files belong
    /// to its user, and the check does not apply.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["3.1", "3.3", "3.5", "3.7", "3.9", "3.11", "3.13", "3.15", "3.17", "3.19", "3.22", "3.23", "CIS-1.1.0-3.1", "CIS-1.1.0-3.3", "CIS-1.1.0-3.5", "CIS-1.1.0-3.7", "CIS-1.1.0-3.9", "CIS-1.1.0-3.11", "CIS-1.1.0-3.13", "CIS-1.1.0-3.15", "CIS-1.1.0-3.17", "CIS-1.1.0-3.19"],
    check: HostEach(check),
}

fn check(cx: &Cx<'_>) -> Vec<Verdict> {
    daemon_files::each(cx, |watched| watched.owner_aliases, daemon_files::owner)
}
