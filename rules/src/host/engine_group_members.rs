use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::engine_group::engine_group;

host_rule! {
    /// ## What it does
    /// Lists who controls the engine through the group `docker`, by the group's list or as their primary group.
    ///
    /// ## Why is this bad?
    /// Whoever is in the group can become root of the host without a password.
    ///
    /// ## Example
    /// ```json,manual
    /// { "group": "docker:x:998:ann,root\n",
    ///   "passwd": "ann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:998::/home/bob:/bin/sh\n" }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"group": "docker:x:998:\n", "passwd": "ann:x:1000:1000::/home/ann:/bin/sh\n"}
    /// ```
    ///
    /// ## Remediation
    /// Take out who does not need it: `gpasswd -d USER docker`; give others rootless engines or `ssh` with single
    /// commands.
    ///
    /// ## Notes
    /// Where the trusted users are declared, the check answers by itself.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["1.1.2", "CIS-1.1.0-1.4", "guide-1.3"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let groups = cx.facts.groups.known("/etc/group")?;
    let name = engine_group(cx);
    let Some(group) = groups.iter().find(|group| group.name == name) else {
        return Ok(Verdict::not_applicable(format!("the host has no group {name}")));
    };
    let users = cx.facts.users.known("/etc/passwd")?;
    let mut members: Vec<&str> = group.members.iter().map(String::as_str).collect();
    members.extend(users.iter().filter(|user| user.gid == group.gid).map(|user| user.name.as_str()));
    members.sort_unstable();
    members.dedup();
    if members.is_empty() {
        return Ok(Verdict::pass(format!("the group {name} has no members")));
    }
    let trusted = &cx.options.trusted_users;
    if trusted.is_empty() {
        return Ok(Verdict::manual(format!("in the group {name}: {}", members.join(", "))));
    }
    let others: Vec<&str> = members.iter().copied().filter(|name| !trusted.iter().any(|other| other == name)).collect();
    Ok(if others.is_empty() {
        Verdict::pass(format!("in the group {name}, all trusted: {}", members.join(", ")))
    } else {
        Verdict::fail(format!("in the group {name}, and not trusted: {}", others.join(", ")))
    })
}
