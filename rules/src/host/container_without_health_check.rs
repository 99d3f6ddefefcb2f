use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags running containers whose health nobody checks.
    ///
    /// ## Why is this bad?
    /// An engine takes a process that hangs for one that works.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "State": {"Running": true}, "Config": {"Healthcheck": {"Test": ["NONE"]}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "State": {"Running": true, "Health": {"Status": "healthy"}}, "Config": {}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     healthcheck: {disable: true}
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     healthcheck: {test: [CMD, curl, localhost]}
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--health-cmd`, or write a HEALTHCHECK into its Dockerfile.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Security, Cis],
    aliases: ["5.27", "CIS-1.1.0-5.26"],
    check: Container(check),
    compose: Info, [Security, Cis], "nobody checks the health of the service",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let config = container.config()?;
    let check = config.healthcheck.optional("Config.Healthcheck")?.and_then(Option::as_ref);
    let is_on = check.map_or(Ok(false), plimsoll_host::Healthcheck::is_on)?;
    if !container.is_running()? {
        return Ok(
            Verdict::passes_if(is_on, format!("not running; has a health check: {is_on}")).at("Config.Healthcheck")
        );
    }
    let state = container.state.known("State")?;
    let health = state.health.optional("State.Health")?.and_then(Option::as_ref);
    let status = health.map_or(Ok(""), |health| health.status.text("State.Health.Status"))?;
    let checked = is_on || !matches!(status, "" | "none");
    Ok(Verdict::passes_if(checked, format!("State.Health.Status is {status:?}")))
}
