use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags commands that were meant to assign a variable: `NAME = value`, `$NAME=value`, `NAME=command -flag`.
    ///
    /// ## Why is this bad?
    /// An assignment is one word, and its name stands without `$`. With a space before the `=` the name is run as a
    /// command; with a `$` the value is; and behind `NAME=command` the next word is the command.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN version = 1.2; echo "$version"
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN version=1.2; echo "$version"
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["SC2037", "SC2281", "SC2283"],
    fixable: false,
    check: ShellCommand([], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    if cmd.wrapper.is_some() || cmd.script.text.is_none() {
        return;
    }
    let name = &cmd.name;
    let (word, message, code) = match (cmd.assignments.as_slice(), cmd.args()) {
        ([], [equals, ..])
            if !name.quoted
                && !equals.quoted
                && is_name(&name.text)
                && equals.text.starts_with('=')
                && !equals.text.starts_with("==") =>
        {
            (equals, format!("space before `=`: `{}` is run as a command", name.text), "SC2283")
        }
        ([], _) if !name.quoted && is_dollar_assignment(&name.text) => {
            (name, "`$` before the name of an assignment".to_owned(), "SC2281")
        }
        ([assignment], _) if !name.quoted && name.text.starts_with('-') && !name.expands => {
            let message = format!("`{}` gets one word only, and `{}` is run as a command", assignment.name, name.text);
            (name, message, "SC2037")
        }
        _ => return,
    };
    cx.report(cmd.place(word), message).only_aliases(|alias| alias == code);
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// Whether the text is `$NAME=` with anything behind it.
fn is_dollar_assignment(text: &str) -> bool {
    text.strip_prefix('$').and_then(|rest| rest.split_once('=')).is_some_and(|(name, _)| is_name(name))
}
