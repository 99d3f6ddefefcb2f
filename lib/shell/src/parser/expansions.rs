use super::{Invalid, MOST_NESTING, Parse, Parser, require};
use crate::collector::Place;
use crate::text::Text;

/// Longer expressions are taken for subshells, since it takes a look ahead to see that they are expressions.
const LONGEST_EXPRESSION: usize = 4096;

/// Expansions: what begins with `$` or a backquote.
impl<'a> Parser<'_, 'a> {
    /// Goes over the `$` or backquote that stands here and what belongs to it. Gives whether it expands: a `$` alone
    /// stands for itself.
    pub(super) fn expansion(&mut self, in_double_quotes: bool, place: Place) -> Parse<bool> {
        if self.byte() == b'`' {
            self.backquoted(place)?;
            return Ok(true);
        }
        self.at += 1;
        match self.byte() {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                self.skip_name();
            }
            b'0'..=b'9' | b'?' | b'$' | b'!' | b'#' | b'@' | b'*' | b'-' => self.at += 1,
            b'{' => {
                self.at += 1;
                self.parameter(in_double_quotes, place)?;
            }
            b'(' if self.next() == b'(' && self.is_arithmetic(self.at) => {
                self.at += 2;
                self.arithmetic(place)?;
            }
            b'(' => {
                self.at += 1;
                self.substitution(place)?;
            }
            b'[' => {
                let length = self.rest().iter().position(|&byte| byte == b']').ok_or(Invalid)?;
                let end = self.at + length;
                self.at += 1;
                let all = self.within(end);
                self.expansions(place)?;
                self.bytes = all;
                self.expect(b']')?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Goes over the commands of a substitution and its `)`.
    pub(super) fn substitution(&mut self, place: Place) -> Parse<()> {
        self.deeper()?;
        // Bodies of heredocs in front of the substitution come behind a line break outside of it.
        let outside = std::mem::take(&mut self.heredocs);
        self.list_or_nothing(place.in_subshell())?;
        let inside = std::mem::replace(&mut self.heredocs, outside);
        self.heredocs.extend(inside);
        self.depth -= 1;
        self.expect(b')')
    }

    /// Goes over the commands in backquotes. Their escapes count as escapes of the commands, though the shell takes
    /// them away first: backquotes in backquotes are not looked into.
    fn backquoted(&mut self, place: Place) -> Parse<()> {
        self.deeper()?;
        self.at += 1;
        let start = self.at;
        let mut end = start;
        loop {
            match self.byte_at(end) {
                b'`' => break,
                b'\\' => end += 2,
                _ if end >= self.bytes.len() => return Err(Invalid),
                _ => end += 1,
            }
        }
        let all = self.within(end);
        let outside = std::mem::take(&mut self.heredocs);
        self.list_or_nothing(place.in_subshell())?;
        self.heredocs = outside;
        self.bytes = all;
        self.depth -= 1;
        require(self.at == end)?;
        self.at += 1;
        Ok(())
    }

    /// Goes over the inside of `${...}` and its `}`.
    fn parameter(&mut self, in_double_quotes: bool, place: Place) -> Parse<()> {
        self.deeper()?;
        loop {
            match self.byte() {
                b'}' => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                b'\\' => self.escape(),
                b'\'' if !in_double_quotes => self.single_quoted()?,
                b'"' => {
                    self.double_quoted(&mut Text::new(self.text), place)?;
                }
                b'$' if self.next() == b'\'' && !in_double_quotes => self.ansi_c_quoted()?,
                b'$' | b'`' => {
                    self.expansion(in_double_quotes, place)?;
                }
                0 => return Err(Invalid),
                _ => self.at += 1,
            }
        }
    }

    /// Whether the `((` at `start` begins an expression, and not a subshell in a subshell: it must end in `))`.
    pub(super) fn is_arithmetic(&self, start: usize) -> bool {
        let mut depth = 0_usize;
        let mut quote = 0;
        let mut at = start;
        let most = self.bytes.len().min(start + LONGEST_EXPRESSION);
        while let Some(&byte) = self.bytes[..most].get(at) {
            match byte {
                b'\\' => at += 1,
                b'\'' | b'"' if quote == 0 => quote = byte,
                _ if quote == byte => quote = 0,
                _ if quote != 0 => {}
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth <= 1 {
                        return depth == 1 && self.byte_at(at + 1) == b')';
                    }
                }
                _ => {}
            }
            at += 1;
        }
        false
    }

    /// Goes over the inside of `((...))` and its `))`.
    pub(super) fn arithmetic(&mut self, place: Place) -> Parse<()> {
        self.deeper()?;
        let mut depth = 0_usize;
        loop {
            match self.byte() {
                b'(' => {
                    depth += 1;
                    self.at += 1;
                }
                b')' if depth == 0 => {
                    self.at += 1;
                    self.depth -= 1;
                    return self.expect(b')');
                }
                b')' => {
                    depth -= 1;
                    self.at += 1;
                }
                0 => return Err(Invalid),
                _ => self.quoted_or_expansion(place)?,
            }
        }
    }

    /// Goes over text up to the end, such as a heredoc's body, for the expansions in it.
    pub(super) fn expansions(&mut self, place: Place) -> Parse<()> {
        while !self.at_end() {
            self.quoted_or_expansion(place)?;
        }
        Ok(())
    }

    fn quoted_or_expansion(&mut self, place: Place) -> Parse<()> {
        match self.byte() {
            b'\\' => self.escape(),
            b'$' | b'`' => {
                self.expansion(true, place)?;
            }
            _ => self.at += 1,
        }
        Ok(())
    }

    /// Leaves the text behind `end` out until the bytes that it gives are put back.
    pub(super) fn within(&mut self, end: usize) -> &'a [u8] {
        let all = self.bytes;
        self.bytes = all.get(..end).unwrap_or(all);
        all
    }

    /// Counts a level of nesting, which the caller takes back.
    pub(super) fn deeper(&mut self) -> Parse<()> {
        self.depth += 1;
        require(self.depth <= MOST_NESTING)
    }
}
