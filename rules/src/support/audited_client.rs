//! Whether the records of the audit system tell what the engine's client was asked.

use plimsoll_host::audit::AuditRules;
use plimsoll_host::paths::is_in;

/// Whether a rule watches docker's client, by itself or with the folder of programs that it is in.
pub(crate) fn audited_client(rules: &AuditRules) -> bool {
    const CLIENTS: [&str; 2] = ["/usr/bin/docker", "/usr/local/bin/docker"];
    let watches = |client: &str| {
        rules.watches.iter().any(|watch| watch.path == client || watch.below && is_in(client, &watch.path))
    };
    CLIENTS.into_iter().any(watches)
}
