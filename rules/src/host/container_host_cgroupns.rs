use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers in the cgroup namespace of the host.
    ///
    /// ## Why is this bad?
    /// The container sees how the host arranges its processes; with a hole in the kernel or CAP_SYS_ADMIN it is a way
    /// out.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"CgroupVersion": "2"},
    ///   "containers.json": [{"Name": "/web", "HostConfig": {"CgroupnsMode": "host"}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"CgroupVersion": "2"},
    ///   "containers.json": [{"Name": "/web", "HostConfig": {"CgroupnsMode": "private"}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cgroup: host
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cgroup: private
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--cgroupns private`.
    ///
    /// ## Notes
    /// With version 1 of cgroups that is the default of engines, and an info.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Container(check),
    compose: Warning, [Recommended, Security], "the service is in the cgroup namespace of the host",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let mode = container.host_config()?.cgroupns_mode.known("HostConfig.CgroupnsMode")?;
    if mode.is_empty() && cx.facts.is_podman() {
        return Err(plimsoll_host::Unknown::new("podman does not say it to clients of docker"));
    }
    let version = cx.facts.info.known("engine")?.cgroup_version.text("CgroupVersion")?;
    let evidence = format!("HostConfig.CgroupnsMode is {mode:?}, cgroups have version {version}");
    if mode != "host" {
        return Ok(Verdict::pass(evidence));
    }
    let verdict = Verdict::fail(evidence).at("HostConfig.CgroupnsMode");
    Ok(if version == "2" { verdict } else { verdict.severity(plimsoll_engine::Severity::Info) })
}
