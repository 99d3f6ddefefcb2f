use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags label keys that break Docker's guidelines for keys.
    ///
    /// ## Why is this bad?
    /// A key begins and ends with a lower-case letter or a digit and holds lower-case letters, digits, `.`, `-`, `_`
    /// and `/`. Tools that select images by label expect that. `com.docker.*`, `io.docker.*` and
    /// `org.dockerproject.*` belong to Docker itself.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// LABEL "Build Date"="2026-01-01"
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.created="2026-01-01T00:00:00Z"
    /// ```
    ///
    /// ## Notes
    /// In no preset of our own.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3048"],
    fixable: false,
    check: Instruction([Label], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::Label(pairs) = &at.instruction.kind else { return };
    for pair in pairs {
        let key = pair.key.text.replace(['"', '\''], "");
        if let Some(problem) = problem(&key) {
            cx.report(pair.key.span, format!("label key `{key}` {problem}"));
        }
    }
}

fn problem(key: &str) -> Option<&'static str> {
    let reserved = ["com.docker.", "io.docker.", "org.dockerproject."];
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = key.as_bytes();
    if !bytes.first().is_some_and(u8::is_ascii_lowercase) {
        Some("does not begin with a lower-case letter")
    } else if !bytes.last().copied().is_some_and(plain) {
        Some("does not end with a lower-case letter or a digit")
    } else if !bytes.iter().all(|&byte| plain(byte) || b"._/-".contains(&byte)) {
        Some("has other characters than `a-z`, `0-9`, `.`, `-`, `_` and `/`")
    } else if key.contains("..") || key.contains("--") {
        Some("has two separators in a row")
    } else if reserved.iter().any(|prefix| key.starts_with(prefix)) {
        Some("is in a namespace of Docker's own")
    } else {
        None
    }
}
