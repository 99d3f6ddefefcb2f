use crate::prelude::*;
use crate::support::stage_sources::{Target, sources};

rule! {
    /// ## What it does
    /// Flags `COPY --from` that names the stage in which it stands.
    ///
    /// ## Why is this bad?
    /// A stage cannot be a source of itself: the build fails. Often the name was meant of another stage.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 AS build
    /// COPY --from=build /go/bin/app /app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build
    /// FROM alpine:3.22
    /// COPY --from=build /go/bin/app /app
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3023", "DS-0006"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let names = cx.facts.stage_names();
    for &at in cx.facts.instructions().iter().filter(|at| !at.onbuild) {
        let Some(stage) = at.stage else { continue };
        for source in sources(at.instruction) {
            if names.resolve(&source, stage) != Target::Stage(stage) {
                continue;
            }
            // Peers look at the name in `COPY --from` only.
            let named = cx.file.stages.get(stage).and_then(|stage| stage.name.as_ref());
            let by_name = named.is_some_and(|word| word.text.eq_ignore_ascii_case(source.name()));
            let message = format!("`{}` is the stage that this stands in", source.name());
            let finding = cx.report(source.word.span, message);
            if !source.copy || !by_name {
                finding.without_aliases(&["DL3023", "DS-0006"]);
            }
        }
    }
}
