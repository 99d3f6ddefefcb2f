use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `as` in another case than the `FROM` before it.
    ///
    /// ## Why is this bad?
    /// It builds all the same. One case for both keywords is easier to read, and BuildKit warns otherwise.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 as build
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build
    /// ```
    ///
    /// ## Fix
    /// Writes `AS` in the case of `FROM`.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["FromAsCasing"],
    fixable: true,
    check: Instruction([From], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::From(from) = &at.instruction.kind else { return };
    let Some(place) = from.as_keyword else { return };
    let (keyword, word) = (cx.text(at.keyword), cx.text(place));
    let upper = keyword == keyword.to_ascii_uppercase();
    // Where the case of `FROM` is mixed, that is what is wrong.
    let right = match keyword == keyword.to_ascii_lowercase() {
        _ if upper => "AS",
        true => "as",
        false => return,
    };
    // A keyword over a line continuation is left as it is.
    if word != right && word.eq_ignore_ascii_case("as") {
        let message = format!("`{word}` and `{keyword}` are in different cases");
        let title = format!("write `{right}`");
        cx.report(place, message).fix(Fix::safe(title, Edit::replace(place, right)));
    }
}
