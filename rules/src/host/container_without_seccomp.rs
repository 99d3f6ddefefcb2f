use crate::host_rule::{Cause, Cx, Outcome, Verdict};
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
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     security_opt: ['seccomp:unconfined']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     security_opt: ['seccomp:./profile.json']
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--security-opt seccomp=unconfined` and without `--privileged`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.22", "CIS-1.1.0-5.21"],
    check: Container(check),
    compose: Error, [Recommended, Security, Cis], "the service has no seccomp profile",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let host = container.host_config()?;
    let own = host.security_option_at("seccomp")?;
    match own {
        Some((at, "unconfined")) => {
            let cause = Cause::item("HostConfig.SecurityOpt", at, "");
            return Ok(Verdict::fail("SecurityOpt has seccomp=unconfined").because([cause]));
        }
        Some(_) => return Ok(Verdict::pass("the container has a seccomp profile of its own")),
        None if *host.privileged.known("HostConfig.Privileged")? => {
            let evidence = "the container is privileged, and has no seccomp profile";
            return Ok(Verdict::fail(evidence).at("HostConfig.Privileged"));
        }
        None => {}
    }
    Ok(match cx.facts.info.known("engine")?.security_option("seccomp")? {
        Some("profile=unconfined") => Verdict::fail("the daemon's default is no seccomp profile"),
        Some(profile) => Verdict::pass(format!("the daemon's seccomp profile holds ({profile})")),
        None => Verdict::fail("the engine does not use seccomp"),
    })
}
