use super::Parser;
use super::cursor::{CLASSES, Class, is_name};
use crate::collector::Place;
use crate::text::Text;
use crate::{Assignment, Word};
use plimsoll_base::Span;
use std::borrow::Cow;

/// Longer subscripts are taken for something else, since it takes a look ahead to see that they are subscripts.
const LONGEST_SUBSCRIPT: usize = 1024;

/// Words and assignments.
impl<'a> Parser<'_, 'a> {
    /// A word; there must be one.
    pub(super) fn word(&mut self, place: Place) -> Option<Word<'a>> {
        let start = self.at;
        let mut text = Text::new(self.text);
        let (mut quoted, mut expands) = (false, false);
        loop {
            let from = self.at;
            while CLASSES[usize::from(self.byte())] == Class::Plain {
                self.at += 1;
            }
            text.push(from, self.at);
            let from = self.at;
            match self.byte() {
                b'\'' => {
                    self.single_quoted()?;
                    text.push(from + 1, self.at - 1);
                    quoted = true;
                }
                b'"' => {
                    expands |= self.double_quoted(&mut text, place)?;
                    quoted = true;
                }
                // A line that goes on with a blank.
                b'\\' if self.next() == b'\n' && self.ends_word_at(self.at) => break,
                b'\\' => {
                    self.escape();
                    text.push_unquoted(from, self.at);
                }
                b'$' if self.next() == b'\'' => {
                    self.ansi_c_quoted()?;
                    text.push_ansi_c(from + 2, self.at - 1);
                    quoted = true;
                }
                b'$' if self.next() == b'"' => {
                    self.at += 1;
                    expands |= self.double_quoted(&mut text, place)?;
                    quoted = true;
                }
                b'$' | b'`' => {
                    expands |= self.expansion(false, place)?;
                    text.push(from, self.at);
                }
                b'<' | b'>' if self.next() == b'(' => {
                    self.at += 2;
                    self.substitution(place)?;
                    text.push(from, self.at);
                    expands = true;
                }
                b'(' if self.at > start && matches!(self.byte_at(self.at - 1), b'@' | b'?' | b'*' | b'+' | b'!') => {
                    expands |= self.extended_pattern(place)?;
                    text.push_unquoted(from, self.at);
                }
                0 if !self.at_end() => return None,
                _ => break,
            }
        }
        // What would begin a comment begins no word.
        (self.at > start && self.byte_at(start) != b'#').then_some(())?;
        Some(Word { span: Span::new(start as u32, self.at as u32), text: text.finish(), quoted, expands })
    }

    /// `NAME=value`, `NAME+=value`, `NAME[...]=value` or `NAME=(...)`, if there is one.
    pub(super) fn assignment(&mut self, place: Place) -> Option<Option<Assignment<'a>>> {
        let start = self.at;
        self.skip_name();
        let name = Cow::Borrowed(self.text.get(start..self.at)?);
        if self.byte() == b'[' && !self.subscript(place)? || !self.assigns() {
            self.at = start;
            return Some(None);
        }
        let from = self.at;
        let value = if self.byte() == b'(' {
            let expands = self.array(place)?;
            let text = Cow::Borrowed(self.text.get(from..self.at)?);
            Word { span: Span::new(from as u32, self.at as u32), text, quoted: false, expands }
        } else if self.ends_word_at(from) && !self.is_process_substitution() {
            Word::empty(from as u32)
        } else {
            self.word(place)?
        };
        Some(Some(Assignment { span: Span::new(start as u32, self.at as u32), name, value }))
    }

    /// An argument of `export` and the like: a word, but for arrays.
    pub(super) fn operand(&mut self, place: Place) -> Option<Word<'a>> {
        let start = self.at;
        if self.skip_name() && self.assigns() && self.byte() == b'(' {
            let expands = self.array(place)?;
            let text = Cow::Borrowed(self.text.get(start..self.at)?);
            return Some(Word { span: Span::new(start as u32, self.at as u32), text, quoted: false, expands });
        }
        self.at = start;
        self.word(place)
    }

    /// Skips the `=` or `+=` of an assignment. Gives whether there was one.
    fn assigns(&mut self) -> bool {
        let length = match (self.byte(), self.next()) {
            (b'=', _) => 1,
            (b'+', b'=') => 2,
            _ => return false,
        };
        self.at += length;
        true
    }

    fn is_process_substitution(&self) -> bool {
        matches!((self.byte(), self.next()), (b'<' | b'>', b'('))
    }

    /// Skips the `[...]` of an assignment. Gives whether it is one: what follows must assign.
    fn subscript(&mut self, place: Place) -> Option<bool> {
        let mut depth = 0_usize;
        let closing = self.rest().iter().take(LONGEST_SUBSCRIPT).position(|byte| {
            match byte {
                b'[' => depth += 1,
                b']' => depth -= 1,
                _ => {}
            }
            depth == 0 || matches!(byte, b'\n' | b';')
        });
        let Some(end) = closing.map(|length| self.at + length).filter(|&end| self.byte_at(end) == b']') else {
            return Some(false);
        };
        if !matches!((self.byte_at(end + 1), self.byte_at(end + 2)), (b'=', _) | (b'+', b'=')) {
            return Some(false);
        }
        self.at += 1;
        let all = self.within(end);
        self.expansions(place)?;
        self.bytes = all;
        self.expect(b']')?;
        Some(true)
    }

    /// Skips the `(...)` of an array. Gives whether something in it expands.
    fn array(&mut self, place: Place) -> Option<bool> {
        self.expect(b'(')?;
        let mut expands = false;
        loop {
            self.skip_separators()?;
            if self.byte() == b')' {
                self.at += 1;
                return Some(expands);
            }
            expands |= self.word(place)?.expands;
        }
    }

    /// Skips an extended pattern such as `(a|b)` behind `@`. Gives whether something in it expands.
    fn extended_pattern(&mut self, place: Place) -> Option<bool> {
        self.deeper()?;
        self.at += 1;
        let mut expands = false;
        loop {
            match self.byte() {
                b')' => {
                    self.at += 1;
                    self.depth -= 1;
                    return Some(expands);
                }
                b'|' | b' ' | b'\t' | b'&' | b';' | b'\n' => self.at += 1,
                b'(' => expands |= self.extended_pattern(place)?,
                _ => expands |= self.word(place)?.expands,
            }
        }
    }

    /// Goes over the string in single quotes that begins here.
    pub(super) fn single_quoted(&mut self) -> Option<()> {
        let length = self.rest().iter().skip(1).position(|&byte| byte == b'\'')?;
        self.at += length + 2;
        Some(())
    }

    /// Goes over the `$'...'` that begins here.
    pub(super) fn ansi_c_quoted(&mut self) -> Option<()> {
        self.at += 2;
        loop {
            match self.byte() {
                b'\'' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.escape(),
                0 => return None,
                _ => self.at += 1,
            }
        }
    }

    /// Goes over the string in double quotes that begins here and adds its text. Gives whether something expands.
    pub(super) fn double_quoted(&mut self, text: &mut Text<'a>, place: Place) -> Option<bool> {
        self.at += 1;
        let mut expands = false;
        loop {
            let from = self.at;
            let mut escaped = false;
            loop {
                match self.byte() {
                    b'"' | b'$' | b'`' | 0 => break,
                    b'\\' => {
                        self.escape();
                        escaped = true;
                    }
                    _ => self.at += 1,
                }
            }
            if escaped {
                text.push_double_quoted(from, self.at);
            } else {
                text.push(from, self.at);
            }
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Some(expands);
                }
                b'$' | b'`' => {
                    let from = self.at;
                    expands |= self.expansion(true, place)?;
                    text.push(from, self.at);
                }
                _ => return None,
            }
        }
    }

    /// Goes over a backslash and the character behind it.
    pub(super) fn escape(&mut self) {
        self.at += 1;
        let character = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        self.at = (self.at + character.map_or(0, char::len_utf8)).min(self.bytes.len());
    }

    /// Whether `{name}` and a redirection stand here, as in `{fd}>file`. Gives the length of the former.
    pub(super) fn descriptor_variable(&self) -> Option<usize> {
        let rest = self.rest();
        let name = rest.get(1..)?.iter().take_while(|&&byte| is_name(byte)).count();
        let redirects = matches!(rest.get(name + 1..name + 3)?, [b'}', b'<' | b'>']);
        (name > 0 && redirects).then_some(name + 2)
    }
}
