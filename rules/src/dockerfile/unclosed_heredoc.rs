use crate::prelude::*;
use plimsoll_dockerfile::ErrorKind;

rule! {
    /// ## What it does
    /// Flags heredocs whose end never comes.
    ///
    /// ## Why is this bad?
    /// The builder takes the rest of the file for the heredoc's text and then stops. The end is a line with nothing
    /// but the name, without blanks around it; `<<-` allows tabs before it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// RUN <<EOF
    /// apk upgrade
    /// EOF2
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// RUN <<EOF
    /// apk upgrade
    /// EOF
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL1000"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for error in cx.file.errors.iter().filter(|error| error.kind == ErrorKind::UnclosedHeredoc) {
        cx.report(error.span, error.message.clone());
    }
}
