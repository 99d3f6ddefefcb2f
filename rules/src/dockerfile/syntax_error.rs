use crate::prelude::*;
use plimsoll_dockerfile::ErrorKind;

rule! {
    /// ## What it does
    /// Flags what the builder refuses: missing, surplus or malformed arguments, unknown flags, wrong stage names.
    ///
    /// ## Why is this bad?
    /// The build stops at such a line. The check tells so before the build has run the lines above it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// COPY --form=build /app /app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.24 AS build
    /// FROM alpine:3.20
    /// COPY --from=build /app /app
    /// ```
    ///
    /// ## Notes
    /// The rest of the file is checked all the same. Unknown instructions, wrong JSON form, heredocs that are not
    /// closed and the like have rules of their own.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL1000"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for error in &cx.file.errors {
        let elsewhere = matches!(
            error.kind,
            ErrorKind::Empty
                | ErrorKind::MissingFrom
                | ErrorKind::BeforeFrom
                | ErrorKind::UnknownInstruction
                | ErrorKind::Directive
                | ErrorKind::UnclosedHeredoc
                | ErrorKind::OnBuild
                | ErrorKind::Json
        );
        if !elsewhere {
            cx.report(error.span, error.message.clone());
        }
    }
}
