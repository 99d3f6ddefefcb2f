use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::published_ports::{Published, beside_the_host, causes, listed, published};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that publish a port below 1024 of the host, but for 80 and 443.
    ///
    /// ## Why is this bad?
    /// Ports below 1024 are those of known services: whoever takes one is trusted as that service.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "bridge", "PortBindings": {}}, "NetworkSettings": {"Ports": {"22/tcp": [{"HostIp": "10.0.0.1", "HostPort": "22"}]}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "bridge", "PortBindings": {}}, "NetworkSettings": {"Ports": {"8080/tcp": [{"HostIp": "10.0.0.1", "HostPort": "8080"}], "443/tcp": [{"HostIp": "10.0.0.1", "HostPort": "443"}]}}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     ports: ['22:22']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     ports: ['443:443', '8080:22']
    /// ```
    ///
    /// ## Remediation
    /// Publish a port from 1024 on, or put a proxy before the container.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.8", "CIS-1.1.0-5.7", "guide-5.6"],
    check: Container(check),
    compose: Warning, [Security, Cis], "a privileged port is published",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    if let Some(answer) = beside_the_host(cx, container)? {
        return Ok(answer);
    }
    let ports = published(container)?;
    let low: Vec<&Published> = ports.iter().filter(|port| is_privileged(port.ports)).collect();
    Ok(if low.is_empty() {
        Verdict::pass(format!("published: {}", if ports.is_empty() { "nothing".to_owned() } else { listed(&ports) }))
    } else {
        Verdict::fail(format!("published: {}", listed(low.iter().copied()))).because(causes(low))
    })
}

/// Whether one of the ports is privileged; 0 is any port, which is never one.
fn is_privileged((first, last): (u16, u16)) -> bool {
    (first..=last).take_while(|port| *port < 1024).any(|port| !matches!(port, 0 | 80 | 443))
}
