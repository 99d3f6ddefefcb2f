//! Finds secrets in a window of a file: long runs of letters and digits, and literals that lead to the rest.
//!
//! Each place at which a secret is noticed, its trigger, belongs to exactly one window, so that a file gives the same
//! however it is cut. A trigger looks at most [`BEHIND`] bytes back and [`AHEAD`] bytes on.

use crate::matched::Fingerprint;
use crate::tables::{Tables, kind, tables};
use crate::{Confidence, Encoding, Kind, MAX_MATCH, Note};
use crate::{anchored, runs};
use std::ops::Range;

/// How far a trigger looks back.
pub(crate) const BEHIND: usize = 4096;
/// How far a trigger looks on.
pub(crate) const AHEAD: usize = MAX_MATCH + 1024;

/// A secret in a window.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub(crate) kind: &'static Kind,
    pub(crate) range: Range<usize>,
    /// The line on which it begins, once that is known.
    pub(crate) line: u64,
    pub(crate) confidence: Confidence,
    pub(crate) notes: Vec<Note>,
    pub(crate) encoding: Option<Encoding>,
    /// What may be shown of the value: what all values of its kind begin with.
    pub(crate) prefix: &'static str,
    pub(crate) fingerprint: Option<Fingerprint>,
}

/// What is searched: bytes, and which of them are triggers.
pub(crate) struct Window<'w> {
    pub(crate) bytes: &'w [u8],
    pub(crate) triggers: Range<usize>,
    /// Whether encoded texts are read too. What is decoded is not decoded again.
    pub(crate) decode: bool,
    /// Whether values are judged by names near them, and passwords looked for in URLs.
    pub(crate) names: bool,
    pub(crate) tables: &'static Tables,
}

/// What a search remembers from one window to the next, relative to the window.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    /// Up to where an encoded text has been read.
    pub(crate) decoded: usize,
}

/// Finds all hits whose triggers are the window's, in no order.
pub(crate) fn search(bytes: &[u8], triggers: Range<usize>, decode: bool, memory: &mut Memory, hits: &mut Vec<Hit>) {
    let window = Window { bytes, triggers, decode, names: true, tables: tables() };
    find(&window, memory, hits);
}

fn find(window: &Window<'_>, memory: &mut Memory, hits: &mut Vec<Hit>) {
    runs::find(window, memory, hits);
    anchored::find(window, hits);
}

/// Finds, in a text that is there as a whole, all but what only names near values tell; by rising place.
pub(crate) fn unnamed(bytes: &[u8]) -> Vec<Hit> {
    let window = Window { bytes, triggers: 0..bytes.len(), decode: true, names: false, tables: tables() };
    let mut hits = Vec::new();
    find(&window, &mut Memory::default(), &mut hits);
    hits.retain(|hit| !hit.kind.is_told_by_name());
    resolve(&mut hits);
    hits
}

impl Hit {
    /// A hit of a kind that the search knows by its id.
    pub(crate) fn new(id: &'static str, range: Range<usize>) -> Option<Self> {
        let kind = kind(id)?;
        Some(Self {
            kind,
            range,
            line: 0,
            confidence: kind.confidence,
            notes: Vec::new(),
            encoding: None,
            prefix: "",
            fingerprint: None,
        })
    }

    pub(crate) fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    pub(crate) fn note(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }
}

/// Searches a text that was decoded from `range`, and adds what it finds as standing there.
pub(crate) fn decoded(text: &[u8], range: &Range<usize>, encoding: Encoding, hits: &mut Vec<Hit>) {
    let mut inner = Vec::new();
    search(text, 0..text.len(), false, &mut Memory::default(), &mut inner);
    resolve(&mut inner);
    for mut hit in inner {
        hit.range = range.clone();
        hit.encoding = Some(encoding);
        hits.push(hit);
    }
}

