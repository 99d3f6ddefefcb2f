use crate::prelude::*;
use crate::support::replaced;

rule! {
    /// ## What it does
    /// Flags a second `ENTRYPOINT` in a build stage.
    ///
    /// ## Why is this bad?
    /// Only the last one counts: the earlier one is read as if it had an effect.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// ENTRYPOINT ["serve"]
    /// ENTRYPOINT ["tini", "serve"]
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// ENTRYPOINT ["tini", "serve"]
    /// ```
    ///
    /// ## Fix
    /// Deletes the one without effect, unless a comment stands right above it.
    ///
    /// ## Notes
    /// BuildKit marks the one that has no effect, hadolint and trivy the one that replaces it; their presets keep
    /// those places.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL4004", "MultipleInstructionsDisallowed", "DS-0007"],
    fixable: true,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    replaced::report(cx, stage, Keyword::Entrypoint);
}
