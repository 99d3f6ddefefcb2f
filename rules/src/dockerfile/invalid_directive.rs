use crate::prelude::*;
use plimsoll_dockerfile::{Comment, ErrorKind};

rule! {
    /// ## What it does
    /// Flags parser directives that are refused, misspelt, or stand where nobody reads them.
    ///
    /// ## Why is this bad?
    /// Directives count only in the first lines of the file. Behind a blank line, an ordinary comment or an
    /// instruction, and with a wrong name, they are comments: the escape character or the frontend that they ask for
    /// is not used, and nothing says so. One that stands twice, or an impossible escape character, stops the build.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// # sytnax=docker/dockerfile:1
    /// FROM alpine:3.20
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// # syntax=docker/dockerfile:1
    /// FROM alpine:3.20
    /// ```
    ///
    /// ## Fix
    /// Mends a misspelt name. Unsafe, since the directive then takes effect.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for error in file.errors.iter().filter(|error| error.kind == ErrorKind::Directive) {
        cx.report(error.span, error.message.clone()).severity(Severity::Error);
    }
    let first = file.instructions.first().map_or(u32::MAX, |instruction| instruction.span.start);
    for comment in &file.comments {
        let Some((name, value)) = directive_like(comment) else { continue };
        match name.text.to_ascii_lowercase().as_str() {
            "syntax" if is_frontend(value) => misplaced(cx, name, "syntax"),
            "escape" if value == "`" => misplaced(cx, name, "escape"),
            "syntax" | "escape" | "check" => {}
            _ if comment.span.start < first => misspelt(cx, name, value),
            _ => {}
        }
    }
}

fn misplaced(cx: &mut Cx<'_>, name: Word<'_>, directive: &str) {
    let message = format!("`{directive}` directive has no effect here: it stands behind other lines");
    cx.report(name.span, message);
}

fn misspelt(cx: &mut Cx<'_>, name: Word<'_>, value: &str) {
    let Some(near) = nearest(&name.text, ["syntax", "escape", "check"]) else { return };
    let plausible = match near {
        "syntax" => is_frontend(value),
        "escape" => value == "\\" || value == "`",
        _ => ["skip", "error", "experimental"].iter().any(|key| value.starts_with(key)),
    };
    if plausible {
        let message = format!("unknown directive `{}`, did you mean `{near}`?", name.text);
        let finding = cx.report(name.span, message);
        finding.fix(Fix::unsafe_(format!("replace with `{near}`"), Edit::replace(name.span, near)));
    }
}

/// The name and the value of a comment that looks like `name=value`.
fn directive_like<'a>(comment: &Comment<'a>) -> Option<(Word<'a>, &'a str)> {
    let (name, value) = comment.text.split_once('=')?;
    let value = value.trim();
    let start = comment.span.start + 1 + (name.len() - name.trim_start().len()) as u32;
    let name = name.trim();
    let sound = !name.is_empty() && name.len() < 16 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    (sound && !value.is_empty() && !comment.inside).then(|| (Word::new(name, start), value))
}

/// Whether a value is the reference of a Dockerfile frontend.
fn is_frontend(value: &str) -> bool {
    value.contains("docker/dockerfile") && !value.contains(char::is_whitespace)
}
