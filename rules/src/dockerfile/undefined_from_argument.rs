use crate::facts::PLATFORM_ARGS;
use crate::prelude::*;
use crate::support::slips::Slips;
use plimsoll_dockerfile::expand::variables;
use std::collections::{HashMap, HashSet};

rule! {
    /// ## What it does
    /// Flags variables in `FROM` that no `ARG` before the first `FROM` declares.
    ///
    /// ## Why is this bad?
    /// `FROM` sees only the arguments that are declared before the first stage, and the platform arguments. Anything
    /// else is empty there, and cannot be set with `--build-arg` either.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// ARG VERSION=3.22
    /// FROM alpine:${VERSIN}
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// ARG VERSION=3.22
    /// FROM alpine:${VERSION}
    /// ```
    ///
    /// ## Fix
    /// Puts in the argument that is meant, where one is near. It is unsafe, because it is a guess.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["UndefinedArgInFrom"],
    fixable: true,
    check: File(check),
}

/// The arguments besides [`PLATFORM_ARGS`] that BuildKit sets for `FROM`.
const MORE_ARGS: [&str; 3] = ["BUILDOSVERSION", "TARGETOSVERSION", "TARGETSTAGE"];

fn check(cx: &mut Cx<'_>) {
    let mut in_stages: HashMap<&str, Span> = HashMap::new();
    let mut slips = Slips::new();
    for instruction in &cx.file.instructions {
        match &instruction.kind {
            Kind::Arg(declarations) => {
                for Declaration { name, .. } in declarations {
                    in_stages.entry(&name.text).or_insert(name.span);
                }
            }
            Kind::From(from) => {
                let platform = instruction.flag_value("platform").map(|word| word.span);
                for place in [Some(from.base.span), platform].into_iter().flatten() {
                    judge(cx, instruction, place, &in_stages, &mut slips);
                }
            }
            _ => {}
        }
    }
}

fn judge(cx: &mut Cx<'_>, from: &Instruction<'_>, place: Span, in_stages: &HashMap<&str, Span>, slips: &mut Slips) {
    let mut seen = HashSet::new();
    for variable in variables(&from.part(place), cx.file.escape) {
        let name = &*variable.name;
        let known = cx.facts.scopes().is_global(name) || PLATFORM_ARGS.contains(&name) || MORE_ARGS.contains(&name);
        if known || !seen.insert(name.to_owned()) {
            continue;
        }
        let scopes = cx.facts.scopes();
        let near = slips.find(name, || scopes.global_names().into_iter().chain(PLATFORM_ARGS)).map(str::to_owned);
        let declared_late = in_stages.get(name).copied();
        let message = match (&near, declared_late) {
            (_, Some(_)) => format!("`{name}` is declared inside a stage, where `FROM` does not see it"),
            (Some(near), None) => format!("`{name}` is not declared, did you mean `{near}`?"),
            (None, None) => format!("`{name}` is not declared before the first `FROM`"),
        };
        let finding = cx.report(variable.name_span, message);
        if let Some(declared) = declared_late {
            finding.related(declared, "declared here");
        } else if let Some(near) = near {
            finding.fix(Fix::unsafe_(format!("use `{near}`"), Edit::replace(variable.name_span, near)));
        }
        // The reference says itself what holds without the argument.
        if variable.has_default() {
            finding.quiet();
        }
    }
}
