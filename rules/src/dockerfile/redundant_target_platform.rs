use crate::prelude::*;
use plimsoll_dockerfile::expand::variables;

rule! {
    /// ## What it does
    /// Flags `FROM --platform=$TARGETPLATFORM`.
    ///
    /// ## Why is this bad?
    /// The target platform is what `FROM` takes anyway, so the flag only makes readers look for a reason.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM --platform=$TARGETPLATFORM alpine:3.22
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.22
    /// ```
    ///
    /// ## Fix
    /// Removes the flag.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3065", "RedundantTargetPlatform"],
    fixable: true,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let Some(from) = stage.from() else { return };
    let Some(flag) = from.flag("platform") else { return };
    let Some(value) = &flag.value else { return };
    // A global `ARG TARGETPLATFORM=...` makes it another variable.
    if cx.facts.scopes().global_default("TARGETPLATFORM").is_some() {
        return;
    }
    let part = from.part(value.span);
    let [variable] = &variables(&part, cx.file.escape)[..] else { return };
    let whole = value.unquoted();
    let plain = ["$TARGETPLATFORM", "${TARGETPLATFORM}"].contains(&whole);
    let with_default = whole.starts_with("${TARGETPLATFORM") && variable.has_default() && whole.ends_with('}');
    if variable.name != "TARGETPLATFORM" || !(plain || with_default && !whole.contains('+')) {
        return;
    }
    let end = after_flag(cx.file.source, cx.file.escape, flag.span.end);
    let finding = cx.report(flag.span, "`$TARGETPLATFORM` is what `FROM` takes anyway");
    finding.fix(Fix::safe("remove the flag", Edit::delete(Span::new(flag.span.start, end))));
    if &*value.text != "$TARGETPLATFORM" && &*value.text != "${TARGETPLATFORM}" {
        finding.without_aliases(&["DL3065"]);
    }
}

/// Past the blanks behind a flag, and past the end of its line where the flag is the last thing on it.
fn after_flag(source: &str, escape: char, at: u32) -> u32 {
    let rest = source.get(at as usize..).unwrap_or("");
    let blank = [' ', '\t'];
    let mut after = rest.trim_start_matches(blank);
    let next = after.strip_prefix(escape).map(|next| next.trim_start_matches(blank));
    if let Some(line) = next.and_then(|next| next.strip_prefix("\r\n").or_else(|| next.strip_prefix('\n'))) {
        after = line.trim_start_matches(blank);
    }
    at + (rest.len() - after.len()) as u32
}
