use super::{Extent, Invalid, Parse, Parser, require};
use crate::collector::{Place, cover};
use crate::{Command, Operator, Word};
use plimsoll_base::Span;

/// Commands that consist of commands.
impl<'a> Parser<'_, 'a> {
    /// A compound command, if there is one.
    pub(super) fn compound(&mut self, list: u32, operator: Operator, place: Place) -> Parse<Option<Extent>> {
        let inside = place.in_condition();
        let keyword: &[u8] = match self.byte() {
            b'(' if self.next() == b'(' && self.is_arithmetic(self.at) => b"((",
            b'(' => b"(",
            b'{' if self.ends_word_at(self.at + 1) => b"{",
            b'}' if self.ends_word_at(self.at + 1) => return Err(Invalid),
            b'{' | b'}' => return Ok(None),
            _ => self.keyword(),
        };
        let length = keyword.len();
        Ok(Some(match keyword {
            b"(" => {
                self.at += length;
                let extent = self.list(place.in_subshell())?;
                self.expect(b')')?;
                extent
            }
            b"{" => {
                self.at += length;
                let extent = self.list(place)?;
                self.expect(b'}')?;
                extent
            }
            b"((" => {
                self.at += length;
                self.arithmetic(place)?;
                None
            }
            b"if" => self.if_clause(place)?,
            b"while" | b"until" => {
                self.at += length;
                let condition = self.list(place)?;
                cover(condition, self.do_group(inside)?)
            }
            b"for" | b"select" => {
                self.at += length;
                self.for_clause(place)?
            }
            b"case" => self.case_clause(place)?,
            b"[[" => self.conditional(list, operator, place)?,
            b"time" => self.time(list, operator, place)?,
            b"function" => {
                self.at += length;
                self.skip_blanks();
                self.word(place)?;
                self.skip_blanks();
                if self.byte() == b'(' {
                    self.at += 1;
                    self.skip_blanks();
                    self.expect(b')')?;
                }
                self.function_body(place)?
            }
            b"then" | b"else" | b"elif" | b"fi" | b"do" | b"done" | b"esac" | b"in" | b"coproc" => return Err(Invalid),
            _ => return Ok(None),
        }))
    }

    fn if_clause(&mut self, place: Place) -> Parse<Extent> {
        let inside = place.in_condition();
        self.at += b"if".len();
        // The first condition always runs; nothing else must.
        let mut extent = self.list(place)?;
        loop {
            self.expect_keyword(b"then")?;
            extent = cover(extent, self.list(inside)?);
            match self.keyword() {
                b"elif" => {
                    self.at += b"elif".len();
                    extent = cover(extent, self.list(inside)?);
                }
                b"else" => {
                    self.at += b"else".len();
                    extent = cover(extent, self.list(inside)?);
                    self.expect_keyword(b"fi")?;
                    return Ok(extent);
                }
                _ => {
                    self.expect_keyword(b"fi")?;
                    return Ok(extent);
                }
            }
        }
    }

    fn do_group(&mut self, place: Place) -> Parse<Extent> {
        self.expect_keyword(b"do")?;
        let extent = self.list(place)?;
        self.expect_keyword(b"done")?;
        Ok(extent)
    }

    fn for_clause(&mut self, place: Place) -> Parse<Extent> {
        self.skip_blanks();
        if (self.byte(), self.next()) == (b'(', b'(') {
            self.at += 2;
            self.arithmetic(place)?;
            self.skip_blanks();
            if self.byte() == b';' {
                self.at += 1;
            }
        } else {
            require(self.skip_name())?;
            self.skip_separators();
            if self.keyword() == b"in" {
                self.at += b"in".len();
                loop {
                    self.skip_blanks();
                    match self.byte() {
                        b';' if self.next() != b';' => {
                            self.at += 1;
                            break;
                        }
                        b'\n' => break,
                        b'#' => self.skip_comment(),
                        _ => {
                            self.word(place)?;
                        }
                    }
                }
            } else if self.byte() == b';' {
                self.at += 1;
            }
        }
        self.skip_separators();
        self.do_group(place.in_condition())
    }

    fn case_clause(&mut self, place: Place) -> Parse<Extent> {
        self.at += b"case".len();
        self.skip_blanks();
        self.word(place)?;
        self.skip_separators();
        self.expect_keyword(b"in")?;
        let mut extent = None;
        loop {
            self.skip_separators();
            if self.keyword() == b"esac" {
                self.at += b"esac".len();
                return Ok(extent);
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
                    _ => break,
                }
                self.skip_blanks();
            }
            self.expect(b')')?;
            extent = cover(extent, self.list_or_nothing(place.in_condition())?);
            match (self.byte(), self.next()) {
                (b';', b';') => self.at += 2 + usize::from(self.byte_at(self.at + 2) == b'&'),
                (b';', b'&') => self.at += 2,
                _ if self.keyword() == b"esac" => {}
                _ => return Err(Invalid),
            }
        }
    }

    /// `name ()` and the body: the name is the only word of the command at `index` up to now.
    pub(super) fn function(&mut self, start: usize, index: usize, words: usize, place: Place) -> Parse<Extent> {
        let name = self.out.words.get(words).ok_or(Invalid)?;
        if name.expands || name.quoted || name.span.start as usize != start {
            return Err(Invalid);
        }
        self.at += 1;
        self.skip_blanks();
        self.expect(b')')?;
        self.out.words.truncate(words);
        self.out.commands.truncate(index);
        self.function_body(place)
    }

    fn function_body(&mut self, place: Place) -> Parse<Extent> {
        self.skip_separators();
        self.deeper()?;
        let inside = place.in_condition();
        let list = self.out.list();
        let extent = self.compound(list, Operator::First, inside)?.ok_or(Invalid)?;
        self.depth -= 1;
        // Redirections belong to the function too.
        self.redirected(extent, inside)
    }

    /// `time` is a keyword before a whole pipeline; it is shown as a command before the pipeline's commands.
    fn time(&mut self, list: u32, operator: Operator, place: Place) -> Parse<Extent> {
        let name = self.word(place)?;
        let index = self.out.begin(list, operator, place);
        self.skip_blanks();
        if self.rest().starts_with(b"-p") && self.ends_word_at(self.at + 2) {
            self.at += 2;
            self.skip_blanks();
        }
        let mut extent = Some(name.span);
        let mut args = Vec::new();
        let times = !self.ends_word_at(self.at) || matches!(self.byte(), b'<' | b'>' | b'(') || self.next() == b'>';
        if times && self.byte() != b'#' {
            extent = cover(extent, self.pipeline(list, operator, place)?);
        }
        let behind = self.out.commands.get_mut(index + 1..).unwrap_or_default();
        for command in behind.iter_mut().filter(|command| command.list == list && command.wrapper == place.wrapper) {
            command.wrapper = Some("time");
        }
        let is_timed =
            |first: &&mut Command| first.list == list && first.pipeline.is_none() && !first.name.span.is_empty();
        if let Some(first) = behind.first_mut().filter(is_timed) {
            args.push(first.name.clone());
            args.extend_from_slice(&first.args);
        }
        let command = &mut self.out.commands[index];
        command.span = args.last().map_or(name.span, |last| name.span.cover(last.span));
        command.name = name;
        command.args = args;
        Ok(extent)
    }

    /// `[[ ... ]]` is shown as a command, as `[ ... ]` is one.
    fn conditional(&mut self, list: u32, operator: Operator, place: Place) -> Parse<Extent> {
        let index = self.out.begin(list, operator, place);
        let name = self.word(place)?;
        let words = self.out.words.len();
        let mut depth = 0_usize;
        loop {
            self.skip_separators();
            let start = self.at;
            let length = match (self.byte(), self.next()) {
                (b'&', b'&') | (b'|', b'|') => 2,
                (b'(', _) => {
                    depth += 1;
                    1
                }
                (b')', _) => {
                    depth = depth.checked_sub(1).ok_or(Invalid)?;
                    1
                }
                (b'<' | b'>', next) if next != b'(' => 1,
                _ => 0,
            };
            self.at += length;
            let word = if length > 0 {
                self.raw_word(start)
            } else if self.out.words.len() > words && self.out.words.last().is_some_and(|last| &*last.text == "=~") {
                self.regular_expression(place)?
            } else {
                self.word(place)?
            };
            let ends = &*word.text == "]]" && !word.quoted;
            self.out.words.push(word);
            if ends {
                break;
            }
        }
        let args: Vec<Word> = self.out.words.drain(words..).collect();
        if depth > 0 || args.len() < 2 {
            return Err(Invalid);
        }
        let span = Span::new(name.span.start, self.at as u32);
        let command = &mut self.out.commands[index];
        command.span = span;
        command.name = name;
        command.args = args;
        Ok(Some(span))
    }

    /// The right side of `=~`, in which brackets and bars stand for themselves, as it is written.
    fn regular_expression(&mut self, place: Place) -> Parse<Word<'a>> {
        let start = self.at;
        let (mut quoted, mut expands) = (false, false);
        let mut depth = 0_usize;
        loop {
            match self.byte() {
                b'(' => depth += 1,
                b')' if depth == 0 => break,
                b')' => depth -= 1,
                b' ' | b'\t' | b'\n' | b'&' if depth == 0 => break,
                b'|' | b'<' | b'>' | b';' | b' ' | b'\t' | b'\n' | b'&' => {}
                0 if self.at_end() => break,
                _ => {
                    let word = self.word(place)?;
                    quoted |= word.quoted;
                    expands |= word.expands;
                    continue;
                }
            }
            self.at += 1;
        }
        require(self.at > start)?;
        Ok(Word { quoted, expands, ..self.raw_word(start) })
    }
}
