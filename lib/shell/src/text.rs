use std::borrow::Cow;
use std::ops::Range;

/// The text of a word while its quotes and escapes are left out: pieces of the source, joined. Borrows as long as
/// the pieces touch each other.
pub(crate) struct Text<'a> {
    source: &'a str,
    piece: Range<usize>,
    joined: Option<String>,
}

impl<'a> Text<'a> {
    /// An empty text made of pieces of `source`.
    pub(crate) fn new(source: &'a str) -> Self {
        Self { source, piece: 0..0, joined: None }
    }

    /// Adds `source[start..end]`; nothing where that is no text.
    pub(crate) fn push(&mut self, start: usize, end: usize) {
        if start >= end {
            return;
        }
        if let Some(joined) = &mut self.joined {
            joined.push_str(self.source.get(start..end).unwrap_or_default());
        } else if self.piece.is_empty() {
            self.piece = start..end;
        } else if self.piece.end == start {
            self.piece.end = end;
        } else {
            self.push_str(self.source.get(start..end).unwrap_or_default());
        }
    }

    /// Adds text that does not stand in the source.
    pub(crate) fn push_str(&mut self, text: &str) {
        let piece = self.source.get(self.piece.clone()).unwrap_or_default();
        self.joined.get_or_insert_with(|| piece.to_owned()).push_str(text);
    }

    /// Adds `source[start..end]`, which stands outside of quotes, without its escapes.
    pub(crate) fn push_unquoted(&mut self, start: usize, end: usize) {
        self.push_unescaped(start, end, |_| true);
    }

    /// Adds `source[start..end]`, which stands in double quotes, without its escapes.
    pub(crate) fn push_double_quoted(&mut self, start: usize, end: usize) {
        self.push_unescaped(start, end, |escaped| matches!(escaped, b'$' | b'`' | b'"' | b'\\' | b'\n'));
    }

    fn push_unescaped(&mut self, start: usize, end: usize, escapes: impl Fn(u8) -> bool) {
        let bytes = self.source.as_bytes();
        let end = end.min(bytes.len());
        // The first byte that is not added yet, and the first that is not looked at yet.
        let (mut from, mut at) = (start, start);
        while let Some(backslash) = bytes.get(at..end).and_then(|rest| rest.iter().position(|&byte| byte == b'\\')) {
            let backslash = at + backslash;
            at = backslash + 2;
            let Some(&escaped) = bytes.get(backslash + 1).filter(|_| backslash + 1 < end) else { break };
            if escapes(escaped) {
                self.push(from, backslash);
                // A line break behind a backslash goes with it.
                from = backslash + 1 + usize::from(escaped == b'\n');
            }
        }
        self.push(from, end);
    }

    /// Adds `source[start..end]`, the inside of `$'...'`, with its escapes decoded. Escapes of other kinds stay as
    /// they stand.
    pub(crate) fn push_ansi_c(&mut self, start: usize, end: usize) {
        let mut rest = self.source.get(start..end).unwrap_or_default();
        while let Some(backslash) = rest.find('\\') {
            self.push_str(&rest[..backslash]);
            rest = &rest[backslash + 1..];
            let (decoded, length) = ansi_c_escape(rest);
            match decoded {
                Some(decoded) => self.push_str(decoded.encode_utf8(&mut [0; 4])),
                None => self.push_str("\\"),
            }
            rest = &rest[length..];
        }
        self.push_str(rest);
    }

    /// The whole text.
    pub(crate) fn finish(self) -> Cow<'a, str> {
        match self.joined {
            Some(joined) => Cow::Owned(joined),
            None => Cow::Borrowed(self.source.get(self.piece).unwrap_or_default()),
        }
    }
}

/// The character that the escape at the start of `text` (behind its backslash) stands for, and the escape's length.
fn ansi_c_escape(text: &str) -> (Option<char>, usize) {
    let number = |skip: usize, most: usize, radix: u32| {
        let digits = text[skip..].chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
        match u32::from_str_radix(&text[skip..skip + digits], radix).ok().and_then(char::from_u32) {
            Some(decoded) => (Some(decoded), skip + digits),
            None => (None, 0),
        }
    };
    match text.as_bytes().first() {
        Some(b'a') => (Some('\x07'), 1),
        Some(b'b') => (Some('\x08'), 1),
        Some(b'e' | b'E') => (Some('\x1b'), 1),
        Some(b'f') => (Some('\x0c'), 1),
        Some(b'n') => (Some('\n'), 1),
        Some(b'r') => (Some('\r'), 1),
        Some(b't') => (Some('\t'), 1),
        Some(b'v') => (Some('\x0b'), 1),
        Some(quoted @ (b'\\' | b'\'' | b'"' | b'?')) => (Some(char::from(*quoted)), 1),
        Some(b'0'..=b'7') => number(0, 3, 8),
        Some(b'x') => number(1, 2, 16),
        Some(b'u') => number(1, 4, 16),
        Some(b'U') => number(1, 8, 16),
        _ => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ansi_c(text: &str) -> String {
        let mut decoded = Text::new(text);
        decoded.push_ansi_c(0, text.len());
        decoded.finish().into_owned()
    }

    #[test]
    fn decodes_ansi_c_escapes() {
        assert_eq!(ansi_c(r"a\tb\'\x41\101\u00e9\q\x"), "a\tb'AA\u{e9}\\q\\x");
        assert_eq!(ansi_c("\\"), "\\");
        assert_eq!(ansi_c(r"\ud800"), r"\ud800");
    }

    #[test]
    fn borrows_what_touches() {
        let mut text = Text::new("a'b'");
        text.push(0, 1);
        text.push(1, 2);
        assert!(matches!(text.finish(), Cow::Borrowed("a'")));
    }

    #[test]
    fn leaves_escapes_out() {
        let source = "a\\ b\\\nc\\\"\\";
        let mut text = Text::new(source);
        text.push_unquoted(0, source.len());
        assert_eq!(text.finish(), "a bc\"\\");
        let mut text = Text::new(source);
        text.push_double_quoted(0, source.len());
        assert_eq!(text.finish(), "a\\ bc\"\\");
    }
}
