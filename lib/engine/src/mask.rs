use crate::Finding;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
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
    let Some(values) = automaton(everywhere) else {
        // Too many values for an automaton: nothing is shown rather than something that may hold one.
        for finding in findings {
            finding.fixes.clear();
        }
        return stars(text);
    };
    let replace = |text: &mut String| {
        if values.is_match(&*text) {
            *text = hidden(text, &values);
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

/// Two versions of a text for a diff, with the secrets masked that `masked` masks, which is what [`mask`] made of
/// `before`. They are masked wherever they occur, in both alike, so that masking makes no difference between them.
///
/// ```
/// let (before, masked, after) = ("ENV P s3cret\n", "ENV P ******\n", "ENV P=\"s3cret\"\n");
/// let (before, after) = plimsoll_engine::mask_alike(before, masked, after);
/// assert_eq!((before.as_str(), after.as_str()), ("ENV P ******\n", "ENV P=\"******\"\n"));
/// ```
pub fn mask_alike(before: &str, masked: &str, after: &str) -> (String, String) {
    let mut values = BTreeSet::new();
    let mut start: Option<usize> = None;
    for ((at, character), shown) in before.char_indices().zip(masked.chars()) {
        match (character == shown, start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                values.extend(before.get(from..at));
                start = None;
            }
            _ => {}
        }
    }
    values.extend(start.and_then(|from| before.get(from..)));
    match automaton(values) {
        Some(values) => (hidden(before, &values), hidden(after, &values)),
        None => (stars(before), stars(after)),
    }
}

/// One automaton for all values keeps masking linear in the text, however many there are; its simplest kind, since few
/// texts are long enough to win back the making of another. `None` for more than it can hold.
fn automaton<'v>(values: impl IntoIterator<Item = &'v str>) -> Option<AhoCorasick> {
    let kind = Some(AhoCorasickKind::NoncontiguousNFA);
    AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).kind(kind).prefilter(false).build(values).ok()
}

fn hidden(text: &str, values: &AhoCorasick) -> String {
    let mut hidden = String::with_capacity(text.len());
    values.replace_all_with(text, &mut hidden, |_, value, into| {
        into.push_str(&stars(value));
        true
    });
    hidden
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

#[cfg(test)]
mod tests {
    use super::mask_alike;
    use std::fmt::Write;

    #[test]
    fn diffs_are_masked_alike() {
        let before = "ENV P s3cret\nRUN echo s3cret é\n";
        let shown = "ENV P ******\nRUN echo ****** é\n";
        let (before, after) = mask_alike(before, shown, "ENV P=\"s3cret\"\nRUN echo s3cret é\n");
        assert_eq!(before, shown);
        assert_eq!(after, "ENV P=\"******\"\nRUN echo ****** é\n");
        assert_eq!(mask_alike("a", "*", "b a").1, "b *");
        assert_eq!(mask_alike("a", "a", "b").1, "b");
    }

    /// Replacing one value after the other would take minutes here.
    #[test]
    fn many_secrets_take_linear_time() {
        let (mut before, mut masked) = (String::new(), String::new());
        for number in 0..20_000 {
            let _ = writeln!(before, "ENV P{number}=s3cret{number:05}");
            let _ = writeln!(masked, "ENV P{number}=***********");
        }
        assert_eq!(mask_alike(&before, &masked, &before), (masked.clone(), masked));
    }
}
