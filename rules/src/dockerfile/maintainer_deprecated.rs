use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `MAINTAINER`.
    ///
    /// ## Why is this bad?
    /// It has been deprecated since Docker 1.13 (2017): a label says the same, shows in `docker inspect` like any
    /// other, and has a name that tools agree on.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// MAINTAINER Ada <ada@example.com>
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.authors="Ada <ada@example.com>"
    /// ```
    ///
    /// ## Fix
    /// Writes the label, unless the stage has it already.
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL4000", "MaintainerDeprecated", "DS-0022", "CKV_DOCKER_6"],
    fixable: true,
    check: File(check),
}

const LABEL: &str = "org.opencontainers.image.authors";

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for instruction in file.global() {
        report(cx, instruction, false);
    }
    for stage in cx.facts.stages() {
        let labelled = stage.of(Keyword::Label).any(has_label) || stage.of(Keyword::Maintainer).nth(1).is_some();
        for instruction in stage.instructions {
            report(cx, instruction, !labelled);
        }
    }
}

fn report(cx: &mut Cx<'_>, instruction: &Instruction<'_>, fixable: bool) {
    let Kind::Maintainer(name) = &instruction.kind else { return };
    let lower = cx.text(instruction.keyword).bytes().all(|byte| byte.is_ascii_lowercase());
    let keyword = if lower { "label" } else { "LABEL" };
    let value = quoted(name.unquoted(), cx.file.escape);
    let finding = cx.report(instruction.keyword, "`MAINTAINER` is deprecated");
    if fixable && !name.text.is_empty() {
        let edit = Edit::replace(instruction.span, format!("{keyword} {LABEL}={value}"));
        finding.fix(Fix::safe("replace with a label", edit));
    }
}

fn has_label(instruction: &Instruction<'_>) -> bool {
    matches!(&instruction.kind, Kind::Label(pairs) if pairs.iter().any(|pair| pair.key.unquoted() == LABEL))
}

/// The text in double quotes, which mean the same to `LABEL`.
fn quoted(text: &str, escape: char) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        if character == '"' || character == '$' || character == escape {
            quoted.push(escape);
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}
