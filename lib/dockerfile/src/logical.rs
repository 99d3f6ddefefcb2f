use plimsoll_base::Span;
use std::borrow::Cow;

/// Text as the builder sees it, with the way back to where each byte of it stands in the Dockerfile.
///
/// Line continuations, and the comments and blank lines inside them, are gone from the text; heredoc bodies may
/// have been added. Text on one line borrows the Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logical<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Where the pieces of the text come from, by rising [`Segment::at`]; the first is at 0. Empty only where the
    /// text is.
    pub segments: Vec<Segment>,
}

/// One piece of a [`Logical`] text that stands in the Dockerfile as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The offset in the logical text at which the piece begins; it ends where the next one begins.
    pub at: u32,
    /// The offset in the Dockerfile of the piece's first byte.
    pub source: u32,
}

impl<'a> Logical<'a> {
    /// Text that stands in the Dockerfile in one piece, from `source` on.
    pub fn borrowed(text: &'a str, source: u32) -> Self {
        Self { text: Cow::Borrowed(text), segments: vec![Segment { at: 0, source }] }
    }

    /// Adds a piece of the Dockerfile to the end.
    pub fn push(&mut self, text: &str, source: u32) {
        if text.is_empty() {
            return;
        }
        let at = self.text.len() as u32;
        self.text.to_mut().push_str(text);
        let continues = self.segments.last().is_some_and(|last| source.wrapping_sub(last.source) == at - last.at);
        if !continues {
            self.segments.push(Segment { at, source });
        }
    }

    /// Where the byte at offset `at` of the text stands in the Dockerfile. The end of the text maps to one past
    /// its last byte.
    pub fn source_offset(&self, at: u32) -> u32 {
        let index = self.segments.partition_point(|segment| segment.at <= at);
        match index.checked_sub(1).and_then(|index| self.segments.get(index)) {
            Some(segment) => segment.source + (at - segment.at),
            None => 0,
        }
    }

    /// The way there: the offset in the text of the byte at offset `source` of the Dockerfile. Where that byte is not
    /// in the text, the offset of the next one that is, or the end. The pieces have to stand in the order of the
    /// Dockerfile, as those of instructions do.
    pub fn logical_offset(&self, source: u32) -> u32 {
        let next = self.segments.partition_point(|segment| segment.source <= source);
        let end = self.segments.get(next).map_or(self.text.len() as u32, |segment| segment.at);
        match next.checked_sub(1).and_then(|index| self.segments.get(index)) {
            Some(segment) => (segment.at + (source - segment.source)).min(end),
            None => 0,
        }
    }

    /// Where a range of the text stands in the Dockerfile, from its first to its last byte. A range that crosses a
    /// continuation covers the continuation too, one that ends at it does not.
    pub fn source_span(&self, range: Span) -> Span {
        let start = self.source_offset(range.start);
        if range.is_empty() {
            return Span::empty(start);
        }
        Span::new(start, self.source_offset(range.end - 1) + 1)
    }

    /// The part of the text under `range`, with its own way back.
    pub fn slice(&self, range: Span) -> Logical<'_> {
        let from = self.segments.partition_point(|segment| segment.at <= range.start);
        let to = self.segments.partition_point(|segment| segment.at < range.end);
        let inner = self.segments.get(from..to).unwrap_or_default();
        let mut segments = Vec::with_capacity(inner.len() + 1);
        segments.push(Segment { at: 0, source: self.source_offset(range.start) });
        segments.extend(inner.iter().map(|segment| Segment { at: segment.at - range.start, source: segment.source }));
        Logical { text: Cow::Borrowed(range.text(&self.text)), segments }
    }
}
