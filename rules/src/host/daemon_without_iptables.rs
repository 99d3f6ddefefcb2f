use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Flags daemons that may not change the packet filter.
    ///
    /// ## Why is this bad?
    /// Without its rules published ports and the walls between networks do not work, and rules that people write in
    /// their place are forgotten.
    ///
    /// ## Example
    /// ```json,fail
    /// { "meta.json": {"unread": {"daemon.json": "absent"}},
    ///   "dockerd.args.json": ["dockerd", "--iptables=false"] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"meta.json": {"unread": {"daemon.json": "absent"}}, "dockerd.args.json": ["dockerd"]}
    /// ```
    ///
    /// ## Remediation
    /// Leave the option `iptables` out, or set it to `true`.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.4", "CIS-1.1.0-2.3", "guide-2.3"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let on = cx.facts.daemon.switch("iptables", true)?;
    let verdict = Verdict::passes_if(on, format!("the daemon runs with iptables={on}"));
    let breaks = "The daemon writes rules of its own into the host's firewall, beside those that stand there now";
    Ok(verdict.setting("iptables", Some("true"), Risk::Disruptive { breaks }))
}
