use crate::prelude::*;
use crate::support::users;

rule! {
    /// ## What it does
    /// Flags stages before the last one whose last `USER` is root.
    ///
    /// ## Why is this bad?
    /// It seldom is: what a build stage runs as is gone with the stage. The rule is there for those who build such
    /// stages as images of their own (`--target`), and for whoever wants what hadolint reports.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 AS build
    /// USER root
    /// RUN go build -o /app .
    /// FROM gcr.io/distroless/static:nonroot
    /// COPY --from=build /app /app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app .
    /// FROM gcr.io/distroless/static:nonroot
    /// COPY --from=build /app /app
    /// ```
    category: Security, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3002"],
    fixable: false,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    if stage.last {
        return;
    }
    let Some(user) = users::last_own_user(cx.facts, stage) else { return };
    // The user of the image itself is another rule's.
    let inherited = cx.facts.final_stage().and_then(|last| users::last_user(cx.facts, last.index()));
    if users::peers_see_root(user.word) && inherited.is_none_or(|last| last.stage != stage.index()) {
        cx.report(user.word.span, "the last `USER` of this stage is root");
    }
}
