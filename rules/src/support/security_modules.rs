//! AppArmor and SELinux: what the host has.

use crate::host_rule::Cx;
use plimsoll_host::{Fact, Unknown};

/// Whether the engine confines containers with that module: `apparmor` or `selinux`.
pub(crate) fn engine_has(cx: &Cx<'_>, module: &str) -> Result<bool, Unknown> {
    cx.facts.info.known("engine")?.has_security_option(module)
}

/// The other module, where the kernel has it instead of this one.
pub(crate) fn other_one(cx: &Cx<'_>, module: &str) -> Option<&'static str> {
    let other = if module == "apparmor" { "selinux" } else { "apparmor" };
    let Fact::Known(modules) = &cx.facts.lsm else {
        return engine_has(cx, other).ok().filter(|has| *has).map(|_| other);
    };
    modules.iter().any(|name| name == other).then_some(other)
}
