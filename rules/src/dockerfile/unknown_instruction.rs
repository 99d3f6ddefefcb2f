use crate::prelude::*;
use plimsoll_dockerfile::ErrorKind;

rule! {
    /// ## What it does
    /// Flags lines that begin with no instruction that builders know, and names the nearest one.
    ///
    /// ## Why is this bad?
    /// The build stops there. Often a letter is wrong, or the line above lacks the continuation at its end.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// RUNN apk upgrade
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// RUN apk upgrade
    /// ```
    ///
    /// ## Fix
    /// Writes the nearest instruction, or continues the line above where this one begins with `&&` or `|`. Unsafe,
    /// since it is a guess.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL1000"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for error in file.errors.iter().filter(|error| error.kind == ErrorKind::UnknownInstruction) {
        let word = cx.text(error.span);
        if word.starts_with("&&") || word.starts_with('|') {
            let above = end_above(file.source, error.span.start);
            let finding = cx.report(error.span, format!("{}: the line above is not continued", error.message));
            if let Some(above) = above {
                let edit = Edit::insert(above, format!(" {}", file.escape));
                finding.fix(Fix::unsafe_("continue the line above", edit));
            }
            continue;
        }
        let finding = cx.report(error.span, error.message.clone());
        if let Some(near) = nearest(word, Keyword::KNOWN.map(Keyword::name)) {
            let lower = word.bytes().all(|byte| !byte.is_ascii_uppercase());
            let near = if lower { near.to_ascii_lowercase() } else { near.to_owned() };
            finding.fix(Fix::unsafe_(format!("replace with `{near}`"), Edit::replace(error.span, near)));
        }
    }
}

/// The end of the text on the line above, where one stands there.
fn end_above(source: &str, offset: u32) -> Option<u32> {
    let before = source.get(..offset as usize)?.trim_end_matches([' ', '\t']);
    let before = before.strip_suffix('\n')?;
    let line = before.rsplit('\n').next()?.trim();
    let text = before.trim_end_matches([' ', '\t', '\r']);
    (!line.is_empty() && !line.starts_with('#')).then_some(text.len() as u32)
}
