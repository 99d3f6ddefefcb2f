//! Shell text that is one command of plain words, which does the same without a shell.

/// The words, quotes removed and a leading `exec` dropped; `None` where a shell would do more than split at blanks.
pub(crate) fn words(text: &str) -> Option<Vec<String>> {
    let mut words = split(text)?;
    if words.first().is_some_and(|word| word == "exec") {
        words.remove(0);
    }
    let program = words.first()?;
    let needs_shell = BUILTINS.contains(&program.as_str()) || program.contains('=') || program.starts_with('-');
    (!program.is_empty() && !needs_shell).then_some(words)
}

/// Commands that are, or may only be, the shell's own.
const BUILTINS: [&str; 42] = [
    "!", ".", ":", "alias", "bg", "break", "case", "cd", "command", "continue", "eval", "exec", "exit", "export", "fg",
    "for", "function", "getopts", "hash", "if", "jobs", "let", "local", "read", "readonly", "return", "select", "set",
    "shift", "shopt", "source", "test", "time", "times", "trap", "type", "ulimit", "umask", "unalias", "unset",
    "until", "wait",
];

fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in text.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            // Inside double quotes the shell expands and escapes; inside single quotes nothing is special.
            (Some('"'), '$' | '`' | '\\') => return None,
            (_, '\n' | '\r') => return None,
            (Some(_), other) => word.get_or_insert_default().push(other),
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ' | '\t') => words.extend(word.take()),
            (None, other) if other.is_alphanumeric() || "-_./:=@%+,".contains(other) => {
                word.get_or_insert_default().push(other);
            }
            (None, _) => return None,
        }
    }
    words.extend(word);
    // `while` and `{` hold characters or words that are refused above or run no program of that name.
    (quote.is_none() && words.first().is_some_and(|first| first != "while" && first != "do")).then_some(words)
}
