use crate::Finding;
use aho_corasick::{AhoCorasick, MatchKind};
use plimsoll_base::Span;
use std::collections::BTreeSet;

/// Removes secrets from a text and from what findings say of it, before any report sees them. `secrets` are the spans
/// of their values.
///
/// Each character of a secret is replaced by one of the same length in bytes, so that every offset, line and column
/// stays true; other occurrences of the same value, in the text and in messages, are replaced too, and fixes that would
/// write it are left out.
///
/// ```
/// use plimsoll_base::Span;
/// let masked = plimsoll_engine::mask("ENV TOKEN=sécret8\n", &[Span::new(10, 18)], &mut []);
/// assert_eq!(masked, "ENV TOKEN=*×*****\n");
/// ```
pub fn mask(text: &str, secrets: &[Span], findings: &mut [Finding]) -> String {
    // Values under four characters stand in too many innocent words to be replaced wherever they occur.
    const SHORTEST: usize = 4;
    let mut masked = text.to_owned();
    for span in secrets {
        let value = span.text(text);
        masked.replace_range(span.range().start..span.range().start + value.len(), &stars(value));
    }
    let values: BTreeSet<&str> = secrets.iter().map(|span| span.text(text)).collect();
    let everywhere = values.into_iter().filter(|value| value.chars().count() >= SHORTEST);
    // One automaton for all values keeps this linear in the text, however many there are.
    let Ok(values) = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(everywhere) else {
        // Too many values for an automaton: nothing is shown rather than something that may hold one.
        for finding in findings {
            finding.fixes.clear();
        }
        return stars(text);
    };
    let replace = |text: &mut String| {
        if values.is_match(&*text) {
            let mut replaced = String::with_capacity(text.len());
            values.replace_all_with(text, &mut replaced, |_, value, into| {
                into.push_str(&stars(value));
                true
            });
            *text = replaced;
        }
    };
    replace(&mut masked);
    for finding in findings {
        replace(&mut finding.message);
        finding.related.iter_mut().for_each(|related| replace(&mut related.message));
        // A fix with a masked edit would write the mask into the file: reports do without it.
        finding.fixes.retain(|fix| !fix.edits.iter().any(|edit| values.is_match(&edit.text)));
        finding.fixes.iter_mut().for_each(|fix| replace(&mut fix.title));
    }
    masked
}

fn stars(value: &str) -> String {
    value
        .chars()
        .map(|character| match character {
            '\n' | '\r' => character,
            _ => match character.len_utf8() {
                1 => '*',
                2 => '×',
                3 => '•',
                _ => '\u{1f512}',
            },
        })
        .collect()
}
