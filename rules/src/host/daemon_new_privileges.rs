use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::new_privileges::none_by_default;
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Flags daemons that let processes in containers gain privileges through setuid programs.
    ///
    /// ## Why is this bad?
    /// One forgotten setuid program in an image makes root of any user.
    ///
    /// ## Example
    /// ```json,fail
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd", "--no-new-privileges=false"] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"dockerd.args.json": ["dockerd"], "daemon.json": {"no-new-privileges": true}}
    /// ```
    ///
    /// ## Remediation
    /// Set `"no-new-privileges": true` in daemon.json. Containers that need `sudo` or `ping` by a setuid program stop
    /// working.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.14", "CIS-1.1.0-2.18", "guide-2.15"],
    check: Daemon(check),
}

const RISK: Risk = Risk::Disruptive {
    breaks: "Programs that gain rights in containers, such as sudo and su, stop working \
             in containers that are made from then on, unless they are started with no-new-privileges=false",
};

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let on = none_by_default(cx)?;
    let verdict = Verdict::passes_if(on, format!("the daemon runs with no-new-privileges={on}"));
    Ok(verdict.setting("no-new-privileges", Some("true"), RISK))
}
