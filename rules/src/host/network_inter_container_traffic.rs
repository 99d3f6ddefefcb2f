use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Network;

host_rule! {
    /// ## What it does
    /// Says of each other bridge network with containers in it whether they may talk to each other.
    ///
    /// ## Why is this bad?
    /// Containers of a network reach each other at every port. That is what networks are for; it should hold only for
    /// containers that belong together.
    ///
    /// ## Example
    /// ```json,manual
    /// { "networks.json": [{"Name": "app", "Driver": "bridge", "Options": {}, "Containers": {"aa": {"Name": "web"}, "bb": {"Name": "db"}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "networks.json": [{"Name": "app", "Driver": "bridge", "Options": {"com.docker.network.bridge.enable_icc": "false"}, "Containers": {"aa": {"Name": "web"}, "bb": {"Name": "db"}}}] }
    /// ```
    ///
    /// ## Remediation
    /// Give containers that do not belong together networks of their own.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Security],
    aliases: [],
    check: Network(check),
}

fn check(_: &Cx<'_>, network: &Network) -> Outcome {
    let driver = network.driver.known("Driver")?;
    if driver != "bridge" || network.name.value().is_some_and(|name| name == "bridge") {
        return Ok(Verdict::not_applicable("it is not a bridge network of the user's"));
    }
    let options = network.options.optional("Options")?;
    if options.and_then(|options| options.get("com.docker.network.bridge.enable_icc")).is_some_and(|icc| icc == "false")
    {
        return Ok(Verdict::pass("enable_icc is false"));
    }
    let members = network.containers.known("Containers")?;
    let names: Vec<&str> = members.values().filter_map(|member| member.name.value()).map(String::as_str).collect();
    Ok(match names.len() {
        0 | 1 => Verdict::not_applicable("fewer than two containers are in it"),
        count => Verdict::manual(format!(
            "{count} containers in it may talk to each other: {}",
            names.iter().take(20).copied().collect::<Vec<_>>().join(", ")
        )),
    })
}
