use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Says which seccomp profile containers get by default, and flags engines without one.
    ///
    /// ## Why is this bad?
    /// The profile refuses system calls that programs hardly use and exploits often do. A stricter one of your own
    /// refuses more.
    ///
    /// ## Example
    /// ```json,fail
    /// {"info.json": {"SecurityOptions": ["name=seccomp,profile=unconfined"]}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"info.json": {"SecurityOptions": ["name=seccomp,profile=/etc/docker/strict.json"]}}
    /// ```
    ///
    /// ## Remediation
    /// Leave `seccomp-profile` out for the built-in profile, or give it the path of a stricter one.
    ///
    /// ## Notes
    /// With the built-in profile the check is manual: whether a stricter one is worth its upkeep a person decides.
    /// Taking chmod, fchmod and fchmodat out of the profile, as some guides advise, stops many entrypoints and leaves
    /// fchmodat2 open.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.17", "CIS-1.1.0-2.16", "guide-2.16"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    Ok(match cx.facts.info.known("engine")?.security_option("seccomp")? {
        None => Verdict::fail("the engine does not use seccomp"),
        Some("profile=unconfined") => Verdict::fail("containers get no seccomp profile by default").setting(
            "seccomp-profile",
            None,
            Risk::Disruptive { breaks: "Programs that need system calls beyond the built-in profile fail" },
        ),
        Some(profile @ ("profile=default" | "profile=builtin" | "")) => {
            Verdict::manual(format!("the built-in profile holds ({profile}): is a stricter one needed?"))
        }
        Some(profile) => Verdict::pass(format!("a profile of your own holds ({profile})")),
    })
}
