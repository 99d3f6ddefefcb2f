//! Values behind names, in the words of a command or in any other text.

use plimsoll_base::Span;

/// Finds the values of `NAME=VALUE`, `NAME: VALUE` and `--NAME VALUE` that `wants` accepts, by rising place. Values
/// end at a blank, a quote, or one of `;`, `&`, `,`.
pub(crate) fn find(text: &str, wants: impl Fn(&str, &str) -> bool) -> Vec<Span> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut found = Vec::new();
    let mut at = 0;
    let mut value_end = 0;
    while let Some(start) = text[at..].find(is_name).map(|start| at + start) {
        let end = text[start..].find(|c| !is_name(c)).map_or(text.len(), |end| start + end);
        at = end;
        let name = text[start..end].trim_start_matches('-');
        let is_flag = name.len() < end - start;
        let behind = text[end..].trim_start_matches(['"', '\'']);
        let value = match behind.trim_start().chars().next() {
            Some('=' | ':') => behind.trim_start()[1..].trim_start_matches([' ', '"', '\'', '=']),
            _ if is_flag && behind.starts_with(' ') => behind.trim_start_matches([' ', '"', '\'']),
            _ => continue,
        };
        let from = text.len() - value.len();
        // Many names may stand in what could be one long value: its end is looked for once.
        if value_end < from {
            let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '&' | ',');
            value_end = value.find(ends).map_or(text.len(), |length| from + length);
        }
        let length = value_end - from;
        if length == 0 || value.starts_with("//") || !wants(name, beginning(&value[..length])) {
            continue;
        }
        found.push(Span::from(from..from + length));
        at = from + length;
    }
    found
}

/// As much of a value as tells what it is.
fn beginning(value: &str) -> &str {
    const ENOUGH: usize = 1 << 10;
    value.char_indices().nth(ENOUGH).map_or(value, |(end, _)| &value[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let found = |text: &str| {
            find(text, |name, _| name.ends_with("word"))
                .iter()
                .map(|span| span.text(text).to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("db --pass-word a -x --word=b; WORD= word='c d'"), ["a", "b", "c"]);
        assert!(found("word://x word").is_empty());
    }
}
