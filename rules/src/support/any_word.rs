//! Texts that are looked through for any of several words at once.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

/// An automaton for a handful of words. It is made once and kept in a `static`.
pub(crate) fn any_word<'w>(words: impl IntoIterator<Item = &'w &'static str>) -> AhoCorasick {
    of(&mut AhoCorasick::builder(), words)
}

/// An automaton for a handful of words in any case.
pub(crate) fn any_word_in_any_case<'w>(words: impl IntoIterator<Item = &'w &'static str>) -> AhoCorasick {
    of(AhoCorasick::builder().ascii_case_insensitive(true), words)
}

fn of<'w>(builder: &mut AhoCorasickBuilder, words: impl IntoIterator<Item = &'w &'static str>) -> AhoCorasick {
    builder.build(words.into_iter().map(|word| word.as_bytes())).expect("a handful of words is never too many")
}
