use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `COPY --from=... / /` into a stage that has a file system already.
    ///
    /// ## Why is this bad?
    /// It puts one root file system over another: package databases, accounts and libraries of two systems get mixed,
    /// and everything of the source ends up in the image once more, what the build needed included.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 AS build
    /// FROM alpine:3.22
    /// COPY --from=build / /
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build
    /// FROM alpine:3.22
    /// COPY --from=build /go/bin/app /usr/local/bin/app
    /// ```
    ///
    /// ## Notes
    /// Into an empty stage (`FROM scratch`) it is the usual way to make one layer of many; that is shown only on
    /// request.
    category: Size, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3067"],
    fixable: false,
    check: Instruction([Copy], check),
}

fn check<'c>(cx: &mut Cx<'c>, at: At<'c>) {
    let Kind::Copy(copy) = &at.instruction.kind else { return };
    if at.flag_value("from").is_none() {
        return;
    }
    let Some(source) = copy.sources.iter().find(|source| source.unquoted() == "/") else { return };
    let Some(destination) = copy.destination.as_ref().filter(|word| word.unquoted() == "/") else { return };
    let flattens = at.stage_fact(cx).is_some_and(|stage| stage.base == Base::Scratch);
    let finding = cx.report(source.span.cover(destination.span), "the whole file system is copied");
    if flattens {
        finding.quiet();
    }
}
