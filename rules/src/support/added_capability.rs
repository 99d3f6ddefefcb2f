//! One capability of a container.

use crate::host_rule::{Cause, Outcome, Verdict};
use plimsoll_host::Container;
use plimsoll_host::capabilities::{Capabilities, normal};

/// Fails where the container has the capability, named without `CAP_`.
pub(crate) fn must_not_have(container: &Container, name: &str) -> Outcome {
    let host = container.host_config()?;
    if *host.privileged.known("HostConfig.Privileged")? {
        let evidence = format!("the container is privileged, and has {name} with all others");
        return Ok(Verdict::fail(evidence).at("HostConfig.Privileged"));
    }
    let added = host.cap_add.known("HostConfig.CapAdd")?;
    let dropped = host.cap_drop.known("HostConfig.CapDrop")?;
    let has = Capabilities::of(added, dropped).has(name);
    let what = if has { "has" } else { "does not have" };
    let causes = added.iter().enumerate().filter(|(_, added)| [name, "ALL"].contains(&normal(added).as_str()));
    let causes = causes.map(|(at, _)| Cause::item("HostConfig.CapAdd", at, ""));
    Ok(Verdict::passes_if(!has, format!("the container {what} {name}")).because(causes))
}
