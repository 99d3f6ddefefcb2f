use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags stages that the last stage does not need.
    ///
    /// ## Why is this bad?
    /// BuildKit leaves them out, so a test or a check that stands in one never runs. It is fine where the stage is
    /// built on purpose, with `--target`.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app .
    /// FROM build AS test
    /// RUN go test ./...
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build
    /// RUN go test ./... && go build -o /app .
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    category: Correctness, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [],
    aliases: [],
    fixable: false,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    if stage.needed {
        return;
    }
    let (place, message) = match &stage.stage.name {
        Some(name) => (name.span, format!("the last stage does not need stage `{}`", name.text)),
        None => (stage.stage.base.span, "the last stage does not need this one".to_owned()),
    };
    cx.report(place, message);
}
