use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::published_ports::{beside_the_host, listed, published};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Lists the ports that a container publishes, for a person to say which are needed, and flags containers that
    /// publish all that their image exposes.
    ///
    /// ## Why is this bad?
    /// Every open port is a way in.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "bridge", "PublishAllPorts": true, "PortBindings": {}}, "NetworkSettings": {"Ports": {}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "bridge", "PublishAllPorts": false, "PortBindings": {}}, "NetworkSettings": {"Ports": {}}}] }
    /// ```
    ///
    /// ## Remediation
    /// Publish only the ports that are needed, each with `--publish`; leave out `--publish-all`.
    ///
    /// ## Notes
    /// Where the ports that may be published are declared, the check answers by itself.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.9", "CIS-1.1.0-5.8", "guide-5.7"],
    check: Container(check),
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    if let Some(answer) = beside_the_host(cx, container)? {
        return Ok(answer);
    }
    let all = container.host_config()?.publish_all_ports.known("HostConfig.PublishAllPorts")?;
    let ports = published(container)?;
    if *all {
        return Ok(Verdict::fail(format!("HostConfig.PublishAllPorts is true; published: {}", listed(&ports))));
    }
    if ports.is_empty() {
        return Ok(Verdict::pass("no port is published"));
    }
    let declared = &cx.options.published_ports;
    if declared.is_empty() {
        return Ok(Verdict::manual(format!("published: {}", listed(&ports))));
    }
    let other = ports.iter().filter(|port| !(port.ports.0..=port.ports.1).all(|number| declared.contains(&number)));
    let other = listed(other);
    Ok(if other.is_empty() {
        Verdict::pass(format!("published as declared: {}", listed(&ports)))
    } else {
        Verdict::fail(format!("published, and not declared: {other}"))
    })
}
