use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::{Container, Fact, NamespaceKind, Network};

host_rule! {
    /// ## What it does
    /// Flags containers in the default bridge network.
    ///
    /// ## Why is this bad?
    /// All containers that nobody gave a network meet there, and may talk to each other.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "default"}, "NetworkSettings": {"Networks": {"bridge": {"NetworkID": "aa"}}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NetworkMode": "app"}, "NetworkSettings": {"Networks": {"app": {"NetworkID": "bb"}}}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     network_mode: bridge
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     networks: [app]
    /// networks:
    ///   app:
    /// ```
    ///
    /// ## Remediation
    /// Make a network with `docker network create` for the containers that belong together.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.30", "CIS-1.1.0-5.29", "guide-5.18"],
    check: Container(check),
    compose: Info, [Security, Cis], "the service is in the default bridge network",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let namespace = cx.facts.namespaces().of(container, NamespaceKind::Network)?;
    if let (Some(other), "default" | "bridge") = (&namespace.through, namespace.mode.as_str()) {
        return Ok(Verdict::fail(format!("it is in the default bridge through the container {other}")));
    }
    let networks = container.network_settings.known("NetworkSettings")?.networks.known("NetworkSettings.Networks")?;
    let on_it = networks.iter().find(|(name, endpoint)| {
        let id = endpoint.network_id.value().map_or("", String::as_str);
        *name == "bridge" || is_docker0(cx, id)
    });
    Ok(match on_it {
        Some((name, _)) => {
            let links = container.host_config.value().and_then(|host| host.links.value());
            let linked = links.is_some_and(|links| !links.is_empty());
            let retired =
                if linked { "; it uses --link, which is retired: a network of one's own has names" } else { "" };
            let evidence = format!("it is in the network {name}, the default bridge{retired}");
            Verdict::fail(evidence).at("HostConfig.NetworkMode")
        }
        None => Verdict::pass("it is not in the default bridge"),
    })
}

/// Whether the network of that id is the bridge docker0.
fn is_docker0(cx: &Cx<'_>, id: &str) -> bool {
    let Fact::Known(networks) = &cx.facts.networks else { return false };
    let is_it = |network: &&Network| network.id.value().is_some_and(|other| !id.is_empty() && other == id);
    let options = networks.iter().find(is_it).and_then(|network| network.options.value());
    options.and_then(|options| options.get("com.docker.network.bridge.name")).is_some_and(|name| name == "docker0")
}
