use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use plimsoll_engine::Severity;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that were given devices of the host.
    ///
    /// ## Why is this bad?
    /// A disk is all that stands on it; other devices reach memory, the network or people.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "Devices": [{"PathOnHost": "/dev/sda", "PathInContainer": "/dev/sda", "CgroupPermissions": "rwm"}]}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "Devices": null}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     devices: ['/dev/sda:/dev/sda:r']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     devices: ['vendor.com/class=name']
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--device`, or give only the permissions that it needs: `--device
    /// /dev/NAME:/dev/NAME:r`.
    ///
    /// ## Notes
    /// Disks and memory are errors, and in Compose files the only ones that the recommended preset names.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.18", "CIS-1.1.0-5.17", "guide-5.15"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "a device of the host",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let host = container.host_config()?;
    if *host.privileged.known("HostConfig.Privileged")? {
        let verdict = Verdict::fail("the container is privileged, and has every device of the host");
        return Ok(verdict.severity(Severity::Error).at("HostConfig.Privileged"));
    }
    let devices = host.devices.known("HostConfig.Devices")?;
    if devices.is_empty() {
        return Ok(Verdict::pass("no device of the host"));
    }
    let mut causes = Vec::new();
    for (at, device) in devices.iter().enumerate() {
        let path = device.path_on_host.known("PathOnHost")?;
        let evidence = format!("{path} ({})", device.cgroup_permissions.text("CgroupPermissions")?);
        let severity = if is_grave(path) { Severity::Error } else { Severity::Warning };
        let strict = !is_grave(path);
        causes.push(Cause { severity: Some(severity), strict, ..Cause::item("HostConfig.Devices", at, evidence) });
    }
    let grave = causes.iter().any(|cause| !cause.strict);
    let verdict = Verdict::fail_for(causes);
    Ok(if grave { verdict.severity(Severity::Error) } else { verdict })
}

/// Whether a device holds the host's files or memory.
pub(super) fn is_grave(path: &str) -> bool {
    const BEGINNINGS: [&str; 10] = ["sd", "hd", "vd", "xvd", "nvme", "dm-", "mapper/", "loop", "mem", "kmem"];
    path.strip_prefix("/dev/").is_some_and(|name| BEGINNINGS.iter().any(|beginning| name.starts_with(beginning)))
}
