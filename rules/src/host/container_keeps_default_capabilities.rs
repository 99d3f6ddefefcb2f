use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;
use plimsoll_host::capabilities::Capabilities;

host_rule! {
    /// ## What it does
    /// Flags containers that keep default capabilities which few programs use: NET_RAW, MKNOD, AUDIT_WRITE,
    /// SYS_CHROOT, SETFCAP.
    ///
    /// ## Why is this bad?
    /// NET_RAW forges packets of neighbours, MKNOD makes device files; whoever takes over the process has them.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": null, "CapDrop": null}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "CapAdd": ["NET_BIND_SERVICE"], "CapDrop": ["ALL"]}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cap_drop: [ALL]
    ///     cap_add: [NET_BIND_SERVICE]
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--cap-drop ALL`, and add what it uses.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Security],
    aliases: [],
    check: Container(check),
    compose: Info, [Security], "default capabilities are kept which few programs use",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    const SELDOM: [&str; 5] = ["NET_RAW", "MKNOD", "AUDIT_WRITE", "SYS_CHROOT", "SETFCAP"];
    let host = container.host_config()?;
    if *host.privileged.known("HostConfig.Privileged")? {
        return Ok(Verdict::fail("the container is privileged, and has all").at("HostConfig.Privileged"));
    }
    let added = host.cap_add.known("HostConfig.CapAdd")?;
    let capabilities = Capabilities::of(added, host.cap_drop.known("HostConfig.CapDrop")?);
    let kept: Vec<&str> = SELDOM.into_iter().filter(|name| capabilities.has(name)).collect();
    Ok(if kept.is_empty() {
        Verdict::pass("none of them is there")
    } else {
        Verdict::fail(format!("kept: {}", kept.join(", ")))
    })
}
