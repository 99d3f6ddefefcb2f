//! Long runs of letters, digits, `_` and `-`: nearly every token has one.
//!
//! Most text has none, so the search goes by blocks of 64 bytes, whose masks tell where runs of [`STEP`] bytes are without
//! a branch for each word.

use crate::block::{self, Block};
use crate::proof::base64;
use crate::search::{Hit, Memory, Window, begins, checked, decoded, resolve, search};
use crate::{Encoding, generic};

/// The least length of a run.
pub(crate) const STEP: usize = 14;

const WORD: u8 = 1;
const LOWER: u8 = 2;
const UPPER: u8 = 4;
const DIGIT: u8 = 8;
const SIGN: u8 = 16;

/// What each byte is; 0 for those of no run.
static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = match at as u8 {
            b'a'..=b'z' => WORD | LOWER,
            b'A'..=b'Z' => WORD | UPPER,
            b'0'..=b'9' => WORD | DIGIT,
            b'_' | b'-' => WORD | SIGN,
            _ => 0,
        };
        at += 1;
    }
    table
};

pub(crate) fn find(window: &Window<'_>, memory: &mut Memory, hits: &mut Vec<Hit>) {
    let bytes = window.bytes;
    let triggers = &window.triggers;
    // Of a run that begins with the last trigger this much is needed to see that it is long.
    let last = bytes.len().min(triggers.end + STEP - 1);
    let in_run = |byte: &&u8| CLASS[usize::from(**byte)] != 0;
    let mut at = triggers.start;
    // The length of the run that ends at `at`, or that it is long enough; and up to where runs are done.
    let mut before = bytes[..at].iter().rev().take(STEP).take_while(in_run).count();
    let mut free = 0;
    let mut spare = [0; block::SIZE];
    while at < last {
        let block = Block::at(bytes, at, &mut spare);
        let word = block::first(block.mask(is_word), last - at);
        let mut starts = long_runs(word);
        if before > 0 && before + word.trailing_ones() as usize >= STEP {
            starts |= 1;
        }
        while starts != 0 {
            let inside = at + starts.trailing_zeros() as usize;
            free = whole_run(window, inside, free, memory, hits);
            starts = block::without_first(starts, free - at);
        }
        if window.decode && block.has_zero() {
            utf16_texts(window, block, at, last, memory, hits);
        }
        before = if word == u64::MAX { STEP } else { word.leading_ones() as usize };
        at += block::SIZE;
        if free > at {
            (at, before) = (free, 0);
        }
    }
}

/// Where runs of [`STEP`] bytes or more begin, of those that a mask shows, and every place in them with so many behind.
fn long_runs(word: u64) -> u64 {
    let two = word & word >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    eight & eight >> (STEP - 8)
}

/// Looks at the run around a place; gives its end.
fn whole_run(window: &Window<'_>, inside: usize, free: usize, memory: &mut Memory, hits: &mut Vec<Hit>) -> usize {
    let bytes = window.bytes;
    let mut classes = 0;
    let mut start = inside;
    while start > free && CLASS[usize::from(bytes[start - 1])] != 0 {
        start -= 1;
        classes |= CLASS[usize::from(bytes[start])];
    }
    let mut end = inside;
    while end < bytes.len() && CLASS[usize::from(bytes[end])] != 0 {
        classes |= CLASS[usize::from(bytes[end])];
        end += 1;
    }
    if end - start >= STEP {
        run(window, start, end, classes, memory, hits);
    }
    end.max(inside + 1)
}

/// Reads the UTF-16 texts of a block.
fn utf16_texts(
    window: &Window<'_>,
    block: Block<'_>,
    at: usize,
    last: usize,
    memory: &mut Memory,
    hits: &mut Vec<Hit>,
) {
    // Four times a zero and a letter: half of a text that is long enough has it, wherever a block cuts it.
    const LENGTH: usize = 8;
    let zeros = block::first(block.mask(|byte| byte == 0), last - at);
    let pairs = zeros & block.mask(is_text) >> 1;
    let two = pairs & pairs >> 2;
    let mut starts = two & two >> 4;
    while starts != 0 {
        let zero = at + starts.trailing_zeros() as usize;
        let done = if zero < memory.decoded { memory.decoded } else { utf16(window, zero, memory, hits) };
        starts = block::without_first(starts, done.max(zero + LENGTH) - at);
    }
}

