//! Texts of a host inside of commands, units and Markdown.

use plimsoll_report::printable;

/// Whether a text shows what it is: nothing in it hides, reorders or ends a line.
pub(super) fn is_plain(text: &str) -> bool {
    printable(text) == text
}

/// A word for a shell.
///
/// Only for plain texts: a line break inside of quotes is harmless to the shell, and not to its reader.
pub(super) fn shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A word of `ExecStart=` in a unit of systemd: quoted, without its specifiers and variables.
pub(super) fn systemd(word: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+".contains(c);
    if !word.is_empty() && word.chars().all(is_bare) {
        return word.to_owned();
    }
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{escaped}\"")
}

/// A text as code in Markdown: a fence that is longer than any in it, and nothing that hides.
pub(super) fn code(text: &str) -> String {
    let text = printable(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(shell("a'; rm -rf / #$(x)`y`"), "'a'\\''; rm -rf / #$(x)`y`'");
        assert_eq!(systemd("--label=a b\"%n$X\\"), "\"--label=a b\\\"%%n$$X\\\\\"");
        assert_eq!(systemd("--host=fd://"), "--host=fd://");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        assert!(!is_plain("a\nb") && !is_plain("a\u{202e}b") && is_plain("a b$(c)'é"));
    }
}
