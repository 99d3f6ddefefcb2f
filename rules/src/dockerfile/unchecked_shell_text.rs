use crate::prelude::*;
use shell::Refusal;

rule! {
    /// ## What it does
    /// Flags shell text that no rule about commands looks at: a shell would refuse it, or it is too long or nests too
    /// deeply.
    ///
    /// ## Why is this bad?
    /// Text that the shell refuses fails the build, mostly for a quote or a keyword such as `fi` that is missing. And
    /// where nothing was looked at, finding nothing means nothing.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN if test -e /srv/app; then echo found
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN if test -e /srv/app; then echo found; fi
    /// ```
    ///
    /// ## Notes
    /// Texts of more than 256 KiB or fifty levels give no commands. ShellCheck's codes are looked for in texts of up to
    /// 16 KiB and some five hundred commands; a script of that length is better kept in a file of its own.
    category: Correctness, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["SC1072", "SC1073", "SC1036", "SC1088", "SC1065", "SC1089"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for script in cx.facts.shell_texts() {
        let Some(text) = script.text.filter(|_| script.shell.is_bourne()) else { continue };
        let name_place = script.at.instruction.keyword;
        let refusal = if script.parsed.is_none() { shell::refusal(&text.text) } else { None };
        match refusal {
            // The grammar of zsh has more than is read here.
            Some(Refusal::Syntax(_)) if script.shell == ShellKind::Zsh => {}
            Some(Refusal::Syntax(at)) => {
                // A bracket that opens nothing is what cannot stand there, and not what follows it.
                let opens = at > 0 && text.text.as_bytes().get(at as usize - 1) == Some(&b'(');
                let at = at - u32::from(opens);
                let (span, message) = explained(&text.text, at);
                let aliases = shellchecks_codes(&text.text, at);
                // The end of a line is where its last character ends, whatever its line break.
                let place = match span.start.checked_sub(1) {
                    Some(before) if span.is_empty() => Span::empty(script.place(Span::new(before, span.start)).end),
                    _ => script.place(span),
                };
                cx.report(place, format!("the shell refuses this text: {message}"))
                    .only_aliases(|alias| aliases.contains(&alias));
            }
            Some(Refusal::TooLong) => {
                cx.report(name_place, "shell text too long to be checked").only_aliases(|_| false);
            }
            Some(Refusal::TooDeep) => {
                cx.report(name_place, "shell text nests too deeply to be checked").only_aliases(|_| false);
            }
            None if !is_checked(&text.text) => {
                cx.report(name_place, "shell text too long for ShellCheck's rules").only_aliases(|_| false);
            }
            None => {}
        }
    }
}

/// What is wrong and where, in a text that could not be read on at an offset.
fn explained(text: &str, at: u32) -> (Span, String) {
    #[cfg(feature = "shellcheck")]
    if let Some((span, message)) = shell::shellcheck::syntax_error(text) {
        let word = word_at(text, span.start);
        let message = message.strip_prefix("syntax error: ").unwrap_or(&message).to_owned();
        return (span.cover(Span::new(span.start, span.start + word.len() as u32)), message);
    }
    let word = word_at(text, at);
    let message = if word.is_empty() { "it ends too early".to_owned() } else { format!("unexpected `{word}`") };
    (Span::new(at, at + word.len() as u32), message)
}

/// The codes that ShellCheck gives for it.
fn shellchecks_codes(text: &str, at: u32) -> &'static [&'static str] {
    let before = text.get(..at as usize).unwrap_or_default();
    match word_at(text, at) {
        "(" if before.ends_with([' ', '\t']) => &["SC1036", "SC1088"],
        "(" => &["SC1065"],
        ")" | "}" | "fi" | "done" | "esac" | "then" | "do" | "else" | "elif" => &["SC1072", "SC1089"],
        _ => &["SC1072", "SC1073"],
    }
}

/// The word or operator at an offset; empty at the end.
fn word_at(text: &str, at: u32) -> &str {
    let rest = text.get(at as usize..).unwrap_or_default();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    match rest.find(|c| !plain(c)) {
        Some(0) => rest.get(..rest.chars().next().map_or(0, char::len_utf8)).unwrap_or_default().trim(),
        end => rest.get(..end.unwrap_or(rest.len())).unwrap_or_default(),
    }
}

#[cfg(feature = "shellcheck")]
fn is_checked(text: &str) -> bool {
    shell::shellcheck::is_checked(text)
}

#[cfg(not(feature = "shellcheck"))]
fn is_checked(_: &str) -> bool {
    true
}
