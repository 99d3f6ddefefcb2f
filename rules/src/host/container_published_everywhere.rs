use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::published_ports::{Published, beside_the_host, causes, listed, published};
use plimsoll_host::{Container, Fact};

host_rule! {
    /// ## What it does
    /// Flags containers that publish a port at every address of the host.
    ///
    /// ## Why is this bad?
    /// The port is then open on networks that nobody thought of, and past most firewalls, since the engine writes its
    /// own rules before theirs.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "bridge", "PortBindings": {}}, "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "::", "HostPort": "8080"}]}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "bridge", "PortBindings": {}}, "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     ports: ['8080:80']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     ports: ['127.0.0.1:8080:80']
    /// ```
    ///
    /// ## Remediation
    /// Name the address: `--publish 10.0.0.1:8080:80`.
    ///
    /// ## Notes
    /// Before version 28 of Docker Engine a port published at 127.0.0.1 could be reached from other hosts of the same
    /// network; the evidence names the version.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.14", "CIS-1.1.0-5.13", "guide-5.11"],
    check: Container(check),
    compose: Warning, [Security, Cis], "a port is published at every address of the host",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    if let Some(answer) = beside_the_host(cx, container)? {
        return Ok(answer);
    }
    let ports = published(container)?;
    let everywhere: Vec<&Published> = ports.iter().filter(|port| port.is_everywhere()).collect();
    if !everywhere.is_empty() {
        let evidence = format!("published at every address: {}", listed(everywhere.iter().copied()));
        return Ok(Verdict::fail(evidence).because(causes(everywhere)));
    }
    if ports.is_empty() {
        return Ok(Verdict::pass("no port is published"));
    }
    let mut evidence = format!("published: {}", listed(&ports));
    if ports.iter().any(|port| port.address.starts_with("127.")) {
        let version = match &cx.facts.version {
            Fact::Known(version) => version.version.value().map_or("", String::as_str),
            Fact::Absent | Fact::Denied(_) => "",
        };
        if version.split('.').next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major < 28) {
            evidence
                .push_str(&[" (engine ", version, ": loopback ports can be reached from the same network)"].concat());
        }
    }
    Ok(Verdict::pass(evidence))
}
