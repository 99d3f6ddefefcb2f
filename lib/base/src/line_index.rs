use crate::Span;

/// Where each line of a text starts. Lines end at `\n`; a `\r` before it belongs to the line's end.
///
/// Building is linear in the text, a look-up is a binary search plus the line's own length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// A place in a text for people: both numbers start at 1, columns count Unicode characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl LineIndex {
    /// Finds the lines of `text`.
    pub fn new(text: &str) -> Self {
        // Of the usual length of lines, and a little more: growing costs more than looking for them.
        let mut starts = Vec::with_capacity(text.len() / 24 + 2);
        starts.push(0);
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                starts.push(at as u32 + 1);
            }
        }
        Self { starts }
    }

    /// The line, from 1, that holds the byte at `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// Line and column of `offset`, which is clamped to the text and to a character's start. A byte order mark
    /// takes no column.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line(offset as u32);
        let start = self.starts[line as usize - 1] as usize;
        let before = text[start..offset].trim_start_matches('\u{feff}');
        let characters = if before.is_ascii() { before.len() } else { before.chars().count() };
        Position { line, column: characters as u32 + 1 }
    }

    /// The bytes of a line, from 1, without its line break; `None` past the last line.
    pub fn line_span(&self, text: &str, line: u32) -> Option<Span> {
        let start = *self.starts.get((line as usize).checked_sub(1)?)?;
        let end = self.starts.get(line as usize).map_or(text.len() as u32, |&next| next - 1);
        let content = Span::new(start, end).text(text);
        Some(Span::new(start, end - u32::from(content.ends_with('\r'))))
    }

    /// How many lines there are; a text that ends in a line break has an empty last line.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "\u{feff}é x\r\nb";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, text.find('x').map_or(0, |at| at as u32)), Position { line: 1, column: 3 });
        assert_eq!(index.position(text, 999), Position { line: 2, column: 2 });
        assert_eq!(index.line_span(text, 1).map(|span| span.text(text)), Some("\u{feff}é x"));
        assert_eq!(index.line_span(text, 3), None);
    }
}
