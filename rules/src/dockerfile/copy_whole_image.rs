use crate::facts::Facts;
use crate::prelude::*;
use crate::support::base_images::is_known_official;
use crate::support::stage_sources::{StageNames, Target, sources};
use std::cell::LazyCell;

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
    /// Said where the source is known to hold a system: one of Docker's official images, or a stage in which a command
    /// runs. Images that hold nothing but tools, made to be laid over another, are copied just so; another image, a stage
    /// that only names one, and an empty destination (`FROM scratch`, the usual way to make one layer of many) are
    /// shown only on request.
    category: Size, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3067"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let names = LazyCell::new(|| StageNames::new(cx.file));
    let mut found = Vec::new();
    for &at in cx.facts.instructions() {
        let Kind::Copy(copy) = &at.instruction.kind else { continue };
        let Some(origin) = sources(at.instruction).pop() else { continue };
        let Some(source) = copy.sources.iter().find(|source| source.unquoted() == "/") else { continue };
        let Some(destination) = copy.destination.as_ref().filter(|word| word.unquoted() == "/") else { continue };
        let flattens = at.stage_fact(cx).is_some_and(|stage| stage.base == Base::Scratch);
        let system = match names.resolve(&origin, at.stage.unwrap_or(0)) {
            Target::Stage(stage) => stage_holds_system(cx.facts, stage),
            _ => ImageReference::parse(origin.name()).is_some_and(|image| is_known_official(&image)),
        };
        found.push((source.span.cover(destination.span), !flattens && system));
    }
    for (span, loud) in found {
        let finding = cx.report(span, "the whole file system is copied");
        if !loud {
            finding.quiet();
        }
    }
}

/// Whether a stage surely holds a system: a command runs in it, or it is built from an image that is one.
fn stage_holds_system(facts: &Facts<'_>, stage: usize) -> bool {
    facts.lineage(stage).any(|fact| {
        fact.of(Keyword::Run).next().is_some() || fact.image().is_some_and(|image| is_known_official(&image))
    })
}
