use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use crate::support::secret_names;
use crate::support::secret_values::{self, Value};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers with a secret's value in their environment, by the variable's name.
    ///
    /// ## Why is this bad?
    /// Whoever may inspect the container reads it, every process of it inherits it, and it ends up in logs and crash
    /// reports.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "Config": {"Env": ["DB_PASSWORD=***"]}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "Config": {"Env": ["DB_PASSWORD_FILE=/run/secrets/db", "PATH=/bin"]}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     environment:
    ///       DB_PASSWORD: hunter2
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     environment:
    ///       DB_PASSWORD_FILE: /run/secrets/db
    ///       API_TOKEN: ${API_TOKEN}
    /// ```
    ///
    /// ## Remediation
    /// Hand the secret over as a file: a swarm secret, or a mount that only the process can read, and a variable that
    /// names it (`DB_PASSWORD_FILE`).
    category: Secret, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "a secret in the environment",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let variables = container.config()?.env.known("Config.Env")?;
    let secret = |(at, variable): (usize, &String)| {
        let (name, value) = variable.split_once('=')?;
        (holds_something(value) && secret_names::is_secret(name)).then(|| Cause::item("Config.Env", at, name))
    };
    let causes: Vec<Cause> = variables.iter().enumerate().filter_map(secret).collect();
    let names: Vec<&str> = causes.iter().map(|cause| cause.evidence.as_str()).collect();
    Ok(if names.is_empty() {
        Verdict::pass(format!("none of its {} variables has a secret's name and a value", variables.len()))
    } else {
        Verdict::fail(format!("variables with a value: {}", names.join(", "))).because(causes)
    })
}

/// Whether a value is more than a switch, a path or a text that asks to be replaced. In bundles it is masked, and may be
/// anything.
fn holds_something(value: &str) -> bool {
    let masked = !value.is_empty() && value.bytes().all(|byte| byte == b'*');
    masked || matches!(secret_values::judge(value), Value::Literal | Value::Random)
}
