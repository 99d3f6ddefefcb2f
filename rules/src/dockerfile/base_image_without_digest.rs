use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags base images that are not pinned to a digest.
    ///
    /// ## Why is this bad?
    /// Whoever can push to the registry can put another image behind a tag, and the next build takes it without a
    /// word. A digest names the one content that was looked at. Let a bot such as Renovate or Dependabot raise it,
    /// so that fixes of the base still arrive.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.22
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.22@sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1
    /// ```
    ///
    /// ## Notes
    /// `scratch`, earlier stages and variables without a default are left alone.
    category: Security, severity: Info, confidence: High, since: "0.1.0",
    presets: [Security],
    aliases: [],
    fixable: false,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    if stage.image().is_some_and(|image| image.digest.is_none()) {
        let word = &stage.stage.base;
        cx.report(word.span, format!("base image `{}` has no digest", word.unquoted()));
    }
}
