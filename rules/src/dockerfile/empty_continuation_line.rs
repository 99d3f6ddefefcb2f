use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags blank lines inside an instruction that goes on over several lines.
    ///
    /// ## Why is this bad?
    /// Builders step over them with a warning and have announced to refuse them; they also hide that the instruction
    /// goes on: a line below that looks like an instruction of its own is one more argument.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// RUN apk add --no-cache \
    ///
    ///     curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// RUN apk add --no-cache \
    ///     curl
    /// ```
    ///
    /// ## Fix
    /// Deletes the blank lines. Comment lines may stand there.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["NoEmptyContinuation"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for instruction in &file.instructions {
        let [first, others @ ..] = &*instruction.blank_lines else { continue };
        let edits: Vec<Edit> =
            instruction.blank_lines.iter().map(|line| Edit::delete(whole(file.source, *line))).collect();
        let finding = cx.report(*first, "blank line inside a continued instruction");
        for line in others {
            finding.related(*line, "another one");
        }
        finding.fix(Fix::safe("delete the blank lines", edits));
    }
}

/// The line with its line break.
fn whole(source: &str, line: Span) -> Span {
    let rest = source.get(line.end as usize..).unwrap_or_default();
    let line_break = if rest.starts_with("\r\n") { 2 } else { u32::from(rest.starts_with('\n')) };
    Span::new(line.start, line.end + line_break)
}
