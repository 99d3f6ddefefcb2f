use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags instructions before the first `FROM`, other than `ARG`.
    ///
    /// ## Why is this bad?
    /// There is nothing yet that they could act on: the build fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// ENV LANG=C.UTF-8
    /// FROM alpine:3.22
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.22
    /// ENV LANG=C.UTF-8
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3061"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let has_stage = !cx.file.stages.is_empty();
    let early = cx
        .file
        .global()
        .iter()
        .filter(|instruction| !matches!(instruction.keyword_kind(), Keyword::Arg | Keyword::Unknown));
    for (count, instruction) in early.enumerate() {
        let message = format!("`{}` before the first `FROM`", instruction.keyword_kind().name());
        let finding = cx.report(instruction.keyword, message);
        // A file without a stage is no list of mistakes but one.
        if !has_stage && count > 0 {
            finding.quiet();
        }
    }
}
