use super::{Parse, Parser, require};
use plimsoll_base::Span;

/// What a byte outside of quotes means for words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Stands for itself.
    Plain,
    /// Ends a word.
    End,
    /// Needs a look.
    Special,
}

pub(super) static CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')' => Class::End,
            b'\'' | b'"' | b'\\' | b'$' | b'`' | b'(' | b'<' | b'>' | 0 => Class::Special,
            _ => Class::Plain,
        };
        byte += 1;
    }
    classes
};

/// Where the parser stands, and the steps that need no grammar.
impl<'a> Parser<'_, 'a> {
    /// The byte that stands here; 0 at the end.
    pub(super) fn byte(&self) -> u8 {
        self.byte_at(self.at)
    }

    pub(super) fn next(&self) -> u8 {
        self.byte_at(self.at + 1)
    }

    pub(super) fn byte_at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The text from `start` up to here.
    pub(super) fn written(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }

    /// What is left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Whether a word that goes up to `at` ends there.
    pub(super) fn ends_word_at(&self, mut at: usize) -> bool {
        while self.byte_at(at) == b'\\' && self.byte_at(at + 1) == b'\n' {
            at += 2;
        }
        at >= self.bytes.len()
            || CLASSES[usize::from(self.byte_at(at))] == Class::End
            || matches!(self.byte_at(at), b'<' | b'>' | b'(')
    }

    /// The lowercase letters or brackets that stand here, where they are a whole word.
    pub(super) fn keyword(&self) -> &'a [u8] {
        let length = self.rest().iter().take_while(|byte| matches!(byte, b'a'..=b'z' | b'[')).take(9).count();
        let end = self.at + length;
        if self.ends_word_at(end) { self.bytes.get(self.at..end).unwrap_or_default() } else { b"" }
    }

    pub(super) fn expect_keyword(&mut self, keyword: &[u8]) -> Parse<()> {
        require(self.keyword() == keyword)?;
        self.at += keyword.len();
        Ok(())
    }

    pub(super) fn expect(&mut self, byte: u8) -> Parse<()> {
        require(self.byte() == byte)?;
        self.at += 1;
        Ok(())
    }

    /// Skips what a name is made of. Gives whether there was one.
    pub(super) fn skip_name(&mut self) -> bool {
        if !matches!(self.byte(), b'A'..=b'Z' | b'a'..=b'z' | b'_') {
            return false;
        }
        while is_name(self.byte()) {
            self.at += 1;
        }
        true
    }

    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.byte() {
                b' ' | b'\t' => self.at += 1,
                b'\\' if self.next() == b'\n' => self.at += 2,
                _ => return,
            }
        }
    }

    /// Skips blanks, line breaks and comments, and takes the heredocs behind the line breaks.
    pub(super) fn skip_separators(&mut self) {
        loop {
            match self.byte() {
                b' ' | b'\t' => self.at += 1,
                b'\\' if self.next() == b'\n' => self.at += 2,
                b'\n' => {
                    self.at += 1;
                    if !self.heredocs.is_empty() {
                        self.heredoc_bodies();
                    }
                }
                b'#' => self.skip_comment(),
                _ => return,
            }
        }
    }

    pub(super) fn skip_comment(&mut self) {
        let rest = self.rest();
        self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    }
}

pub(super) fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}
