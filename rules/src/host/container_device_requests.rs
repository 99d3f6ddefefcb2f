use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Lists the devices that a container gets through a driver (`--gpus`).
    ///
    /// ## Why is this bad?
    /// The driver mounts devices and libraries of the host, and has had holes of its own.
    ///
    /// ## Example
    /// ```json,manual
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"DeviceRequests": [{"Driver": "nvidia", "Count": -1}]}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"DeviceRequests": null}}]}
    /// ```
    ///
    /// ## Remediation
    /// Give only the devices that are needed, and keep the driver's toolkit up to date.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Security],
    aliases: [],
    check: Container(check),
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let requests = container.host_config()?.device_requests.known("HostConfig.DeviceRequests")?;
    let mut listed = Vec::new();
    for request in requests {
        let count = request.count.optional("DeviceRequests[].Count")?.copied().unwrap_or_default();
        listed.push(format!("driver {:?}, count {count}", request.driver.text("DeviceRequests[].Driver")?));
    }
    Ok(if listed.is_empty() { Verdict::pass("no request to a driver") } else { Verdict::manual(listed.join(", ")) })
}