/// Looks for tokens in a run, and for what the run may be the value or the code of.
fn run(window: &Window<'_>, start: usize, end: usize, classes: u8, memory: &mut Memory, hits: &mut Vec<Hit>) {
    const FRONT: usize = 24;
    let bytes = window.bytes;
    let whole = start >= window.triggers.start && start < window.triggers.end;
    if whole {
        // Prefixes that end with a sign of no run: `SG.`, `hvs.`, `sha256~`.
        if matches!(bytes[..start].last(), Some(b'.' | b'~')) {
            let front = bytes[..start].iter().rev().take(FRONT);
            let length =
                front.take_while(|&&byte| CLASS[usize::from(byte)] != 0 || matches!(byte, b'.' | b'~')).count();
            for at in start - length..start {
                token(window, at, hits);
            }
        }
        token(window, start, hits);
        // Behind an escape (`\n`) or a percent sign (`%3D`).
        match bytes[..start].last() {
            Some(b'\\') => token(window, start + 1, hits),
            Some(b'%') => token(window, start + 2, hits),
            _ => {}
        }
    }
    if classes & SIGN != 0 {
        let from = start.max(window.triggers.start);
        for at in from..end.min(window.triggers.end) {
            if at > start && CLASS[usize::from(bytes[at - 1])] & SIGN != 0 {
                token(window, at, hits);
            }
        }
    }
    // Numbers are the ids of some providers.
    let number = classes == WORD | DIGIT && end - start <= 20;
    if window.names && whole && classes & DIGIT != 0 && (classes & (LOWER | UPPER) != 0 || number) {
        generic::around(window, start, end, hits);
    }
    if whole && window.decode && end - start >= 24 && classes & LOWER != 0 && classes & UPPER != 0 {
        in_base64(window, start, memory, hits);
    }
}

/// Adds the token that begins at `at`, if one does.
fn token(window: &Window<'_>, at: usize, hits: &mut Vec<Hit>) {
    let rest = &window.bytes[at.min(window.bytes.len())..];
    let mut forms = window.tables.beginning(rest).peekable();
    if forms.peek().is_none() || !begins(window.bytes, at) {
        return;
    }
    // Of forms that begin alike the longest is meant.
    let values = forms.filter_map(|(kind, shape)| Some((shape.value(rest)?, kind, shape)));
    let longest = values.max_by_key(|(value, ..)| value.end);
    hits.extend(
        longest.and_then(|(value, kind, shape)| {
            checked(kind, shape.prefix, window.bytes, at + value.start..at + value.end)
        }),
    );
}

/// The longest encoded text that is read.
const LONGEST: usize = crate::MAX_MATCH;

/// The lengths at which encoders wrap lines; a longer one is whole, and what follows it is another text.
const WRAPPED: std::ops::RangeInclusive<usize> = 60..=76;

/// Reads the text that begins with the run, if it is base64 of text.
fn in_base64(window: &Window<'_>, start: usize, memory: &mut Memory, hits: &mut Vec<Hit>) {
    let bytes = window.bytes;
    if start < memory.decoded {
        return;
    }
    // What begins with bytes that are no text is a digest, a key, a certificate or an image.
    const FIRST: usize = 24;
    let first = &bytes[start..start + FIRST];
    if !base64::decode(first).is_some_and(|first| first.iter().all(|&byte| is_text(byte))) {
        return;
    }
    let mut digits = Vec::new();
    let mut at = start;
    let limit = bytes.len().min(start + LONGEST);
    while at < limit {
        let row = bytes[at..limit].iter().take_while(|&&byte| base64::is_digit(byte)).count();
        digits.extend_from_slice(&bytes[at..at + row]);
        at += row;
        // Lines that are wrapped go on behind a line end, which may be escaped.
        let wrap = match bytes[at..limit] {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] | [b'\\', b'n', ..] => 2,
            _ => break,
        };
        if !WRAPPED.contains(&row) || !bytes.get(at + wrap).is_some_and(|&byte| base64::is_digit(byte)) {
            break;
        }
        at += wrap;
    }
    memory.decoded = at;
    digits.truncate(digits.len() - usize::from(digits.len() % 4 == 1));
    let Some(text) = base64::decode(&digits) else { return };
    decoded(&text, &(start..at), Encoding::Base64, hits);
}

fn is_word(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26 || byte.wrapping_sub(b'0') < 10 || byte == b'_' || byte == b'-'
}

fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')
}

/// Reads the UTF-16 text around `at`, a byte of a pair with a zero; gives where it ends, `at` where there is none.
fn utf16(window: &Window<'_>, at: usize, memory: &mut Memory, hits: &mut Vec<Hit>) -> usize {
    const LEAST: usize = 12;
    const BACK: usize = 512;
    let bytes = window.bytes;
    // In little-endian order the letter stands before the zero; big-endian text is the same, one byte on.
    let letter = if bytes[at] == 0 { at + 1 } else { at };
    let pair = |at: usize| matches!(bytes.get(at..at + 2), Some(&[letter, 0]) if is_text(letter));
    if !pair(letter) || !pair(letter + 2) || !pair(letter + 4) {
        return at;
    }
    let mut start = letter;
    while start >= 2 && letter - start < BACK && start - 2 >= memory.decoded && pair(start - 2) {
        start -= 2;
    }
    let mut end = letter;
    while end - start < LONGEST && pair(end) {
        end += 2;
    }
    // A text longer than what is read at once is read on a little before its end.
    let whole = end - start < LONGEST;
    memory.decoded = if whole { end } else { end - BACK };
    if end - start < 2 * LEAST || letter < window.triggers.start || letter >= window.triggers.end {
        return at;
    }
    let text: Vec<u8> = bytes[start..end].iter().step_by(2).copied().collect();
    let mut inner = Vec::new();
    search(&text, 0..text.len(), false, &mut Memory::default(), &mut inner);
    resolve(&mut inner);
    for mut hit in inner {
        hit.range = start + 2 * hit.range.start..start + 2 * hit.range.end;
        hit.encoding = Some(Encoding::Utf16);
        hits.push(hit);
    }
    memory.decoded
}
