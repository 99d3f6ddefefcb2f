//! Values behind names, in the words of a command or in any other text.

use plimsoll_base::Span;

/// Finds the values of `NAME=VALUE`, `NAME: VALUE` and `--NAME VALUE` that `wants` accepts, by rising place. Values
/// end at a blank, a quote, or one of `;`, `&`, `,`.
pub(crate) fn find(text: &str, wants: impl Fn(&str, &str) -> bool) -> Vec<Span> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut found = Vec::new();
    let mut at = 0;
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
        let length =
            value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '&' | ',')).unwrap_or(value.len());
        if length == 0 || value.starts_with("//") || !wants(name, &value[..length]) {
            continue;
        }
        let from = text.len() - value.len();
        found.push(Span::from(from..from + length));
        at = from + length;
    }
    found
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
