use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::{Container, Service, ServiceRestart, Unknown};

host_rule! {
    /// ## What it does
    /// Flags containers that are started again however often they fail.
    ///
    /// ## Why is this bad?
    /// A container that fails over and over takes the host's time, and hides that somebody makes it fail.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5}}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     restart: always
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     restart: on-failure:5
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--restart on-failure:5`.
    ///
    /// ## Notes
    /// Only the presets of CIS ask for this: services are expected to come back after a restart of the host. For a
    /// task of a swarm the service's policy counts.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Cis],
    aliases: ["5.15", "CIS-1.1.0-5.14", "guide-5.12"],
    check: Container(check),
    compose: Warning, [Cis], "the service is started again however often it fails",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    if let Some(service) = container.label("com.docker.swarm.service.name") {
        return of_service(cx, service);
    }
    let policy = container.host_config()?.restart_policy.known("HostConfig.RestartPolicy")?;
    let name = policy.name.known("HostConfig.RestartPolicy.Name")?;
    let retries = policy.maximum_retry_count.optional("HostConfig.RestartPolicy.MaximumRetryCount")?;
    let retries = retries.copied().unwrap_or_default();
    let ends = match name.as_str() {
        "" | "no" => true,
        "on-failure" => (1..=5).contains(&retries),
        _ => false,
    };
    Ok(Verdict::passes_if(ends, format!("RestartPolicy is {name:?}, MaximumRetryCount {retries}"))
        .at("HostConfig.RestartPolicy"))
}

fn of_service(cx: &Cx<'_>, name: &str) -> Outcome {
    let services = cx.facts.services.known("services")?;
    let is_it =
        |service: &&Service| service.spec.value().and_then(|spec| spec.name.value()).is_some_and(|other| other == name);
    let service = services.iter().find(is_it).ok_or_else(|| Unknown::new("the task's service was not read"))?;
    let task = service.spec.known("Spec")?.task_template.known("Spec.TaskTemplate")?;
    let none = ServiceRestart::default();
    let policy = task.restart_policy.optional("RestartPolicy")?.unwrap_or(&none);
    let condition = policy.condition.text("RestartPolicy.Condition")?;
    let attempts = policy.max_attempts.optional("RestartPolicy.MaxAttempts")?.copied().unwrap_or_default();
    let ends = condition == "none" || (1..=5).contains(&attempts);
    Ok(Verdict::passes_if(ends, format!("the service restarts on {condition:?}, at most {attempts} times (0: no end)")))
}
