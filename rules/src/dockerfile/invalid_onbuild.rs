use crate::prelude::*;
use plimsoll_dockerfile::ErrorKind;

rule! {
    /// ## What it does
    /// Flags `ONBUILD`, `FROM` and `MAINTAINER` behind `ONBUILD`.
    ///
    /// ## Why is this bad?
    /// `ONBUILD` keeps an instruction for the builds that start from this image. Builders refuse to keep these three.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// ONBUILD ONBUILD COPY . /app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// ONBUILD COPY . /app
    /// ```
    ///
    /// ## Fix
    /// Drops the second of two `ONBUILD`. Unsafe, since the instruction then runs one build earlier than written.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3043"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for error in file.errors.iter().filter(|error| error.kind == ErrorKind::OnBuild) {
        let doubled = cx.text(error.span).eq_ignore_ascii_case("ONBUILD");
        let rest = file.source.get(error.span.end as usize..).unwrap_or_default();
        let blanks = (rest.len() - rest.trim_start_matches([' ', '\t']).len()) as u32;
        let finding = cx.report(error.span, error.message.clone());
        if doubled && blanks > 0 {
            let edit = Edit::delete(Span::new(error.span.start, error.span.end + blanks));
            finding.fix(Fix::unsafe_("drop the second `ONBUILD`", edit));
        }
    }
}