/// Leaves of hits that overlap the one that says most, sorted by place.
pub(crate) fn resolve(hits: &mut Vec<Hit>) {
    // What its form tells is better than what stands near a name, and that than what its name alone tells; then what is
    // surer, then what is longer.
    let rank = |hit: &Hit| {
        let source = match hit.kind.id {
            _ if hit.kind.is_told_by_form() => 2,
            "password-assignment" | "secret-assignment" => 0,
            _ => 1,
        };
        (source, hit.confidence, hit.range.len())
    };
    hits.sort_by(|left, right| {
        let order = (left.range.start, left.range.end).cmp(&(right.range.start, right.range.end));
        order.then_with(|| rank(right).cmp(&rank(left))).then_with(|| left.kind.id.cmp(right.kind.id))
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits.drain(..) {
        // Several secrets in one encoded text stand at the same place, and all count.
        let same_text = |last: &Hit| {
            hit.encoding == Some(Encoding::Base64) && last.encoding == hit.encoding && last.range == hit.range
        };
        match kept.last_mut() {
            Some(last) if hit.range.start < last.range.end => {
                if same_text(last) && last.kind != hit.kind {
                    kept.push(hit);
                } else if rank(&hit) > rank(last) {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    *hits = kept;
}

/// Whether a token may begin at `at`: not in the middle of a word. The letter of an escape (`\n`) and the digits of a
/// percent sign (`%3D`) are no word.
pub(crate) fn begins(bytes: &[u8], at: usize) -> bool {
    match &bytes[..at] {
        [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => true,
        [.., before] => !before.is_ascii_alphanumeric(),
        [] => true,
    }
}

/// The hit of a kind's form over a range, if the value passes the kind's check.
pub(crate) fn checked(kind: &'static Kind, prefix: &'static str, bytes: &[u8], range: Range<usize>) -> Option<Hit> {
    use crate::kind::Check;
    use crate::proof::{aws, crc32, jwt, known};
    use crate::value;
    let whole = &bytes[range.clone()];
    let body = whole.strip_prefix(prefix.as_bytes()).unwrap_or(whole);
    let mut confidence = kind.confidence;
    let mut notes = Vec::new();
    if value::is_example(body) {
        // Amazon's own examples say so within the form.
        if !value::contains(body, b"EXAMPLE") {
            return None;
        }
        notes.push(Note::Documented);
        confidence = Confidence::Low;
    }
    if known::is_documented(whole) {
        notes.push(Note::Documented);
        confidence = Confidence::Low;
    }
    match kind.check {
        Check::Form => {}
        Check::Varied => {
            if !value::is_varied(body) {
                return None;
            }
        }
        Check::Mixed | Check::Drawn => {
            let digit = body.iter().any(u8::is_ascii_digit);
            // In 24 bytes that are drawn 14 changes are to be expected; in a name there are two a word.
            let least = if kind.check == Check::Drawn { 2 * body.len() } else { body.len() };
            if !value::is_varied(body) || !digit || value::changes(body) * 5 < least {
                return None;
            }
        }
        Check::Checksum => {
            if !value::is_varied(body) {
                return None;
            }
            if crc32::ends_with_base62_checksum(body) {
                notes.push(Note::Checksum);
            } else {
                notes.push(Note::WrongChecksum);
                confidence = Confidence::Low;
            }
        }
        Check::Aws => {
            if notes.is_empty() && !value::is_varied(body) {
                return None;
            }
            notes.extend(aws::account(whole).map(Note::AwsAccount));
        }
        Check::Jwt => {
            notes.extend(jwt::read(whole)?);
            if notes.contains(&Note::Documented) {
                confidence = Confidence::Low;
            }
        }
    }
    let drawn = body.len() >= 16 && confidence > Confidence::Low;
    let fingerprint = drawn.then(|| Fingerprint::new(kind, whole));
    let prefix = if body.len() >= 16 && body.len() < whole.len() { prefix } else { "" };
    Some(Hit { kind, range, line: 0, confidence, notes, encoding: None, prefix, fingerprint })
}
