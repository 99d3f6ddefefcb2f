use crate::prelude::*;
use crate::support::edits;
use std::collections::HashMap;

rule! {
    /// ## What it does
    /// Flags labels that a later one of the same key in the same stage replaces.
    ///
    /// ## Why is this bad?
    /// Only the last value counts. Most often a line was copied and its key not changed.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.title="app"
    /// LABEL org.opencontainers.image.title="The application"
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.title="app"
    /// LABEL org.opencontainers.image.description="The application"
    /// ```
    ///
    /// ## Fix
    /// Deletes the label that has no effect, where it stands in an instruction of its own. Unsafe, since its key may
    /// be the mistake.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: true,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let mut last: HashMap<&str, (&Pair<'c>, &Instruction<'c>, bool)> = HashMap::new();
    for instruction in stage.of(Keyword::Label) {
        let Kind::Label(pairs) = &instruction.kind else { continue };
        for pair in pairs {
            let key = pair.key.unquoted();
            if key.contains('$') {
                continue;
            }
            let Some((earlier, holder, alone)) = last.insert(key, (pair, instruction, pairs.len() == 1)) else {
                continue;
            };
            let lines = if alone { edits::lines_of(cx, holder) } else { None };
            let finding = cx.report(earlier.key.span, format!("label `{key}` has no effect: a later one replaces it"));
            finding.related(pair.key.span, "the one that replaces it");
            if let Some(lines) = lines {
                finding.fix(Fix::unsafe_("delete the label without effect", Edit::delete(lines)));
            }
        }
    }
}
