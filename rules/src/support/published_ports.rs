//! Ports of the host that containers publish.

use crate::host_rule::{Cause, Cx, Verdict};
use plimsoll_host::{Binding, Container, NamespaceKind, Unknown};
use std::fmt;

/// A port of the host that leads to a container.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Published {
    /// The address; empty for all.
    pub(crate) address: String,
    /// The first and the last port; 0 where the engine chooses.
    pub(crate) ports: (u16, u16),
    /// The container's port, such as `80/tcp`.
    pub(crate) inside: String,
    /// Its position among all bindings, as the container's ports come.
    pub(crate) at: usize,
}

impl Published {
    /// Whether it is reached at every address of the host.
    pub(crate) fn is_everywhere(&self) -> bool {
        matches!(self.address.as_str(), "" | "0.0.0.0" | "::" | "[::]" | "0:0:0:0:0:0:0:0")
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = match self.address.as_str() {
            "" => "*".to_owned(),
            address if address.contains(':') && !address.starts_with('[') => format!("[{address}]"),
            address => address.to_owned(),
        };
        match self.ports {
            (first, last) if first == last => write!(f, "{address}:{first} -> {}", self.inside),
            (first, last) => write!(f, "{address}:{first}-{last} -> {}", self.inside),
        }
    }
}

/// The answer for a container in the network of the host: nothing is published, and everything may be open.
pub(crate) fn beside_the_host(cx: &Cx<'_>, container: &Container) -> Result<Option<Verdict>, Unknown> {
    let is_there = cx.facts.namespaces().of(container, NamespaceKind::Network)?.mode == "host";
    let answer =
        || Verdict::not_applicable("the container is in the network of the host, where it may listen anywhere");
    Ok(is_there.then(answer))
}

/// The ports that are published now; of a container that does not run, those that it will publish.
pub(crate) fn published(container: &Container) -> Result<Vec<Published>, Unknown> {
    let now = container.network_settings.known("NetworkSettings")?.ports.known("NetworkSettings.Ports")?;
    let ports =
        if now.is_empty() { container.host_config()?.port_bindings.known("HostConfig.PortBindings")? } else { now };
    let mut found = Vec::new();
    let all =
        ports.iter().flat_map(|(inside, bindings)| bindings.iter().flatten().map(move |binding| (inside, binding)));
    for (at, (inside, Binding { host_ip, host_port })) in all.enumerate() {
        let address = host_ip.text("HostIp")?.to_owned();
        found.push(Published { address, ports: range(host_port.known("HostPort")?)?, inside: inside.clone(), at });
    }
    found.sort();
    Ok(found)
}

fn range(text: &str) -> Result<(u16, u16), Unknown> {
    if text.is_empty() {
        return Ok((0, 0));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) => Ok((first, last)),
        _ => Err(Unknown::malformed("HostPort is no port number")),
    }
}

/// The ports as what a failure rests on.
pub(crate) fn causes<'p>(ports: impl IntoIterator<Item = &'p Published>) -> impl Iterator<Item = Cause> {
    ports.into_iter().map(|port| Cause::item("HostConfig.PortBindings", port.at, port.to_string()))
}

/// The ports as evidence.
pub(crate) fn listed<'p>(ports: impl IntoIterator<Item = &'p Published>) -> String {
    ports.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
