use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that may use kinds of devices by rule (`--device-cgroup-rule`).
    ///
    /// ## Why is this bad?
    /// With MKNOD, which containers have by default, such a rule gives devices that `--device` does not show.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"DeviceCgroupRules": ["b 8:* rmw"]}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"DeviceCgroupRules": null}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     device_cgroup_rules: ['b 8:* rmw']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    /// ```
    ///
    /// ## Remediation
    /// Name the devices with `--device`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Container(check),
    compose: Warning, [Security], "a kind of device may be used by rule",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let rules = container.host_config()?.device_cgroup_rules.known("HostConfig.DeviceCgroupRules")?;
    let causes = rules.iter().enumerate().map(|(at, rule)| Cause::item("HostConfig.DeviceCgroupRules", at, rule));
    Ok(if rules.is_empty() { Verdict::pass("no such rule") } else { Verdict::fail_for(causes.collect()) })
}
