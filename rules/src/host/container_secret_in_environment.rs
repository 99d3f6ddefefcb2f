use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::secret_names;
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
    /// ## Remediation
    /// Hand the secret over as a file: a swarm secret, or a mount that only the process can read, and a variable that
    /// names it (`DB_PASSWORD_FILE`).
    category: Secret, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Container(check),
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let variables = container.config()?.env.list("Config.Env")?;
    let secret = |variable: &'_ String| -> Option<String> {
        let (name, value) = variable.split_once('=')?;
        (!value.is_empty() && secret_names::is_secret(name)).then(|| name.to_owned())
    };
    let names: Vec<String> = variables.iter().filter_map(secret).collect();
    Ok(if names.is_empty() {
        Verdict::pass(format!("none of its {} variables is named like a secret", variables.len()))
    } else {
        Verdict::fail(format!("variables with a value: {}", names.join(", ")))
    })
}
