//! The group whose members may use the engine's socket.

use crate::host_rule::Cx;

/// Its name: what the daemon's `group` says, else `docker`.
pub(crate) fn engine_group<'c>(cx: &Cx<'c>) -> &'c str {
    let setting = cx.facts.daemon.get("group").ok().flatten();
    setting.and_then(|group| group.text("group").ok()).filter(|group| !group.is_empty()).unwrap_or("docker")
}
