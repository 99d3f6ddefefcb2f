use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers without a limit on the number of processes.
    ///
    /// ## Why is this bad?
    /// A container that starts processes without end brings the host to a halt.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"PidsLimit": null}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"PidsLimit": 100}}]}
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
    ///     pids_limit: 100
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--pids-limit`.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.29", "CIS-1.1.0-5.28"],
    check: Container(check),
    compose: Warning, [Security, Cis], "no limit on the number of processes",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    // Engines write `null` where nobody set a limit.
    let limit = container.host_config()?.pids_limit.optional("HostConfig.PidsLimit")?;
    let told = limit.map_or("not set".to_owned(), ToString::to_string);
    Ok(Verdict::passes_if(limit.is_some_and(|limit| *limit > 0), format!("HostConfig.PidsLimit is {told}"))
        .at("HostConfig.PidsLimit"))
}
