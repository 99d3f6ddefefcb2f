use crate::prelude::*;
use plimsoll_dockerfile::expand;
use std::collections::HashSet;

rule! {
    /// ## What it does
    /// Flags `ENV` that uses a variable which the same `ENV` sets.
    ///
    /// ## Why is this bad?
    /// All values of an `ENV` are worked out before any of its variables is set. The variable has the value that it
    /// had before, most often none.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// ENV HOME_DIR=/srv/app DATA_DIR=$HOME_DIR/data
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// ENV HOME_DIR=/srv/app
    /// ENV DATA_DIR=$HOME_DIR/data
    /// ```
    ///
    /// ## Notes
    /// A variable that was set before, here or by `ARG`, is taken for one whose old value is meant, and so is one
    /// that appears in its own value, as in `PATH=/opt/bin:$PATH`.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3044"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let facts = cx.facts;
    // hadolint forgets nothing at a stage's end; a variable of another stage is unknown all the same.
    let mut anywhere: HashSet<&str> = HashSet::new();
    for &at in facts.instructions() {
        let pairs = match &at.instruction.kind {
            Kind::Env(pairs) if !at.onbuild => pairs,
            Kind::Arg(declarations) => {
                anywhere.extend(declarations.iter().map(|declaration| &*declaration.name.text));
                continue;
            }
            _ => continue,
        };
        if pairs.len() > 1 && at.instruction.arguments.text.contains('$') {
            let names: HashSet<&str> = pairs.iter().map(|pair| &*pair.key.text).collect();
            for pair in pairs {
                uses(cx, at, pair, &names, &anywhere);
            }
        }
        anywhere.extend(pairs.iter().map(|pair| &*pair.key.text));
    }
}

fn uses(cx: &mut Cx<'_>, at: At<'_>, pair: &Pair<'_>, names: &HashSet<&str>, anywhere: &HashSet<&str>) {
    for variable in expand::variables(&at.instruction.part(pair.value.span), cx.file.escape) {
        let name = &*variable.name;
        let set = at.stage.is_some_and(|stage| cx.facts.variable(stage, at.index, name).is_some());
        if name == pair.key.text || !names.contains(name) || set {
            continue;
        }
        let finding =
            cx.report(variable.span, format!("`{name}` is set by the same `ENV`, and has its old value here"));
        if anywhere.contains(name) || variable.operator.is_some() {
            finding.without_aliases(&["DL3044"]);
        }
    }
}
