use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::audited_client::audited_client;

host_rule! {
    /// ## What it does
    /// Says how to find out whether somebody ran a command in a container with `docker exec --user=root`.
    ///
    /// ## Why is this bad?
    /// Such a command has more rights than the container was given.
    ///
    /// ## Example
    /// ```json,manual
    /// {"audit.rules": "-w /usr/bin/docker -p rwxa -k docker\n"}
    /// ```
    /// Use instead:
    /// ```json,manual
    /// {"meta.json": {"unread": {"audit.rules": "absent"}}}
    /// ```
    ///
    /// ## Remediation
    /// Search the audit records: `ausearch -k docker | grep exec | grep -e --user=root`.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.24", "CIS-1.1.0-5.23"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let watches = match cx.facts.audit.optional()? {
        Some(rules) => audited_client(rules),
        None => false,
    };
    Ok(Verdict::manual(if watches {
        "the engine does not say it; an audit rule watches the client, so its records do"
    } else {
        "the engine does not say it, and no audit rule watches the client /usr/bin/docker"
    }))
}
