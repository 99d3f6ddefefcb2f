use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Network;

host_rule! {
    /// ## What it does
    /// Flags overlay networks whose traffic between hosts is not encrypted.
    ///
    /// ## Why is this bad?
    /// Whoever sits between the hosts reads and changes what containers say to each other.
    ///
    /// ## Example
    /// ```json,fail
    /// {"networks.json": [{"Name": "app", "Driver": "overlay", "Options": {}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"networks.json": [{"Name": "app", "Driver": "overlay", "Options": {"encrypted": ""}}]}
    /// ```
    ///
    /// ## Remediation
    /// Make the network with `--opt encrypted`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["7.3", "CIS-1.1.0-7.4"],
    check: Network(check),
}

fn check(_: &Cx<'_>, network: &Network) -> Outcome {
    if network.driver.known("Driver")? != "overlay" {
        return Ok(Verdict::not_applicable("it does not span hosts"));
    }
    let encrypted = network.options.known("Options")?.get("encrypted");
    Ok(match encrypted.map(String::as_str) {
        None => Verdict::fail("it is not encrypted"),
        Some("false" | "0") => Verdict::fail("its option encrypted is false"),
        Some(_) => Verdict::pass("it is encrypted"),
    })
}
