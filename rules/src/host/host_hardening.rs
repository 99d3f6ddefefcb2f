use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Gives what a person needs to say whether the host itself is hardened: its kernel's security modules and
    /// settings, and what listens.
    ///
    /// ## Why is this bad?
    /// Containers are as safe as the host that runs them.
    ///
    /// ## Example
    /// ```json,manual
    /// { "lsm.txt": "lockdown,capability,apparmor",
    ///   "sysctl.txt": "kernel.randomize_va_space = 2\nkernel.kptr_restrict = 1\n" }
    /// ```
    /// Use instead:
    /// ```json,manual
    /// {"lsm.txt": "capability", "sysctl.txt": ""}
    /// ```
    ///
    /// ## Remediation
    /// Follow the guide of the distribution: a firewall that ends in a refusal, no service that is not needed,
    /// updates, remote logs, a monitor of what runs (such as Falco).
    ///
    /// ## Notes
    /// A person looks besides at the firewall (also at rules that limit which networks reach containers), at what watches
    /// containers while they run (such as Falco), and whether logs leave the host. grsecurity, which older guides name, has
    /// had no public patches since 2017.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["1.2.1", "CIS-1.1.0-1.2", "guide-1.1"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    const TELLING: [&str; 6] = [
        "kernel.randomize_va_space",
        "kernel.kptr_restrict",
        "kernel.dmesg_restrict",
        "kernel.unprivileged_bpf_disabled",
        "kernel.yama.ptrace_scope",
        "net.ipv4.ip_forward",
    ];
    let modules = cx.facts.lsm.known("list of security modules");
    let settings = cx.facts.sysctl.known("kernel settings")?;
    let settings: Vec<String> =
        TELLING.iter().filter_map(|name| Some(format!("{name}={}", settings.get(*name)?))).collect();
    let mut parts = vec![match modules {
        Ok(modules) => format!("security modules: {}", modules.join(", ")),
        Err(why) => format!("security modules: not known ({why})"),
    }];
    if !settings.is_empty() {
        parts.push(settings.join(", "));
    }
    if let plimsoll_host::Fact::Known(listeners) = &cx.facts.listeners {
        let mut ports: Vec<u16> =
            listeners.iter().filter(|listener| !listener.address.is_loopback()).map(|listener| listener.port).collect();
        ports.sort_unstable();
        ports.dedup();
        let ports: Vec<String> = ports.iter().take(40).map(ToString::to_string).collect();
        parts.push(format!(
            "TCP ports open to others: {}",
            if ports.is_empty() { "none".to_owned() } else { ports.join(", ") }
        ));
    }
    let version = match &cx.facts.info {
        plimsoll_host::Fact::Known(info) => info.cgroup_version.value().map(String::as_str),
        plimsoll_host::Fact::Absent | plimsoll_host::Fact::Denied(_) => None,
    };
    if version == Some("1") {
        parts.push("cgroups have version 1, which Engine 29 calls deprecated".to_owned());
    }
    Ok(Verdict::manual(parts.join("; ")))
}
