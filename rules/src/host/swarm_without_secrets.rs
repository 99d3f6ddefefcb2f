use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::secret_names;

host_rule! {
    /// ## What it does
    /// Flags swarms that keep no secrets while services have some in their environment.
    ///
    /// ## Why is this bad?
    /// The swarm hands secrets over in memory to those tasks only that need them; an environment can be read by
    /// whoever may list the services.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "secrets.json": [],
    ///   "services.json": [{"Spec": {"Name": "db", "TaskTemplate": {"ContainerSpec": {"Env": ["DB_PASSWORD=***"]}}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "secrets.json": [{"ID": "a"}],
    ///   "services.json": [] }
    /// ```
    ///
    /// ## Remediation
    /// Make a secret with `docker secret create`, and give it to the service with `--secret`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["7.4", "CIS-1.1.0-7.5"],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::not_applicable("only a manager of the swarm can say it"));
    }
    let secrets = *cx.facts.secrets.known("secrets")?;
    let mut open = Vec::new();
    for service in cx.facts.services.known("services")? {
        let spec = service.spec.known("Spec")?;
        let Some(container) =
            spec.task_template.known("Spec.TaskTemplate")?.container_spec.optional("ContainerSpec")?
        else {
            continue;
        };
        for variable in container.env.list("ContainerSpec.Env")? {
            let (name, value) = variable.split_once('=').unwrap_or((variable, ""));
            if !value.is_empty() && secret_names::is_secret(name) {
                open.push(format!("{} of {}", name, spec.name.text("Spec.Name")?));
            }
        }
    }
    Ok(match (open.is_empty(), secrets) {
        (false, _) => Verdict::fail(format!("secrets in the environment of services: {}", open.join(", "))),
        (true, 0) => Verdict::manual("the swarm has no secrets: do its services need none?"),
        (true, count) => Verdict::pass(format!("the swarm has {count} secrets")),
    })
}
