use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::security_modules::{engine_has, other_one};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers without an AppArmor profile on hosts that have AppArmor.
    ///
    /// ## Why is this bad?
    /// The profile keeps a container from mounting, and from writing to most of /proc and /sys, also where another
    /// wall has a hole.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin"]},
    ///   "containers.json": [{"Name": "/web", "AppArmorProfile": "unconfined"}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin"]},
    ///   "containers.json": [{"Name": "/web", "AppArmorProfile": "docker-default"}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     security_opt: ['apparmor:unconfined']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--security-opt apparmor=unconfined` and without `--privileged`; name a stricter
    /// profile of your own with `--security-opt apparmor=NAME`.
    ///
    /// ## Notes
    /// Where the host has SELinux instead, or the engine is rootless, the check does not apply. Where it has neither,
    /// that is the failure.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.2", "CIS-1.1.0-5.1"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "the service has no AppArmor profile",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    if cx.facts.is_rootless()? {
        return Ok(Verdict::not_applicable("a rootless engine cannot load AppArmor profiles"));
    }
    if !engine_has(cx, "apparmor")? {
        return Ok(match other_one(cx, "apparmor") {
            Some(other) => Verdict::not_applicable(format!("the host has {other} instead")),
            None => Verdict::fail("the engine uses neither AppArmor nor SELinux"),
        });
    }
    let profile = container.app_armor_profile.known("AppArmorProfile")?;
    // The engine fills the field when it starts the container.
    if profile.is_empty() && !container.is_running()? {
        return Ok(Verdict::not_applicable("the container does not run; its profile is set when it starts"));
    }
    let confined = !profile.is_empty() && profile != "unconfined";
    Ok(Verdict::passes_if(confined, format!("AppArmorProfile is {profile:?}")).at("AppArmorProfile"))
}
