//! One capability of a container.

use crate::host_rule::{Outcome, Verdict};
use plimsoll_host::Container;
use plimsoll_host::capabilities::Capabilities;

/// Fails where the container has the capability, named without `CAP_`.
pub(crate) fn must_not_have(container: &Container, name: &str) -> Outcome {
    let host = container.host_config()?;
    if *host.privileged.known("HostConfig.Privileged")? {
        return Ok(Verdict::fail(format!("the container is privileged, and has {name} with all others")));
    }
    let added = host.cap_add.known("HostConfig.CapAdd")?;
    let dropped = host.cap_drop.known("HostConfig.CapDrop")?;
    let has = Capabilities::of(added, dropped).has(name);
    let what = if has { "has" } else { "does not have" };
    Ok(Verdict::passes_if(!has, format!("the container {what} {name}")))
}
