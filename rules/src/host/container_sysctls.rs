use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Lists the kernel settings that a container changes for its namespaces.
    ///
    /// ## Why is this bad?
    /// Some of them open what the host closed, such as forwarding of packets or ports for everybody.
    ///
    /// ## Example
    /// ```json,manual
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Sysctls": {"net.ipv4.ip_forward": "1"}}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Sysctls": null}}]}
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--sysctl`, unless it needs the setting.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Security],
    aliases: [],
    check: Container(check),
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let none = std::collections::BTreeMap::new();
    let settings = container.host_config()?.sysctls.optional("HostConfig.Sysctls")?.unwrap_or(&none);
    let listed: Vec<String> = settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok(if listed.is_empty() { Verdict::pass("no setting is changed") } else { Verdict::manual(listed.join(", ")) })
}
