use super::cursor::{CLASSES, Class, is_name};
use super::{Invalid, Parse, Parser, require};
use crate::collector::Place;
use crate::text::Text;
use crate::{Assignment, Word};
use std::borrow::Cow;

/// Longer subscripts are taken for something else, since it takes a look ahead to see that they are subscripts.
const LONGEST_SUBSCRIPT: usize = 1024;

/// Words and assignments.
impl<'a> Parser<'_, 'a> {
    /// A word; there must be one.
    pub(super) fn word(&mut self, place: Place) -> Parse<Word<'a>> {
        let start = self.at;
        let mut text = Text::new(self.text);
        let (mut quoted, mut expands) = (false, false);
        self.word_parts(&mut text, &mut quoted, &mut expands, place)?;
        // What would begin a comment begins no word.
        require(self.at > start && self.byte_at(start) != b'#')?;
        Ok(Word { span: self.span_from(start), text: text.finish(), quoted, expands })
    }

    /// What stands from `start` up to here, as a word with its text as it is written.
    pub(super) fn raw_word(&self, start: usize) -> Word<'a> {
        let text = Cow::Borrowed(self.written(start));
        Word { span: self.span_from(start), text, quoted: false, expands: false }
    }

    /// Goes over what belongs to one word and adds its text.
    fn word_parts(&mut self, text: &mut Text<'a>, quoted: &mut bool, expands: &mut bool, place: Place) -> Parse<()> {
        loop {
            let from = self.at;
            while CLASSES[usize::from(self.byte())] == Class::Plain {
                self.at += 1;
            }
            text.push(from, self.at);
            let plain = self.at > from;
            let from = self.at;
            match self.byte() {
                b'\'' => {
                    self.single_quoted()?;
                    text.push(from + 1, self.at - 1);
                    *quoted = true;
                }
                b'"' => {
                    *expands |= self.double_quoted(text, place)?;
                    *quoted = true;
                }
                // A line that goes on with a blank.
                b'\\' if self.next() == b'\n' && self.ends_word_at(self.at) => return Ok(()),
                b'\\' => {
                    self.escape();
                    text.push_unquoted(from, self.at);
                }
                b'$' if self.next() == b'\'' => {
                    self.ansi_c_quoted()?;
                    text.push_ansi_c(from + 2, self.at - 1);
                    *quoted = true;
                }
                b'$' if self.next() == b'"' => {
                    self.at += 1;
                    *expands |= self.double_quoted(text, place)?;
                    *quoted = true;
                }
                b'$' | b'`' => {
                    *expands |= self.expansion(false, place)?;
                    text.push(from, self.at);
                }
                b'<' | b'>' if self.next() == b'(' => {
                    self.at += 2;
                    self.substitution(place)?;
                    text.push(from, self.at);
                    *expands = true;
                }
                b'(' if plain && matches!(self.byte_at(self.at - 1), b'@' | b'?' | b'*' | b'+' | b'!') => {
                    self.extended_pattern(text, quoted, expands, place)?;
                }
                0 if !self.at_end() => return Err(Invalid),
                _ => return Ok(()),
            }
        }
    }

    /// `NAME=value`, `NAME+=value`, `NAME[...]=value` or `NAME=(...)`, if there is one.
    pub(super) fn assignment(&mut self, place: Place) -> Parse<Option<Assignment<'a>>> {
        let start = self.at;
        self.skip_name();
        let name = Cow::Borrowed(self.written(start));
        if self.byte() == b'[' && !self.subscript(place)? || !self.assigns() {
            self.at = start;
            return Ok(None);
        }
        let from = self.at;
        let value = if self.byte() == b'(' {
            let expands = self.array(place)?;
            Word { expands, ..self.raw_word(from) }
        } else if self.ends_word_at(from) && !self.is_process_substitution() {
            Word::empty(from as u32)
        } else {
            self.word(place)?
        };
        Ok(Some(Assignment { span: self.span_from(start), name, value }))
    }

    /// An argument of `export` and the like: a word, but for arrays.
    pub(super) fn operand(&mut self, place: Place) -> Parse<Word<'a>> {
        let start = self.at;
        if self.skip_name() && self.assigns() && self.byte() == b'(' {
            let expands = self.array(place)?;
            return Ok(Word { expands, ..self.raw_word(start) });
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
    fn subscript(&mut self, place: Place) -> Parse<bool> {
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
            return Ok(false);
        };
        if !matches!((self.byte_at(end + 1), self.byte_at(end + 2)), (b'=', _) | (b'+', b'=')) {
            return Ok(false);
        }
        self.at += 1;
        let all = self.within(end);
        self.expansions(place)?;
        self.bytes = all;
        self.expect(b']')?;
        Ok(true)
    }

    /// Skips the `(...)` of an array. Gives whether something in it expands.
    fn array(&mut self, place: Place) -> Parse<bool> {
        self.expect(b'(')?;
        let mut expands = false;
        loop {
            self.skip_separators();
            if self.byte() == b')' {
                self.at += 1;
                return Ok(expands);
            }
            expands |= self.word(place)?.expands;
        }
    }

    /// Goes over an extended pattern, such as `(a|b)` behind `@`, and adds its text.
    fn extended_pattern(
        &mut self,
        text: &mut Text<'a>,
        quoted: &mut bool,
        expands: &mut bool,
        place: Place,
    ) -> Parse<()> {
        self.deeper()?;
        text.push(self.at, self.at + 1);
        self.at += 1;
        loop {
            let from = self.at;
            self.word_parts(text, quoted, expands, place)?;
            match self.byte() {
                b'(' => self.extended_pattern(text, quoted, expands, place)?,
                b')' => {
                    text.push(self.at, self.at + 1);
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                0 | b'\\' => return Err(Invalid),
                // Nothing else ends a word in a pattern.
                _ if self.at == from => {
                    text.push(self.at, self.at + 1);
                    self.at += 1;
                }
                _ => {}
            }
        }
    }

    /// Goes over the string in single quotes that begins here.
    pub(super) fn single_quoted(&mut self) -> Parse<()> {
        let length = self.rest().iter().skip(1).position(|&byte| byte == b'\'').ok_or(Invalid)?;
        self.at += length + 2;
        Ok(())
    }

    /// Goes over the `$'...'` that begins here.
    pub(super) fn ansi_c_quoted(&mut self) -> Parse<()> {
        self.at += 2;
        loop {
            match self.byte() {
                b'\'' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape(),
                0 => return Err(Invalid),
                _ => self.at += 1,
            }
        }
    }

    /// Goes over the string in double quotes that begins here and adds its text. Gives whether something expands.
    pub(super) fn double_quoted(&mut self, text: &mut Text<'a>, place: Place) -> Parse<bool> {
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
                    return Ok(expands);
                }
                b'$' | b'`' => {
                    let from = self.at;
                    expands |= self.expansion(true, place)?;
                    text.push(from, self.at);
                }
                _ => return Err(Invalid),
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
