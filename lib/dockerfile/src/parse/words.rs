use super::lines::{Text, trim_start};
use super::{Context, shown};
use crate::{Declaration, ErrorKind, Keyword, Pair};
use std::ops::Range;

/// The blanks that part a keyword from its arguments, and words without quotes from each other.
const fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x0b | 0x0c | b'\r' | b' ')
}

/// The end of the blanks at `at`.
pub(super) fn skip_blanks(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|&&byte| is_blank(byte)).count()
}

/// The end of the word at `at`, where blanks alone end words.
pub(super) fn skip_word(text: &str, at: usize) -> usize {
    at + text.as_bytes()[at..].iter().take_while(|&&byte| !is_blank(byte)).count()
}

/// The words of a range that has no blanks at its ends; quotes mean nothing.
pub(super) fn plain<'t>(text: &'t str, range: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let text = &text[..range.end];
    let mut at = range.start;
    std::iter::from_fn(move || {
        let start = at;
        let end = skip_word(text, start);
        at = skip_blanks(text, end);
        (start < end).then_some(start..end)
    })
}

/// The words of a range; blanks in quotes and behind the escape character do not end them. An escape character at
/// the very end belongs to no word.
pub(super) fn quoted<'t>(
    text: &'t str,
    range: &Range<usize>,
    escape: u8,
) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let text = &text[..range.end];
    let mut at = range.start;
    std::iter::from_fn(move || {
        loop {
            let start = text.len() - trim_start(&text[at..]).len();
            if start == text.len() {
                return None;
            }
            let end;
            (end, at) = quoted_end(text, start, escape);
            if start < end {
                return Some(start..end);
            }
        }
    })
}

/// The end of the word, and where to go on behind it.
fn quoted_end(text: &str, start: usize, escape: u8) -> (usize, usize) {
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        if byte == escape && quote != Some(b'\'') {
            let Some(&next) = bytes.get(at + 1) else { return (at, at + 1) };
            at += 1 + width(next);
            continue;
        }
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None if byte.is_ascii() => {
                if matches!(byte, b'\t'..=b'\r' | b' ') {
                    return (at, at);
                }
            }
            None if text[at..].starts_with(char::is_whitespace) => return (at, at),
            None => {}
        }
        at += width(byte);
    }
    (at, at)
}

/// The length of the UTF-8 character that begins with this byte.
const fn width(first: u8) -> usize {
    match first {
        ..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    }
}

/// The keys and values of `ENV` and `LABEL`: `key=value...`, or in the old form `key rest of the line`.
pub(super) fn pairs<'a>(
    cx: &mut Context<'a>,
    text: &Text<'_, 'a>,
    keyword: Keyword,
    range: &Range<usize>,
) -> Vec<Pair<'a>> {
    let name = keyword.name();
    let mut pairs = Vec::new();
    for word in quoted(text.content, range, cx.escape) {
        match text.content[word.clone()].find('=') {
            Some(0) => {
                let message = format!("`{name}` without a name before {}", shown(&text.content[word.clone()]));
                cx.error(ErrorKind::Arguments, text.span(&word), message);
            }
            Some(at) => pairs.push(Pair {
                span: text.span(&word),
                key: text.word(word.start..word.start + at),
                value: text.word(word.start + at + 1..word.end),
                legacy: false,
            }),
            None if pairs.is_empty() && word.start == range.start => {
                pairs.extend(legacy_pair(cx, text, keyword, range));
                return pairs;
            }
            None => {
                let message = format!("{} of `{name}` is not `name=value`", shown(&text.content[word.clone()]));
                cx.error(ErrorKind::Arguments, text.span(&word), message);
            }
        }
    }
    pairs
}

fn legacy_pair<'a>(
    cx: &mut Context<'a>,
    text: &Text<'_, 'a>,
    keyword: Keyword,
    range: &Range<usize>,
) -> Option<Pair<'a>> {
    let line = &text.content[..range.end];
    let end = skip_word(line, range.start);
    let value = skip_blanks(line, end);
    if value == range.end {
        let message = format!("`{}` gives {} no value", keyword.name(), shown(&line[range.clone()]));
        cx.error(ErrorKind::Arguments, text.span(range), message);
        return None;
    }
    Some(Pair {
        span: text.span(range),
        key: text.word(range.start..end),
        value: text.word(value..range.end),
        legacy: true,
    })
}

/// The names of `ARG` with their defaults.
pub(super) fn declarations<'a>(
    cx: &mut Context<'a>,
    text: &Text<'_, 'a>,
    range: &Range<usize>,
) -> Vec<Declaration<'a>> {
    let mut declarations = Vec::new();
    for word in quoted(text.content, range, cx.escape) {
        let (name, default) = match text.content[word.clone()].find('=') {
            Some(at) => (word.start..word.start + at, Some(word.start + at + 1..word.end)),
            None => (word.clone(), None),
        };
        if name.is_empty() {
            let message = format!("`ARG` without a name before {}", shown(&text.content[word.clone()]));
            cx.error(ErrorKind::Arguments, text.span(&word), message);
        } else {
            declarations.push(Declaration { name: text.word(name), default: default.map(|range| text.word(range)) });
        }
    }
    declarations
}
