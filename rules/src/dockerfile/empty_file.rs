use crate::prelude::*;
use plimsoll_dockerfile::ErrorKind;

rule! {
    /// ## What it does
    /// Flags files without any instruction.
    ///
    /// ## Why is this bad?
    /// There is nothing to build; most likely the file was cut short or never written.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// # to be done
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for error in cx.file.errors.iter().filter(|error| error.kind == ErrorKind::Empty) {
        cx.report(error.span, error.message.clone());
    }
}
