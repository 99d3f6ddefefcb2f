use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Flags daemons that publish ports through a process of their own.
    ///
    /// ## Why is this bad?
    /// For each published port a process of root forwards packets that the kernel can forward, and hides the address
    /// that they come from.
    ///
    /// ## Example
    /// ```json,fail
    /// {"meta.json": {"unread": {"daemon.json": "absent"}}, "dockerd.args.json": ["dockerd"]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"dockerd.args.json": ["dockerd"], "daemon.json": {"userland-proxy": false}}
    /// ```
    ///
    /// ## Remediation
    /// Set `"userland-proxy": false` in daemon.json, where the kernel forwards packets of the loopback address.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.16", "CIS-1.1.0-2.15", "guide-2.14"],
    check: Daemon(check),
}

const RISK: Risk = Risk::Disruptive {
    breaks: "Published ports are reached by rules of the firewall only: connections over IPv6 loopback, and from \
             containers to their own published port, may fail",
};

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let on = cx.facts.daemon.switch("userland-proxy", true)?;
    let verdict = Verdict::passes_if(!on, format!("the daemon runs with userland-proxy={on}"));
    Ok(verdict.setting("userland-proxy", Some("false"), RISK))
}
