use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags stages named `scratch` or `context`.
    ///
    /// ## Why is this bad?
    /// These words mean something to the builder: the empty base and the build context. A stage of that name is never
    /// found, or hides what the word means elsewhere.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.22 AS scratch
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.22 AS builder
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3063", "ReservedStageName"],
    fixable: false,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let Some(name) = &stage.stage.name else { return };
    if ["scratch", "context"].iter().any(|reserved| name.text.eq_ignore_ascii_case(reserved)) {
        cx.report(name.span, format!("stage name `{}` is reserved", name.text));
    }
}
