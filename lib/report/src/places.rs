use plimsoll_base::{LineIndex, Position, Span};
use plimsoll_engine::FileReport;

/// Turns the spans of one file into lines and columns, cheaply for spans that come sorted.
///
/// [`LineIndex::position`] counts columns from the line's start. In a file with one very long line and findings all
/// along it that would be quadratic, so each look-up here counts from the one before where that is nearer.
pub(crate) struct Places<'a> {
    starts: Cursor<'a>,
    ends: Cursor<'a>,
}

/// Where a span starts and ends; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

impl<'a> Places<'a> {
    /// At the start of a file.
    pub(crate) fn new(file: &'a FileReport) -> Self {
        Self { starts: Cursor::new(file), ends: Cursor::new(file) }
    }

    /// Where a span starts and ends. Offsets are clamped to the text and to a character's start.
    pub(crate) fn region(&mut self, span: Span) -> Region {
        Region { start: self.starts.position(span.start), end: self.ends.position(span.end) }
    }
}

struct Cursor<'a> {
    source: &'a str,
    lines: &'a LineIndex,
    /// The last look-up.
    offset: usize,
    position: Position,
}

impl<'a> Cursor<'a> {
    fn new(file: &'a FileReport) -> Self {
        Self { source: &file.source, lines: &file.lines, offset: 0, position: Position { line: 1, column: 1 } }
    }

    fn position(&mut self, offset: u32) -> Position {
        let offset = self.source.floor_char_boundary(offset as usize);
        let line = self.lines.line(offset as u32);
        let Position { line: last_line, column } = self.position;
        let line_start = || self.lines.line_span(self.source, line).map_or(0, |span| span.start as usize);
        self.position = if line == last_line && offset >= self.offset {
            let between = &self.source[self.offset..offset];
            // Byte order marks at the line's start take no column.
            let counted = if column == 1 { between.trim_start_matches('\u{feff}') } else { between };
            Position { line, column: column + characters(counted) }
        } else if line == last_line && self.offset - offset < offset - line_start() {
            let between = &self.source[offset..self.offset];
            Position { line, column: column.saturating_sub(characters(between)).max(1) }
        } else {
            self.lines.position(self.source, offset as u32)
        };
        self.offset = offset;
        self.position
    }
}

fn characters(text: &str) -> u32 {
    text.chars().count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_engine::InputKind;

    #[test]
    fn agrees_with_the_line_index() {
        let source = "\u{feff}\u{feff}é x漢\r\n\n\u{feff}RUN a ẞ\u{feff}\u{1f512} b\nlast".to_owned();
        let file = FileReport {
            path: "Dockerfile".to_owned(),
            kind: InputKind::Text,
            lines: LineIndex::new(&source),
            source,
            findings: Vec::new(),
            suppressed: Vec::new(),
        };
        let length = file.source.len() as u32 + 3;
        // Every pair of look-ups, forwards and backwards, inside of characters and past the end.
        for first in 0..length {
            for second in 0..length {
                let mut cursor = Cursor::new(&file);
                cursor.position(first);
                assert_eq!(cursor.position(second), file.lines.position(&file.source, second), "{first} {second}");
            }
        }
    }
}
