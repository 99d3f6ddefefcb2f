use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags instructions whose letters differ in case from most of the file's instructions.
    ///
    /// ## Why is this bad?
    /// Builders do not care, readers do: in a file of capitals a lower-case instruction is easily taken for an
    /// argument of the line above.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// RUN apk upgrade
    /// run apk add curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// RUN apk upgrade
    /// RUN apk add curl
    /// ```
    ///
    /// ## Fix
    /// Writes the instruction in the case that most have; where both are as many, in capitals.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["ConsistentInstructionCasing"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    let known = || file.instructions.iter().filter(|instruction| !matches!(instruction.kind, Kind::Unknown));
    let global = file.global().len();
    let (mut lower, mut upper) = (0, 0);
    for instruction in known() {
        let word = cx.text(instruction.keyword);
        lower += usize::from(word.bytes().all(|byte| byte.is_ascii_lowercase()));
        upper += usize::from(word.bytes().all(|byte| byte.is_ascii_uppercase()));
    }
    let wanted = if lower > upper { str::to_ascii_lowercase } else { str::to_ascii_uppercase };
    let case = if lower > upper { "lower case" } else { "capitals" };
    let stages_begin = file.instructions.get(global).map_or(u32::MAX, |from| from.span.start);
    for instruction in known() {
        let word = cx.text(instruction.keyword);
        let right = wanted(word);
        if word == right || !word.is_ascii() {
            continue;
        }
        let finding = cx.report(instruction.keyword, format!("`{word}` in a file whose instructions are in {case}"));
        if instruction.span.start < stages_begin {
            finding.without_aliases(&["ConsistentInstructionCasing"]);
        }
        finding.fix(Fix::safe(format!("replace with `{right}`"), Edit::replace(instruction.keyword, right)));
    }
}
