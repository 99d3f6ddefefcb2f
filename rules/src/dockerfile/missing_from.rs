use crate::prelude::*;
use plimsoll_dockerfile::ErrorKind;

rule! {
    /// ## What it does
    /// Flags files that have instructions but no `FROM`.
    ///
    /// ## Why is this bad?
    /// Without a base no stage begins, and the build stops. An image from nothing says `FROM scratch`.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// COPY app /app
    /// CMD ["/app"]
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM scratch
    /// COPY app /app
    /// CMD ["/app"]
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for error in cx.file.errors.iter().filter(|error| error.kind == ErrorKind::MissingFrom) {
        cx.report(error.span, error.message.clone());
    }
}
