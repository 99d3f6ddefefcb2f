use crate::prelude::*;
use crate::support::secret_names::{self, SecretName, Strength};
use crate::support::secret_values::{self, Value};

rule! {
    /// ## What it does
    /// Flags `ENV` that gives a password, a token or another secret a value.
    ///
    /// ## Why is this bad?
    /// The value is part of the image: `docker inspect` and `docker history` show it to everybody who has the image,
    /// and every process in the container has it in its environment.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// ENV DB_PASSWORD=hunter2
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// ENV DB_PASSWORD_FILE=/run/secrets/db-password
    /// ```
    /// or, where the build needs it, `RUN --mount=type=secret,id=db-password`.
    ///
    /// ## Notes
    /// Names of files (`*_FILE`) and of public things are no secrets' names. Empty values, switches, paths and texts
    /// such as `changeme` are left to those who ask for a peer's id, as are names that only peers take for secrets'
    /// (`USERNAME`, `GPG_KEY`). A variable that copies a secret-like build argument into the image is a finding.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3064", "SecretsUsedInArgOrEnv", "DS-0031", "CKV_DOCKER_1005", "4.10", "CIS-DI-0010"],
    fixable: false,
    check: Instruction([Env], check),
}

fn check<'c>(cx: &mut Cx<'c>, at: At<'c>) {
    let Kind::Env(pairs) = &at.instruction.kind else { return };
    for pair in pairs {
        let key = pair.key.unquoted();
        let Some(judged) = secret_names::judge(key) else { continue };
        let value = secret_values::judge(pair.value.unquoted());
        let copied = value == Value::Reference && judged.strength == Strength::Strong && copies_argument(cx, at, pair);
        let given = format!("secret `{key}` given a value in the image");
        let message = match value {
            _ if copied => format!("`{key}` keeps a build argument's secret in the image"),
            Value::Literal if judged.strength == Strength::Strong => given,
            Value::Random if judged.strength > Strength::Peers => given,
            _ => format!("`{key}` has the name of a secret"),
        };
        let in_final = at.stage_fact(cx).is_some_and(|stage| stage.last);
        let finding = cx.report(pair.key.span, message);
        restrict(finding, judged, in_final);
        if pair.legacy {
            finding.without_aliases(&["CKV_DOCKER_1005"]);
        }
        match (judged.strength, value) {
            (Strength::Strong, Value::Literal | Value::Random) => {}
            (Strength::Weak, Value::Random) => {
                finding.severity(Severity::Warning).confidence(Confidence::Medium);
            }
            _ if copied => {
                finding.severity(Severity::Warning).confidence(Confidence::Medium);
            }
            _ => {
                finding.quiet();
            }
        }
    }
}

/// Keeps the aliases of those who take the name for a secret's.
fn restrict(finding: &mut Finding, judged: SecretName, in_final: bool) {
    finding.only_aliases(|alias| match alias {
        "DL3064" => judged.hadolint,
        "SecretsUsedInArgOrEnv" => judged.buildkit,
        "DS-0031" => judged.trivy && in_final,
        "CKV_DOCKER_1005" => judged.checkov,
        _ => judged.strength == Strength::Strong,
    });
}

/// Whether the value is a variable that a build argument with a secret's name sets.
fn copies_argument<'c>(cx: &Cx<'c>, at: At<'c>, pair: &Pair<'_>) -> bool {
    let Some(rest) = pair.value.unquoted().strip_prefix('$') else { return false };
    let name = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(rest);
    let strong = secret_names::judge(name).is_some_and(|judged| judged.strength == Strength::Strong);
    let argument = at.stage.and_then(|stage| cx.facts.variable(stage, at.index, name));
    strong && argument.is_some_and(|argument| !argument.env)
}
