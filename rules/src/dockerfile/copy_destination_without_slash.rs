use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `COPY` and `ADD` of several sources to a destination that does not end with `/`.
    ///
    /// ## Why is this bad?
    /// Several files need a folder to go to, and only the `/` says that the destination is one: builders refuse it
    /// otherwise, or make a file of it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:24
    /// COPY package.json package-lock.json /srv/app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:24
    /// COPY package.json package-lock.json /srv/app/
    /// ```
    ///
    /// ## Fix
    /// Puts the `/` behind the destination.
    ///
    /// ## Notes
    /// A `.` or `..` at the end names a folder, and a variable may; those are shown only on request.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3021", "DS-0011"],
    fixable: true,
    check: Instruction([Copy, Add], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let (Kind::Copy(transfer) | Kind::Add(transfer)) = &at.instruction.kind else { return };
    let Some(destination) = &transfer.destination else { return };
    let path = destination.unquoted();
    let windows = cx.file.escape == '`' && path.ends_with('\\');
    if transfer.sources.len() + at.heredocs.len() < 2 || path.ends_with('/') || windows {
        return;
    }
    let folder = matches!(path.rsplit('/').next(), Some("." | ".."));
    let variable = path.contains('$');
    let end = end_inside(cx.text(destination.span), destination.span.end);
    let finding = cx.report(destination.span, format!("several sources, but `{path}` does not end with `/`"));
    if folder || variable {
        finding.quiet();
    }
    if let (false, Some(end)) = (variable, end) {
        finding.fix(Fix::safe("end the destination with `/`", Edit::insert(end, "/")));
    }
    // Peers look at plain `COPY` only.
    if transfer.sources.len() < 2 || matches!(at.instruction.kind, Kind::Add(_)) {
        finding.without_aliases(&["DL3021", "DS-0011"]);
    }
}

/// The end of a word inside of its quotes; `None` where a quote stands anywhere else.
fn end_inside(word: &str, end: u32) -> Option<u32> {
    let quotes = ['"', '\''];
    let quoted = quotes.iter().any(|&quote| word.len() > 1 && word.starts_with(quote) && word.ends_with(quote));
    if quoted { Some(end - 1) } else { (!word.contains(quotes)).then_some(end) }
}
