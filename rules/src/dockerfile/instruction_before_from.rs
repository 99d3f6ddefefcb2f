use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags instructions other than `ARG` before the first `FROM`.
    ///
    /// ## Why is this bad?
    /// Every instruction but `ARG` changes a stage, and no stage has begun there: the build stops.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// LABEL org.opencontainers.image.title="app"
    /// FROM alpine:3.20
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// ARG VERSION=3.20
    /// FROM alpine:$VERSION
    /// LABEL org.opencontainers.image.title="app"
    /// ```
    ///
    /// ## Notes
    /// Where the file has no `FROM` at all, `missing-from` says so once.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3061"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for instruction in file.global() {
        if matches!(instruction.kind, Kind::Arg(_) | Kind::Unknown) {
            continue;
        }
        let name = instruction.keyword_kind().name();
        let finding = cx.report(instruction.keyword, format!("`{name}` before the first `FROM`"));
        match file.stages.first().and_then(|stage| file.stage_instructions(stage).first()) {
            Some(from) => {
                finding.related(from.keyword, "the first stage begins here");
            }
            None => {
                finding.quiet();
            }
        }
    }
}
