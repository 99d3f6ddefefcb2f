use crate::prelude::*;
use plimsoll_dockerfile::expand::variables;
use std::collections::HashSet;

rule! {
    /// ## What it does
    /// Flags `USER` with a name in place of a number.
    ///
    /// ## Why is this bad?
    /// Kubernetes cannot tell whether a name is root's: with `runAsNonRoot` it refuses to start an image whose user
    /// is not a number.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:24
    /// USER node
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:24
    /// USER 1000
    /// ```
    ///
    /// ## Notes
    /// A user that an `ARG` gives may be a number, so nothing is said of it; of an `ENV` the value is looked at.
    category: Operations, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3066"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let mut arguments: HashSet<&str> = HashSet::new();
    for &at in cx.facts.instructions().iter().filter(|at| !at.onbuild) {
        match &at.instruction.kind {
            Kind::Arg(declarations) => arguments.extend(declarations.iter().map(|one| &*one.name.text)),
            Kind::User(word) => {
                let Some(stage) = at.stage else { continue };
                let references = variables(&at.instruction.part(word.span), cx.file.escape);
                let argued = references.iter().any(|variable| arguments.contains(&*variable.name));
                let value = cx.facts.expand(stage, at.index, word.text.trim());
                if argued || is_number(value.as_deref().unwrap_or(&word.text)) || word.text.is_empty() {
                    continue;
                }
                let finding = cx.report(word.span, format!("user `{}` is no number", word.text.trim()));
                if value.is_none() {
                    finding.confidence(Confidence::Low).quiet();
                }
            }
            _ => {}
        }
    }
}

fn is_number(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or(user);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}
