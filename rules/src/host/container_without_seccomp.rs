use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers without a seccomp profile.
    ///
    /// ## Why is this bad?
    /// The default profile refuses some forty system calls that programs hardly use and exploits often do.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin"]},
    ///   "containers.json": [{"Name": "/web", "HostConfig": {"SecurityOpt": ["seccomp=unconfined"], "Privileged": false}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"SecurityOptions": ["name=apparmor", "name=seccomp,profile=builtin"]},
    ///   "containers.json": [{"Name": "/web", "HostConfig": {"SecurityOpt": null, "Privileged": false}}] }
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--security-opt seccomp=unconfined` and without `--privileged`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.22", "CIS-1.1.0-5.21"],
    check: Container(check),
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let host = container.host_config()?;
    let own = host.security_option("seccomp")?;
    match own {
        Some("unconfined") => return Ok(Verdict::fail("SecurityOpt has seccomp=unconfined")),
        Some(_) => return Ok(Verdict::pass("the container has a seccomp profile of its own")),
        None if *host.privileged.known("HostConfig.Privileged")? => {
            return Ok(Verdict::fail("the container is privileged, and has no seccomp profile"));
        }
        None => {}
    }
    Ok(match cx.facts.info.known("engine")?.security_option("seccomp")? {
        Some("profile=unconfined") => Verdict::fail("the daemon's default is no seccomp profile"),
        Some(profile) => Verdict::pass(format!("the daemon's seccomp profile holds ({profile})")),
        None => Verdict::fail("the engine does not use seccomp"),
    })
}
