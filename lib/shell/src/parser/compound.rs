use super::{Extent, Parser};
use crate::collector::{Place, cover};
use crate::{Operator, Word};
use plimsoll_base::Span;

/// Commands that consist of commands.
impl<'a> Parser<'_, 'a> {
    /// A compound command, if there is one.
    pub(super) fn compound(&mut self, list: u32, operator: Operator, place: Place) -> Option<Option<Extent>> {
        let inside = place.in_condition();
        let keyword = match self.byte() {
            b'(' if self.next() == b'(' && self.is_arithmetic(self.at) => "((",
            b'(' => "(",
            b'{' if self.ends_word_at(self.at + 1) => "{",
            b'}' if self.ends_word_at(self.at + 1) => return None,
            b'{' | b'}' => return Some(None),
            _ => self.keyword(),
        };
        let length = keyword.len();
        Some(Some(match keyword {
            "(" => {
                self.at += length;
                let extent = self.list(place.in_subshell())?;
                self.expect(b')')?;
                extent
            }
            "{" => {
                self.at += length;
                let extent = self.list(place)?;
                self.expect(b'}')?;
                extent
            }
            "((" => {
                self.at += length;
                self.arithmetic(place)?;
                None
            }
            "if" => self.if_clause(place)?,
            "while" | "until" => {
                self.at += length;
                let condition = self.list(place)?;
                cover(condition, self.do_group(inside)?)
            }
            "for" | "select" => {
                self.at += length;
                self.for_clause(place)?
            }
            "case" => self.case_clause(place)?,
            "[[" => self.conditional(list, operator, place)?,
            "time" => self.time(list, operator, place)?,
            "function" => {
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
            "then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "in" | "coproc" => return None,
            _ => return Some(None),
        }))
    }

    fn if_clause(&mut self, place: Place) -> Option<Extent> {
        let inside = place.in_condition();
        self.at += "if".len();
        // The first condition always runs; nothing else must.
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

    fn do_group(&mut self, place: Place) -> Option<Extent> {
        self.expect_keyword("do")?;
        let extent = self.list(place)?;
        self.expect_keyword("done")?;
        Some(extent)
    }

    fn for_clause(&mut self, place: Place) -> Option<Extent> {
        self.skip_blanks();
        if (self.byte(), self.next()) == (b'(', b'(') {
            self.at += 2;
            self.arithmetic(place)?;
            self.skip_blanks();
            if self.byte() == b';' {
                self.at += 1;
            }
        } else {
            self.skip_name().then_some(())?;
            self.skip_separators()?;
            if self.keyword() == "in" {
                self.at += "in".len();
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
        self.skip_separators()?;
        self.do_group(place.in_condition())
    }

    fn case_clause(&mut self, place: Place) -> Option<Extent> {
        self.at += "case".len();
        self.skip_blanks();
        self.word(place)?;
        self.skip_separators()?;
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
                    _ => break,
                }
                self.skip_blanks();
            }
            self.expect(b')')?;
            extent = cover(extent, self.list_or_nothing(place.in_condition())?);
            match (self.byte(), self.next()) {
                (b';', b';') => self.at += 2 + usize::from(self.byte_at(self.at + 2) == b'&'),
                (b';', b'&') => self.at += 2,
                _ if self.keyword() == "esac" => {}
                _ => return None,
            }
        }
    }

    /// `name ()` and the body: the name is the only word of the command at `index` up to now.
    pub(super) fn function(&mut self, start: usize, index: usize, words: usize, place: Place) -> Option<Extent> {
        let name = self.out.words.get(words)?;
        if name.expands || name.quoted || name.span.start as usize != start {
            return None;
        }
        self.at += 1;
        self.skip_blanks();
        self.expect(b')')?;
        self.out.words.truncate(words);
        self.out.commands.truncate(index);
        let extent = self.function_body(place)?;
        self.redirected(extent, place)
    }

    fn function_body(&mut self, place: Place) -> Option<Extent> {
        self.skip_separators()?;
        self.deeper()?;
        let list = self.out.list();
        let extent = self.compound(list, Operator::First, place.in_condition())??;
        self.depth -= 1;
        Some(extent)
    }

    /// `time` is a keyword before a whole pipeline; it is shown as a command before the pipeline's commands.
    fn time(&mut self, list: u32, operator: Operator, place: Place) -> Option<Extent> {
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
        if let Some(first) = behind.first().filter(|first| first.list == list && first.pipeline.is_none()) {
            args.push(first.name.clone());
            args.extend_from_slice(&first.args);
        }
        let command = &mut self.out.commands[index];
        command.span = args.last().map_or(name.span, |last| name.span.cover(last.span));
        command.name = name;
        command.args = args;
        Some(extent)
    }

    /// `[[ ... ]]` is shown as a command, as `[ ... ]` is one.
    fn conditional(&mut self, list: u32, operator: Operator, place: Place) -> Option<Extent> {
        let index = self.out.begin(list, operator, place);
        let name = self.word(place)?;
        let words = self.out.words.len();
        let mut depth = 0_usize;
        loop {
            self.skip_separators()?;
            let start = self.at;
            let length = match (self.byte(), self.next()) {
                (b'&', b'&') | (b'|', b'|') => 2,
                (b'(', _) => {
                    depth += 1;
                    1
                }
                (b')', _) => {
                    depth = depth.checked_sub(1)?;
                    1
                }
                (b'<' | b'>', next) if next != b'(' => 1,
                _ => 0,
            };
            self.at += length;
            let word = if length > 0 {
                self.written(start)?
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
            return None;
        }
        let span = Span::new(name.span.start, self.at as u32);
        let command = &mut self.out.commands[index];
        command.span = span;
        command.name = name;
        command.args = args;
        Some(Some(span))
    }

    /// The right side of `=~`, in which brackets and bars stand for themselves, as it is written.
    fn regular_expression(&mut self, place: Place) -> Option<Word<'a>> {
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
        (self.at > start).then_some(())?;
        Some(Word { quoted, expands, ..self.written(start)? })
    }

    /// What stands from `start` up to here, as it is written.
    fn written(&self, start: usize) -> Option<Word<'a>> {
        let text = self.text.get(start..self.at)?.into();
        Some(Word { span: Span::new(start as u32, self.at as u32), text, quoted: false, expands: false })
    }
}
