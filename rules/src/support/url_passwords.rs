//! Passwords in URLs: `https://user:password@host`.

use super::secret_values;
use plimsoll_base::Span;

/// Finds them, by rising place; variables and texts that ask to be replaced are none.
pub(crate) fn find(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    // One character is found faster than three.
    for (at, _) in text.match_indices(':') {
        let start = at + "://".len();
        let Some(rest) = text.get(start..).filter(|_| text[at..].starts_with("://")) else { continue };
        let end = rest.bytes().take(256).position(|byte| b"/@ \t\r\n\"'`<>|;&()?#".contains(&byte));
        let Some(end) = end.filter(|&end| rest.as_bytes()[end] == b'@') else { continue };
        let Some((user, password)) = rest.get(..end).and_then(|userinfo| userinfo.split_once(':')) else { continue };
        let lower = password.to_ascii_lowercase();
        let literal = !password.is_empty() && !password.contains(['$', '{', '}', '%', '\\']);
        if literal && !secret_values::is_placeholder(&lower) {
            let from = start + user.len() + 1;
            found.push(Span::from(from..from + password.len()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_passwords() {
        let found = |text: &str| find(text).iter().map(|span| span.text(text).to_owned()).collect::<Vec<_>>();
        assert_eq!(found("DB=postgres://app:hunter2@db/app"), ["hunter2"]);
        for text in
            ["https://example.com/a:b@c", "https://$USER:$PASS@host", "https://user@host", "https://a:<password>@b"]
        {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
