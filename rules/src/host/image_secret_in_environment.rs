use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::secret_names;
use plimsoll_host::Image;

host_rule! {
    /// ## What it does
    /// Flags images with a secret's value in their environment, by the variable's name.
    ///
    /// ## Why is this bad?
    /// Whoever pulls the image has it.
    ///
    /// ## Example
    /// ```json,fail
    /// {"images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {"Env": ["API_TOKEN=***"]}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {"Env": ["PATH=/bin"]}}]}
    /// ```
    ///
    /// ## Remediation
    /// Take it out of the Dockerfile, change the secret, and hand it over when the container runs.
    ///
    /// ## Notes
    /// What stands in the layers `plimsoll image` finds.
    category: Secret, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.10", "CIS-1.1.0-4.10", "CIS-DI-0010", "guide-4.10"],
    check: Image(check),
}

fn check(_: &Cx<'_>, image: &Image) -> Outcome {
    let variables = image.config.known("Config")?.env.list("Config.Env")?;
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
