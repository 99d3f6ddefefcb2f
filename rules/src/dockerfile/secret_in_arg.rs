use crate::prelude::*;
use crate::support::secret_names::{self, Strength};
use crate::support::secret_values::{self, Value};

rule! {
    /// ## What it does
    /// Flags build arguments for passwords, tokens and other secrets.
    ///
    /// ## Why is this bad?
    /// Build arguments stand in the image's history and in the provenance that builders attach, with the values that
    /// the build was given. A default stands in this file too.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:22
    /// ARG NPM_TOKEN
    /// RUN npm config set //registry.acme.test/:_authToken=$NPM_TOKEN && npm ci
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:22
    /// RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci
    /// ```
    ///
    /// ## Notes
    /// An argument without a default is a note, one with a default an error. Names of files (`*_FILE`) and of public
    /// things are no secrets' names; what only peers take for a secret is left to those who ask for a peer's id.
    category: Secret, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3064", "SecretsUsedInArgOrEnv", "DS-0031", "CKV_DOCKER_1005", "4.10", "CIS-DI-0010"],
    fixable: false,
    check: Instruction([Arg], check),
}

fn check<'c>(cx: &mut Cx<'c>, at: At<'c>) {
    let Kind::Arg(declarations) = &at.instruction.kind else { return };
    for declaration in declarations {
        let name = &*declaration.name.text;
        let Some(judged) = secret_names::judge(name) else { continue };
        let value = declaration.default.as_ref().map(|default| secret_values::judge(default.unquoted()));
        let literal = matches!(value, Some(Value::Literal | Value::Random));
        let message = match judged.strength {
            Strength::Peers => format!("`{name}` has the name of a secret"),
            Strength::Weak if value != Some(Value::Random) => format!("`{name}` has the name of a secret"),
            _ if literal => format!("secret `{name}` given a default"),
            _ => format!("secret `{name}` passed as a build argument"),
        };
        let in_final = at.stage_fact(cx).is_some_and(|stage| stage.last);
        let finding = cx.report(declaration.name.span, message);
        finding.only_aliases(|alias| match alias {
            "DL3064" => judged.hadolint,
            "SecretsUsedInArgOrEnv" => judged.buildkit && at.stage.is_some(),
            "DS-0031" => judged.trivy && in_final,
            "CKV_DOCKER_1005" => judged.checkov && value.is_some(),
            _ => judged.strength == Strength::Strong,
        });
        match (judged.strength, value) {
            (Strength::Strong, Some(Value::Literal | Value::Random)) => {}
            (Strength::Strong, None) => {
                finding.severity(Severity::Info);
            }
            (Strength::Weak, Some(Value::Random)) => {
                finding.severity(Severity::Warning).confidence(Confidence::Medium);
            }
            _ => {
                finding.quiet();
            }
        }
    }
}
