use super::Context;
use crate::{Logical, Segment, Word};
use plimsoll_base::Span;
use std::borrow::Cow;
use std::ops::Range;

/// One line of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Its first byte.
    pub(crate) start: usize,
    /// One past its last byte without the line break.
    pub(crate) end: usize,
    /// The start of the next line.
    pub(crate) next: usize,
}

impl Line {
    /// The line that starts at `start`; `None` at the end of the file.
    pub(crate) fn at(source: &str, start: usize) -> Option<Self> {
        let rest = source.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
        let (mut end, next) = match memchr::memchr(b'\n', rest) {
            Some(at) => (start + at, start + at + 1),
            None => (source.len(), source.len()),
        };
        // Builders drop every carriage return at the end of a line, not just one.
        while end > start && source.as_bytes()[end - 1] == b'\r' {
            end -= 1;
        }
        Some(Self { start, end, next })
    }

    pub(crate) fn text(self, source: &str) -> &str {
        &source[self.start..self.end]
    }
}

/// Where the escape character stands that continues the line: the last one but for blanks behind it, unless it is
/// itself escaped.
pub(crate) fn continuation(line: &str, escape: u8) -> Option<usize> {
    let bytes = line.as_bytes();
    let mut end = bytes.len();
    while end > 0 && matches!(bytes[end - 1], b' ' | b'\t') {
        end -= 1;
    }
    let at = end.checked_sub(1)?;
    (bytes[at] == escape && (at == 0 || bytes[at - 1] != escape)).then_some(at)
}

/// `str::trim_start` with a quick way through ASCII blanks.
pub(super) fn trim_start(text: &str) -> &str {
    let blanks = text.bytes().take_while(|byte| matches!(byte, b'\t'..=b'\r' | b' ')).count();
    let rest = &text[blanks..];
    if rest.as_bytes().first().is_some_and(|byte| !byte.is_ascii()) { rest.trim_start() } else { rest }
}

/// An instruction's lines before they are taken apart. The buffers are used again for each instruction.
#[derive(Default)]
pub(super) struct Buffer {
    text: String,
    segments: Vec<Segment>,
    pub(super) blank_lines: Vec<Span>,
}

/// Where an instruction stands.
pub(super) struct Joined {
    /// Its text where it stands on one line; otherwise the text is in the buffer.
    single: Option<Range<usize>>,
    /// One past its last byte, comments in it included, blanks at the end not.
    pub(super) end: usize,
}

impl Buffer {
    /// The text that [`join`] has found.
    pub(super) fn text<'s, 'a: 's>(&'s self, source: &'a str, joined: &Joined) -> Text<'s, 'a> {
        let content = match &joined.single {
            Some(range) => &source[range.clone()],
            None => &self.text,
        };
        Text { source, content, segments: &self.segments }
    }

    fn push(&mut self, source: &str, range: Range<usize>) {
        let segment = Segment { at: self.text.len() as u32, source: range.start as u32 };
        if range.is_empty() && !self.segments.is_empty() {
            return;
        }
        // Where nothing stood before the first continuation, the text begins behind it.
        match self.segments.last_mut() {
            Some(last) if last.at == segment.at => *last = segment,
            _ => self.segments.push(segment),
        }
        self.text.push_str(&source[range]);
    }
}

