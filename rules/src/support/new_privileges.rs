//! Whether containers get no new privileges by default.

use super::versions::Release;
use crate::host_rule::Cx;
use plimsoll_host::Unknown;

/// What the engine says of itself, where it would (since 24), else what the daemon was asked for.
pub(crate) fn none_by_default(cx: &Cx<'_>) -> Result<bool, Unknown> {
    if let Ok(info) = cx.facts.info.known("engine") {
        let on = info.has_security_option("no-new-privileges");
        let tells = info.server_version.value().and_then(|version| Release::parse(version));
        match on {
            Ok(true) => return Ok(true),
            Ok(false) if tells.is_some_and(|version| version >= Release(24, 0, 0)) => return Ok(false),
            Ok(false) | Err(_) => {}
        }
    }
    cx.facts.daemon.switch("no-new-privileges", false)
}
