use crate::collector::{Collector, Place, cover};
use crate::text::Text;
use crate::{Assignment, Operator, Redirect, Word};
use plimsoll_base::Span;
use std::borrow::Cow;

/// How deeply commands may nest.
const MOST_NESTING: u32 = 20;

/// Collects the commands of `span` of the collector's text, many times as fast as the full parser.
///
/// It knows the part of the grammar that almost all scripts in Dockerfiles keep to, and gives up (`None`) at
/// everything else: heredocs, arrays, functions, arithmetic, `[[`, `$'...'`, process substitutions, most of `${...}`,
/// errors. Where it does not give up, the full parser would find the very same; tests hold that.
pub(crate) fn collect(out: &mut Collector, span: Span, place: Place) -> Option<()> {
    let text = out.text.get(..span.end as usize)?;
    let mut parser = Fast { text, bytes: text.as_bytes(), at: span.start as usize, depth: 0, in_substitution: false, in_backquotes: false, out };
    parser.list(place)?;
    (parser.at == parser.bytes.len()).then_some(())
}

struct Fast<'c, 'a> {
    /// The text up to the end of the script.
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    in_substitution: bool,
    in_backquotes: bool,
    out: &'c mut Collector<'a>,
}

/// As in the full parser: from the first to the last command, redirections included.
type Extent = Option<Span>;

/// What a byte outside of quotes means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Stands for itself in a word.
    Plain,
    /// Ends a word.
    End,
    /// Needs a look.
    Special,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b')' => Class::End,
            b'\'' | b'"' | b'\\' | b'$' | b'`' | b'(' | b'{' | b'}' | 0..b' ' | 0x7f => Class::Special,
            _ => Class::Plain,
        };
        byte += 1;
    }
    classes
};

