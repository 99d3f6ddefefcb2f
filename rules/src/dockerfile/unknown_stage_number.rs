use crate::prelude::*;
use crate::support::stage_sources::{Target, sources};

rule! {
    /// ## What it does
    /// Flags `COPY --from` with a number that no stage has.
    ///
    /// ## Why is this bad?
    /// The build fails. Numbers count stages from 0 and move when a stage is put in or taken out; a name does not.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 AS build
    /// FROM alpine:3.22
    /// COPY --from=2 /app /app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3022"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let names = cx.facts.stage_names();
    let count = cx.file.stages.len();
    for &at in cx.facts.instructions().iter().filter(|at| !at.onbuild) {
        let Some(stage) = at.stage else { continue };
        for source in sources(at.instruction) {
            if names.resolve(&source, stage) == Target::NoStage {
                let stages = if count == 1 { "stage" } else { "stages" };
                let message = format!("no stage has the number `{}`: the file has {count} {stages}", source.name());
                cx.report(source.word.span, message);
            }
        }
    }
}