/// Reads the line and those that continue it. `None` for a line that is no instruction: a comment or a blank one.
pub(super) fn join(cx: &mut Context<'_>, first: Line, buffer: &mut Buffer) -> Option<Joined> {
    let source = cx.source;
    let line = first.text(source);
    let trimmed = trim_start(line);
    match trimmed.as_bytes().first() {
        None => return None,
        Some(b'#') => {
            cx.comment(first.end - trimmed.len(), first.end, false);
            return None;
        }
        Some(_) => {}
    }
    buffer.segments.clear();
    buffer.blank_lines.clear();
    let start = first.end - trimmed.len();
    let Some(at) = continuation(trimmed, cx.escape) else {
        buffer.segments.push(Segment { at: 0, source: start as u32 });
        return Some(Joined { single: Some(start..first.end), end: start + trimmed.trim_end().len() });
    };
    buffer.text.clear();
    buffer.push(source, start..start + at);
    let mut end = start + at + 1;
    while let Some(line) = Line::at(source, cx.position) {
        cx.position = line.next;
        let text = line.text(source);
        let trimmed = trim_start(text);
        match trimmed.as_bytes().first() {
            None => {
                buffer.blank_lines.push(Span::from(line.start..line.end));
                continue;
            }
            Some(b'#') => {
                cx.comment(line.end - trimmed.len(), line.end, true);
                end = line.start + text.trim_end().len();
                continue;
            }
            Some(_) => {}
        }
        let Some(at) = continuation(text, cx.escape) else {
            buffer.push(source, line.start..line.end);
            end = line.start + text.trim_end().len();
            break;
        };
        buffer.push(source, line.start..line.start + at);
        end = line.start + at + 1;
    }
    Some(Joined { single: None, end })
}

/// An instruction's text with continuations removed. Ranges are offsets into it.
#[derive(Clone, Copy)]
pub(super) struct Text<'s, 'a> {
    source: &'a str,
    pub(super) content: &'s str,
    segments: &'s [Segment],
}

impl<'a> Text<'_, 'a> {
    /// Where the byte at `at` stands in the file, and where the piece that holds it ends in the text.
    fn locate(&self, at: usize) -> (usize, usize) {
        if let [only] = self.segments {
            return (only.source as usize + at, self.content.len());
        }
        let next = self.segments.partition_point(|segment| segment.at as usize <= at);
        let piece_end = self.segments.get(next).map_or(self.content.len(), |segment| segment.at as usize);
        match next.checked_sub(1).and_then(|index| self.segments.get(index)) {
            Some(segment) => (segment.source as usize + at - segment.at as usize, piece_end),
            None => (0, piece_end),
        }
    }

    pub(super) fn offset(&self, at: usize) -> usize {
        self.locate(at).0
    }

    /// Where a range stands in the file, continuations inside it included.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        // An empty range at the end of a piece stays there, rather than on the next line.
        match range.end.checked_sub(1) {
            Some(last) if range.is_empty() => Span::empty(self.offset(last) as u32 + 1),
            Some(last) => Span::from(self.offset(range.start)..self.offset(last) + 1),
            None => Span::empty(self.offset(0) as u32),
        }
    }

    /// The range's text, borrowed from the file where it stands there in one piece.
    pub(super) fn cow(&self, range: &Range<usize>) -> Cow<'a, str> {
        let (start, piece_end) = self.locate(range.start);
        if range.end <= piece_end {
            Cow::Borrowed(&self.source[start..start + range.len()])
        } else {
            Cow::Owned(self.content[range.clone()].to_owned())
        }
    }

    pub(super) fn word(&self, range: Range<usize>) -> Word<'a> {
        Word { span: self.span(&range), text: self.cow(&range) }
    }

    pub(super) fn logical(&self, range: Range<usize>) -> Logical<'a> {
        let (start, piece_end) = self.locate(range.start);
        if range.end <= piece_end {
            return Logical::borrowed(&self.source[start..start + range.len()], start as u32);
        }
        let from = self.segments.partition_point(|segment| segment.at as usize <= range.start);
        let to = self.segments.partition_point(|segment| (segment.at as usize) < range.end);
        let inner = self.segments.get(from..to).unwrap_or_default();
        let mut segments = Vec::with_capacity(inner.len() + 1);
        segments.push(Segment { at: 0, source: start as u32 });
        segments.extend(
            inner.iter().map(|segment| Segment { at: segment.at - range.start as u32, source: segment.source }),
        );
        Logical { text: Cow::Owned(self.content[range].to_owned()), segments }
    }
}