impl<'a> Fast<'_, 'a> {
    /// Commands up to something that cannot begin a command: the end, `)`, `}`, `;;`, a keyword such as `then`. The
    /// caller knows which of them fits.
    fn list(&mut self, place: Place) -> Option<Extent> {
        let list = self.out.list();
        let mut extent = None;
        let mut operator = Operator::First;
        self.skip_separators()?;
        while !self.ends_list() {
            extent = cover(extent, self.and_or(list, operator, place)?);
            operator = match self.byte() {
                b'\n' => Operator::Then,
                b';' if !matches!(self.next(), b';' | b'&' | b'|') => {
                    self.at += 1;
                    Operator::Then
                }
                b'&' if !matches!(self.next(), b'|' | b'!') => {
                    self.at += 1;
                    Operator::Background
                }
                _ => break,
            };
            self.skip_separators()?;
        }
        // An empty list is almost always wrong, and the full parser knows when it is not.
        extent.map(Some)
    }

    /// Whether the next token cannot begin a command.
    fn ends_list(&self) -> bool {
        match self.byte() {
            b'}' | b')' => true,
            b'`' => self.in_backquotes,
            b'd' | b'e' | b'f' | b't' => {
                matches!(self.keyword(), "then" | "else" | "elif" | "fi" | "do" | "done" | "esac")
            }
            b';' => self.next() == b';',
            0 => self.at == self.bytes.len(),
            _ => false,
        }
    }

    fn and_or(&mut self, list: u32, first: Operator, place: Place) -> Option<Extent> {
        let mut extent = self.pipeline(list, first, place)?;
        loop {
            let operator = match (self.byte(), self.next()) {
                (b'&', b'&') => Operator::And,
                (b'|', b'|') => Operator::Or,
                _ => return Some(extent),
            };
            self.at += 2;
            self.skip_separators()?;
            extent = cover(extent, self.pipeline(list, operator, place)?);
        }
    }

    /// A pipeline, or a single command, and the blanks behind it.
    fn pipeline(&mut self, list: u32, operator: Operator, place: Place) -> Option<Extent> {
        if self.byte() == b'!' && matches!(self.next(), b' ' | b'\t') {
            self.at += 1;
            self.skip_blanks();
        }
        let first = self.out.commands.len();
        let mut extent = self.command(list, operator, place)?;
        let mut pipeline = None;
        let mut part = 0;
        loop {
            self.skip_blanks();
            if self.byte() != b'|' || self.next() == b'|' {
                break;
            }
            let start = self.at as u32;
            self.at += 1 + usize::from(self.next() == b'&');
            let operator_span = Span::new(start, self.at as u32);
            let number = *pipeline.get_or_insert_with(|| self.out.begin_pipeline(operator_span, first));
            part += 1;
            self.skip_separators()?;
            let first = self.out.commands.len();
            extent = cover(extent, self.command(list, operator, place)?);
            self.out.in_pipeline(first, number, part);
        }
        if let Some(number) = pipeline {
            self.out.end_pipeline(number, extent);
        }
        Some(extent)
    }

    fn command(&mut self, list: u32, operator: Operator, place: Place) -> Option<Extent> {
        let extent = match self.byte() {
            b'(' | b'{' | b'a'..=b'z' | b'[' => self.compound(place)?,
            _ => None,
        };
        match extent {
            None => self.simple(list, operator, place),
            Some(extent) => {
                let mut extent = extent;
                loop {
                    self.skip_blanks();
                    match self.redirect(place)? {
                        Some(redirect) => extent = cover(extent, Some(redirect.span)),
                        None => return Some(extent),
                    }
                }
            }
        }
    }

    /// A command that consists of commands, if there is one.
    fn compound(&mut self, place: Place) -> Option<Option<Extent>> {
        let keyword = match self.byte() {
            b'(' if self.next() != b'(' => "(",
            b'{' if matches!(self.next(), b' ' | b'\t' | b'\n') => "{",
            b'(' | b'{' => return None,
            _ => self.keyword(),
        };
        let inside = place.in_condition();
        self.depth += 1;
        if self.depth > MOST_NESTING {
            return None;
        }
        let extent = match keyword {
            "(" => {
                self.at += 1;
                let extent = self.list(place.in_subshell())?;
                self.expect(b')')?;
                extent
            }
            "{" => {
                self.at += 1;
                let extent = self.list(place)?;
                self.expect(b'}')?;
                extent
            }
            "if" => self.if_clause(place)?,
            "while" | "until" => {
                self.at += keyword.len();
                let condition = self.list(place)?;
                self.expect_keyword("do")?;
                let body = self.list(inside)?;
                self.expect_keyword("done")?;
                cover(condition, body)
            }
            "for" => self.for_clause(place)?,
            "case" => self.case_clause(place)?,
            "[[" | "always" | "coproc" | "do" | "done" | "elif" | "else" | "esac" | "fi" | "foreach" | "function"
            | "in" | "repeat" | "select" | "then" | "time" => return None,
            _ => {
                self.depth -= 1;
                return Some(None);
            }
        };
        self.depth -= 1;
        // What may follow is checked by the caller, but these would belong to the keyword's word.
        (self.at == self.bytes.len() || CLASSES[usize::from(self.byte())] == Class::End || self.byte() == b'`')
            .then_some(Some(extent))
    }

    fn if_clause(&mut self, place: Place) -> Option<Extent> {
        let inside = place.in_condition();
        self.at += "if".len();
        let mut extent = self.list(place)?;
        loop {
            self.expect_keyword("then")?;
            extent = cover(extent, self.list(inside)?);
            match self.keyword() {
                "elif" => {
                    self.at += "elif".len();
                    extent = cover(extent, self.list(inside)?);
                }
                "else" => {
                    self.at += "else".len();
                    extent = cover(extent, self.list(inside)?);
                    self.expect_keyword("fi")?;
                    return Some(extent);
                }
                _ => {
                    self.expect_keyword("fi")?;
                    return Some(extent);
                }
            }
        }
    }

    fn for_clause(&mut self, place: Place) -> Option<Extent> {
        self.at += "for".len();
        self.skip_blanks();
        self.name()?;
        self.skip_blanks();
        self.expect_keyword("in")?;
        loop {
            self.skip_blanks();
            match self.byte() {
                b';' if self.next() != b';' => {
                    self.at += 1;
                    break;
                }
                b'\n' => break,
                _ => self.word(place)?,
            };
        }
        self.skip_separators()?;
        self.expect_keyword("do")?;
        let extent = self.list(place.in_condition())?;
        self.expect_keyword("done")?;
        Some(extent)
    }

    fn case_clause(&mut self, place: Place) -> Option<Extent> {
        self.at += "case".len();
        self.skip_blanks();
        self.word(place)?;
        self.skip_blanks();
        self.expect_keyword("in")?;
        let mut extent = None;
        loop {
            self.skip_separators()?;
            if self.keyword() == "esac" {
                self.at += "esac".len();
                return Some(extent);
            }
            if self.byte() == b'(' {
                self.at += 1;
                self.skip_blanks();
            }
            loop {
                self.word(place)?;
                self.skip_blanks();
                match self.byte() {
                    b'|' if self.next() != b'|' => self.at += 1,
                    b')' => break,
                    _ => return None,
                }
                self.skip_blanks();
            }
            self.at += 1;
            self.skip_separators()?;
            if (self.byte(), self.next()) != (b';', b';') {
                extent = cover(extent, self.list(place.in_condition())?);
            }
            if (self.byte(), self.next()) == (b';', b';') {
                self.at += 2;
            } else if self.keyword() != "esac" {
                return None;
            }
        }
    }

    fn simple(&mut self, list: u32, operator: Operator, place: Place) -> Option<Extent> {
        let index = self.out.begin(list, operator, place);
        let words = self.out.words.len();
        let mut assignments = Vec::new();
        let mut redirects = Vec::new();
        let (mut extent, mut redirected) = (None, None);
        loop {
            self.skip_blanks();
            match self.byte() {
                b'\n' | b';' | b'|' | b')' => break,
                b'&' if self.next() != b'>' => break,
                b'`' if self.in_backquotes => break,
                b'#' => {
                    self.skip_comment()?;
                    break;
                }
                0 if self.at == self.bytes.len() => break,
                b'<' | b'>' | b'&' | b'0'..=b'9' => {
                    if let Some(redirect) = self.redirect(place)? {
                        redirected = cover(redirected, Some(redirect.span));
                        redirects.push(redirect);
                        continue;
                    }
                }
                b'A'..=b'Z' | b'a'..=b'z' | b'_' if self.out.words.len() == words => {
                    if let Some(assignment) = self.assignment(place)? {
                        extent = cover(extent, Some(assignment.span));
                        assignments.push(assignment);
                        continue;
                    }
                }
                _ => {}
            }
            let start = self.at;
            let word = self.word(place)?;
            if self.out.words.len() == words {
                let written = &self.bytes[start..self.at];
                let assigned = !assignments.is_empty() || redirected.is_some();
                if !is_plain_name(written, assigned) {
                    return None;
                }
            }
            extent = cover(extent, Some(word.span));
            self.out.words.push(word);
        }
        let span = extent.or(redirected)?;
        let mut own = self.out.words.drain(words..);
        let name = own.next();
        let args = own.collect();
        let command = &mut self.out.commands[index];
        command.span = span;
        command.name = name.unwrap_or(Word::empty(span.end));
        command.args = args;
        command.assignments = assignments;
        command.redirects = redirects;
        self.out.end(index, None);
        Some(cover(extent, redirected))
    }

    /// `NAME=value` or `NAME+=value`, if there is one.
    fn assignment(&mut self, place: Place) -> Option<Option<Assignment<'a>>> {
        let start = self.at;
        let length = self.bytes[start..].iter().position(|&byte| !is_name(byte)).unwrap_or(self.bytes.len() - start);
        let end = start + length;
        self.at = match (self.byte_at(end), self.byte_at(end + 1)) {
            (b'=', _) => end + 1,
            (b'+', b'=') => end + 2,
            (b'[', _) => return None,
            _ => return Some(None),
        };
        let value = if self.ends_word() { Word::empty(self.at as u32) } else { self.word(place)? };
        let span = Span::new(start as u32, self.at as u32);
        Some(Some(Assignment { span, name: Cow::Borrowed(&self.text[start..end]), value }))
    }

    /// A redirection to or from a file, if there is one.
    fn redirect(&mut self, place: Place) -> Option<Option<Redirect<'a>>> {
        let start = self.at;
        let digits = self.bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let at = start + digits;
        let descriptor = digits > 0;
        let (length, writes) = match (self.byte_at(at), self.byte_at(at + 1), self.byte_at(at + 2)) {
            (b'&', b'>', b'>') if !descriptor => (3, true),
            (b'&', b'>', b'(' | b'&' | b'|' | b'<') => return None,
            (b'&', b'>', _) if !descriptor => (2, true),
            (b'>', b'>', b'|' | b'&' | b'(') => return None,
            (b'>', b'>', _) => (2, true),
            (b'>' | b'<', b'&', _) => {
                self.at = at + 2;
                return self.duplicate(start).map(Some);
            }
            (b'>', b'|', _) if !descriptor => (2, true),
            (b'>', b'(' | b'<' | b'|', _) | (b'<', b'(' | b'<' | b'>', _) => return None,
            (b'>', _, _) => (1, true),
            (b'<', _, _) => (1, false),
            _ => return Some(None),
        };
        // A longer number is no descriptor everywhere.
        if digits > 1 {
            return None;
        }
        self.at = at + length;
        self.skip_blanks();
        let from = self.at;
        let target = self.word(place)?;
        if matches!(self.byte(), b'<' | b'>') && self.bytes[from..self.at].iter().all(u8::is_ascii_digit) {
            return None;
        }
        Some(Some(Redirect { span: Span::new(start as u32, self.at as u32), writes, target }))
    }

    /// The rest of `2>&1` or `>&-`.
    fn duplicate(&mut self, start: usize) -> Option<Redirect<'a>> {
        let from = self.at;
        self.at += 1;
        let target = self.text.get(from..self.at)?;
        let is_descriptor = matches!(target.as_bytes(), [b'0'..=b'9' | b'-']);
        if !is_descriptor || !self.ends_word() || matches!(self.byte(), b'<' | b'>') || from - start > 3 {
            return None;
        }
        let span = Span::new(from as u32, self.at as u32);
        let target = Word { span, text: Cow::Borrowed(target), quoted: false, expands: false };
        Some(Redirect { span: Span::new(start as u32, self.at as u32), writes: false, target })
    }

    /// A word; there must be one.
    fn word(&mut self, place: Place) -> Option<Word<'a>> {
        let start = self.at;
        let mut text = Text::new(self.text);
        let (mut quoted, mut expands, mut plain) = (false, false, false);
        loop {
            let from = self.at;
            while CLASSES[usize::from(self.byte())] == Class::Plain {
                self.at += 1;
            }
            text.push(from, self.at);
            match self.byte() {
                b'\'' | b'"' | b'\\' | b'$' | b'`' if plain => return None,
                b'\'' => {
                    let from = self.at + 1;
                    let length = self.bytes[from..].iter().position(|&byte| byte == b'\'')?;
                    text.push(from, from + length);
                    self.at = from + length + 1;
                    quoted = true;
                }
                b'"' => {
                    expands |= self.double_quoted(&mut text, place)?;
                    quoted = true;
                }
                b'\\' => {
                    let escaped = self.next();
                    if !matches!(escaped, b' '..=b'~') {
                        return None;
                    }
                    text.push(self.at + 1, self.at + 2);
                    self.at += 2;
                }
                b'$' if self.next() != b'"' => expands |= self.expansion(&mut text, place)?,
                b'`' if !self.in_backquotes => {
                    self.backquoted(&mut text, false, place)?;
                    expands = true;
                }
                // The full parser splits words that go on behind braces at their start with more than plain text.
                b'{' => {
                    plain |= self.at == start;
                    self.braces(&mut text)?;
                }
                b'`' | b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b')' => break,
                0 if self.at == self.bytes.len() => break,
                _ => return None,
            }
        }
        let written = &self.bytes[start..self.at];
        // The full parser takes `]` apart from what follows; `[[` and `]]` are no words.
        let odd = matches!(written, [] | [b']', _, ..] | [b'#', ..] | b"[[") || written.last() == Some(&b'}') && self.byte() == b'>';
        if odd {
            return None;
        }
        Some(Word { span: Span::new(start as u32, self.at as u32), text: text.finish(), quoted, expands })
    }

    /// The quoted string that begins here. Gives whether something in it expands.
    fn double_quoted(&mut self, text: &mut Text<'a>, place: Place) -> Option<bool> {
        self.at += 1;
        let mut expands = false;
        loop {
            let from = self.at;
            while !matches!(self.byte(), b'"' | b'\\' | b'$' | b'`' | 0) {
                self.at += 1;
            }
            text.push(from, self.at);
            match self.byte() {
                b'"' => {
                    self.at += 1;
                    return Some(expands);
                }
                b'\\' => {
                    let escaped = self.next();
                    match escaped {
                        b'"' | b'\\' | b'$' | b'`' => text.push(self.at + 1, self.at + 2),
                        b' '..=b'~' => text.push(self.at, self.at + 2),
                        _ => return None,
                    }
                    self.at += 2;
                }
                b'$' => expands |= self.expansion(text, place)?,
                b'`' if !self.in_backquotes => {
                    self.backquoted(text, true, place)?;
                    expands = true;
                }
                _ => return None,
            }
        }
    }

    /// What begins with `$`. Gives whether it expands, or stands for itself.
    fn expansion(&mut self, text: &mut Text<'a>, place: Place) -> Option<bool> {
        let from = self.at;
        let mut expands = true;
        match self.next() {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                self.at += 2;
                while is_name(self.byte()) {
                    self.at += 1;
                }
            }
            b'0'..=b'9' | b'?' | b'$' | b'!' | b'#' | b'@' | b'*' | b'-' => self.at += 2,
            b'{' => {
                self.at += 2;
                self.parameter()?;
            }
            b'(' if self.byte_at(self.at + 2) != b'(' => {
                self.at += 2;
                self.substitution(place)?;
                self.expect(b')')?;
            }
            b' ' | b'"' | b'/' | b'.' | b':' | b',' | b'%' | b'=' | b'|' | b')' => {
                self.at += 1;
                expands = false;
            }
            _ => return None,
        }
        text.push(from, self.at);
        Some(expands)
    }

    /// The inside of `${...}` and its end, where it is a name and perhaps an operator with plain text.
    fn parameter(&mut self) -> Option<()> {
        if self.byte() == b'#' {
            self.at += 1;
            self.name()?;
            return self.expect(b'}');
        }
        self.name()?;
        while matches!(self.byte(), b':' | b'-' | b'+' | b'%' | b'#' | b'=') {
            self.at += 1;
        }
        while is_name(self.byte()) || matches!(self.byte(), b'.' | b'-' | b'/' | b'*' | b'+' | b'=' | b',' | b'[' | b']') {
            self.at += 1;
        }
        self.expect(b'}')
    }

    /// The command substitution in backquotes that begins here, where it has no escapes.
    fn backquoted(&mut self, text: &mut Text<'a>, in_double_quotes: bool, place: Place) -> Option<()> {
        let from = self.at;
        let length = self.bytes[from + 1..].iter().position(|&byte| byte == b'`')?;
        let inside = &self.bytes[from + 1..from + 1 + length];
        if inside.iter().any(|&byte| matches!(byte, b'\\' | b'#')) || in_double_quotes && inside.contains(&b'"') {
            return None;
        }
        self.at += 1;
        self.in_backquotes = true;
        self.substitution(place)?;
        self.in_backquotes = false;
        self.expect(b'`')?;
        text.push(from, self.at);
        (self.at == from + length + 2).then_some(())
    }

    /// The commands of a substitution.
    fn substitution(&mut self, place: Place) -> Option<()> {
        self.depth += 1;
        if self.depth > MOST_NESTING {
            return None;
        }
        let outside = std::mem::replace(&mut self.in_substitution, true);
        self.list(place.in_subshell())?;
        self.in_substitution = outside;
        self.depth -= 1;
        Some(())
    }

    /// Braces around plain text in a word, as in `{bin,lib}`.
    fn braces(&mut self, text: &mut Text<'a>) -> Option<()> {
        let from = self.at;
        self.at += 1;
        while is_name(self.byte()) || matches!(self.byte(), b'.' | b'-' | b'/' | b',' | b'*' | b'_') {
            self.at += 1;
        }
        self.expect(b'}')?;
        text.push(from, self.at);
        Some(())
    }

    fn name(&mut self) -> Option<()> {
        if !matches!(self.byte(), b'A'..=b'Z' | b'a'..=b'z' | b'_') {
            return None;
        }
        while is_name(self.byte()) {
            self.at += 1;
        }
        Some(())
    }

    /// The lowercase letters that stand here, where they are a whole word.
    fn keyword(&self) -> &'a str {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take_while(|byte| matches!(byte, b'a'..=b'z' | b'[')).take(9).count();
        match rest.get(length) {
            None | Some(b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' | b'`') => {
                self.text.get(self.at..self.at + length).unwrap_or_default()
            }
            Some(_) => "",
        }
    }

    fn expect_keyword(&mut self, keyword: &str) -> Option<()> {
        if self.keyword() != keyword {
            return None;
        }
        self.at += keyword.len();
        Some(())
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        if self.byte() != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.byte() {
                b' ' | b'\t' => self.at += 1,
                b'\\' if self.next() == b'\n' => self.at += 2,
                _ => return,
            }
        }
    }

    /// Skips blanks, line breaks and comments.
    fn skip_separators(&mut self) -> Option<()> {
        loop {
            match self.byte() {
                b' ' | b'\t' | b'\n' => self.at += 1,
                b'\\' if self.next() == b'\n' => self.at += 2,
                b'#' => self.skip_comment()?,
                _ => return Some(()),
            }
        }
    }

    /// The comment that begins here, where everybody agrees that it is one.
    fn skip_comment(&mut self) -> Option<()> {
        let before = self.at.checked_sub(1).map_or(b'\n', |before| self.byte_at(before));
        if self.in_substitution || !matches!(before, b' ' | b'\t' | b'\n' | b';') {
            return None;
        }
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        Some(())
    }

    /// The byte that stands here; 0 at the end.
    fn byte(&self) -> u8 {
        self.byte_at(self.at)
    }

    fn next(&self) -> u8 {
        self.byte_at(self.at + 1)
    }

    fn byte_at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn ends_word(&self) -> bool {
        CLASSES[usize::from(self.byte())] == Class::End
            || self.at == self.bytes.len()
            || self.byte() == b'`' && self.in_backquotes
    }
}

fn is_name(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// Whether a command's name is not what the full parser takes for something else: an assignment, or a keyword behind
/// assignments.
fn is_plain_name(written: &[u8], behind_assignment: bool) -> bool {
    match written {
        b"[" => true,
        b"shopt" | b"]" | b"!" => false,
        _ if behind_assignment && written.iter().all(|byte| matches!(byte, b'a'..=b'z')) => {
            !matches!(
                written,
                b"always" | b"case" | b"coproc" | b"do" | b"done" | b"elif" | b"else" | b"esac" | b"fi"
                    | b"for" | b"foreach" | b"function" | b"if" | b"in" | b"repeat" | b"select" | b"then" | b"time"
                    | b"until" | b"while"
            )
        }
        _ => !written.iter().any(|byte| matches!(byte, b'=' | b'[')),
    }
}
