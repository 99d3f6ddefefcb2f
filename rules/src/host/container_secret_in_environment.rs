use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use crate::support::secret_names;
use crate::support::secret_values::{is_secret, is_word};
use plimsoll_engine::Severity;
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
    ///
    /// ## Notes
    /// In Compose files passwords that everybody knows are infos: `root`, `postgres`, `password`, and the user's name again.
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
        let severity = is_default(name, value, variables).then_some(Severity::Info);
        let cause = || Cause { severity, ..Cause::item("Config.Env", at, name) };
        (is_secret(name, value) || is_masked(value) && secret_names::is_secret(name)).then(cause)
    };
    let causes: Vec<Cause> = variables.iter().enumerate().filter_map(secret).collect();
    let names: Vec<&str> = causes.iter().map(|cause| cause.evidence.as_str()).collect();
    Ok(if names.is_empty() {
        Verdict::pass(format!("none of its {} variables has a secret's name and a value", variables.len()))
    } else {
        Verdict::fail(format!("variables with a value: {}", names.join(", "))).because(causes)
    })
}

/// Whether a value is one that databases and their like have on developers' machines, and everybody knows: a word such as
/// `root` or `password`, or what another variable gives as the user's name.
fn is_default(name: &str, value: &str, variables: &[String]) -> bool {
    let names_user = |name: &str| name.to_ascii_lowercase().contains("user") && !secret_names::is_secret(name);
    let is_user =
        |variable: &String| variable.split_once('=').is_some_and(|(name, user)| user == value && names_user(name));
    is_word(value, name) || variables.iter().any(is_user)
}

/// Whether a value was masked, as in bundles: it may be anything.
fn is_masked(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte == b'*')
}
