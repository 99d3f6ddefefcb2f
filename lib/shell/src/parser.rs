mod compound;
mod cursor;
mod expansions;
mod redirects;
mod words;

use crate::collector::{Collector, Place, cover};
use crate::{Operator, Word};
use plimsoll_base::Span;
use redirects::{Heredoc, Redirection};

/// How deeply commands and expansions may nest: what the stack of a thread takes in an unoptimised build.
const MOST_NESTING: u32 = 50;

/// Parses `span` of the collector's text and collects its commands. Where the text is refused, what was collected
/// up to then has no meaning.
///
/// The grammar is Bash's, which holds that of the other shells, zsh's extras aside: what runs under the name of `sh`
/// may well be Bash. One pass over the text, recursive descent, no syntax tree.
pub(crate) fn collect(out: &mut Collector, span: Span, place: Place) -> Result<(), Refusal> {
    let text = out.text;
    let bytes = text.as_bytes().get(..span.end as usize).unwrap_or_default();
    let mut parser = Parser { text, bytes, at: span.start as usize, depth: 0, heredocs: Vec::new(), out };
    let parsed = parser.list_or_nothing(place).and_then(|_| require(parser.at_end()));
    parsed.map_err(|Invalid| match parser.depth {
        ..=MOST_NESTING => Refusal::Syntax(parser.at.min(bytes.len()) as u32),
        _ => Refusal::TooDeep,
    })
}

/// Says that the text is no valid script, or nests too deeply.
struct Invalid;

/// Why a text gives no commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A shell would refuse it. The offset is where it could not be read on: a token that cannot stand there, or the
    /// end of the text.
    Syntax(u32),
    /// It is longer than 256 KiB.
    TooLong,
    /// Commands or expansions nest more than fifty levels deep.
    TooDeep,
}

type Parse<T> = Result<T, Invalid>;

fn require(holds: bool) -> Parse<()> {
    if holds { Ok(()) } else { Err(Invalid) }
}

struct Parser<'c, 'a> {
    text: &'a str,
    /// The text up to the end of what is parsed.
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    /// Heredocs whose bodies begin behind the next line break.
    heredocs: Vec<Heredoc>,
    out: &'c mut Collector<'a>,
}

/// From the first to the last command of some syntax, redirections included; none where it holds no command. An
/// extent leaves out substitutions, which stand in words, and bodies of heredocs.
type Extent = Option<Span>;

impl Parser<'_, '_> {
    /// Commands up to something that cannot begin a command: the end, `)`, `}`, `;;`, a keyword such as `then`. The
    /// caller knows which of them fits. There must be at least one command.
    fn list(&mut self, place: Place) -> Parse<Extent> {
        self.skip_separators();
        if self.ends_list() { Err(Invalid) } else { self.list_or_nothing(place) }
    }

    fn list_or_nothing(&mut self, place: Place) -> Parse<Extent> {
        let mut extent = None;
        self.skip_separators();
        if self.ends_list() {
            return Ok(extent);
        }
        let list = self.out.list();
        let mut operator = Operator::First;
        while !self.ends_list() {
            extent = cover(extent, self.and_or(list, operator, place)?);
            if self.byte() == b'#' {
                self.skip_comment();
            }
            operator = match (self.byte(), self.next()) {
                (b'\n', _) => Operator::Then,
                (b';', next) if !matches!(next, b';' | b'&') => {
                    self.at += 1;
                    Operator::Then
                }
                (b'&', _) => {
                    self.at += 1;
                    Operator::Background
                }
                _ => break,
            };
            self.skip_separators();
        }
        Ok(extent)
    }

    /// Whether the next token cannot begin a command.
    fn ends_list(&self) -> bool {
        match self.byte() {
            b')' => true,
            b'}' => self.ends_word_at(self.at + 1),
            b'd' | b'e' | b'f' | b't' => {
                matches!(self.keyword(), b"then" | b"else" | b"elif" | b"fi" | b"do" | b"done" | b"esac")
            }
            b';' => matches!(self.next(), b';' | b'&'),
            0 => self.at_end(),
            _ => false,
        }
    }

    fn and_or(&mut self, list: u32, first: Operator, place: Place) -> Parse<Extent> {
        let start = self.at;
        let mut extent = self.pipeline(list, first, place)?;
        loop {
            let operator = match (self.byte(), self.next()) {
                (b'&', b'&') => Operator::And,
                (b'|', b'|') => Operator::Or,
                _ => {
                    self.out.statement(start, self.at);
                    return Ok(extent);
                }
            };
            self.at += 2;
            self.skip_separators();
            let part = self.at;
            extent = cover(extent, self.pipeline(list, operator, place)?);
            self.out.statement(part, self.at);
        }
    }

    /// A pipeline, or a single command, and the blanks behind it.
    fn pipeline(&mut self, list: u32, operator: Operator, place: Place) -> Parse<Extent> {
        while self.byte() == b'!' && self.ends_word_at(self.at + 1) {
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
            let span = Span::new(start, self.at as u32);
            let number = *pipeline.get_or_insert_with(|| self.out.begin_pipeline(span, first));
            part += 1;
            self.skip_separators();
            if self.byte() == b'!' && self.ends_word_at(self.at + 1) {
                // Only a whole pipeline is negated.
                return Err(Invalid);
            }
            let first = self.out.commands.len();
            extent = cover(extent, self.command(list, operator, place)?);
            self.out.in_pipeline(first, number, part);
        }
        if let Some(number) = pipeline {
            self.out.end_pipeline(number, extent);
        }
        Ok(extent)
    }

    fn command(&mut self, list: u32, operator: Operator, place: Place) -> Parse<Extent> {
        if !matches!(self.byte(), b'(' | b'{' | b'}' | b'[' | b'a'..=b'z') {
            return self.simple(list, operator, place);
        }
        self.depth += 1;
        if self.depth > MOST_NESTING {
            return Err(Invalid);
        }
        let compound = self.compound(list, operator, place)?;
        self.depth -= 1;
        match compound {
            Some(extent) => self.redirected(extent, place),
            None => self.simple(list, operator, place),
        }
    }

    /// The redirections behind a compound command of that extent.
    fn redirected(&mut self, mut extent: Extent, place: Place) -> Parse<Extent> {
        loop {
            self.skip_blanks();
            match self.redirect(None, place)? {
                Redirection::File(redirect) => extent = cover(extent, Some(redirect.span)),
                Redirection::Text => {}
                Redirection::Absent => return Ok(extent),
            }
        }
    }

    fn simple(&mut self, list: u32, operator: Operator, place: Place) -> Parse<Extent> {
        let start = self.at;
        let index = self.out.begin(list, operator, place);
        let words = self.out.words.len();
        let heredocs = self.heredocs.len();
        let mut assignments = Vec::new();
        let mut redirects = Vec::new();
        let mut declares_arguments = false;
        let (mut named, mut file_redirects, mut all_redirects) = (None, None, None);
        loop {
            self.skip_blanks();
            let begin = self.at;
            match self.byte() {
                b'\n' | b';' | b'|' | b')' => break,
                b'&' if self.next() != b'>' => break,
                b'#' => {
                    self.skip_comment();
                    break;
                }
                0 if self.at_end() => break,
                b'<' | b'>' | b'&' | b'{' | b'0'..=b'9' => {
                    let redirection = self.redirect(Some(index), place)?;
                    if !matches!(redirection, Redirection::Absent) {
                        all_redirects = cover(all_redirects, Some(self.span_from(begin)));
                        if let Redirection::File(redirect) = redirection {
                            file_redirects = cover(file_redirects, Some(redirect.span));
                            redirects.push(redirect);
                        }
                        continue;
                    }
                }
                b'A'..=b'Z' | b'a'..=b'z' | b'_' if self.out.words.len() == words => {
                    if let Some(assignment) = self.assignment(place)? {
                        named = cover(named, Some(assignment.span));
                        assignments.push(assignment);
                        continue;
                    }
                }
                b'(' if self.out.words.len() == words + 1 && assignments.is_empty() && all_redirects.is_none() => {
                    return self.function(start, index, words, place);
                }
                _ => {}
            }
            let word = if declares_arguments { self.operand(place)? } else { self.word(place)? };
            if self.out.words.len() == words {
                declares_arguments = declares(&word);
            }
            named = cover(named, Some(word.span));
            self.out.words.push(word);
        }
        let span = named.or(all_redirects).ok_or(Invalid)?;
        let mut own = self.out.words.drain(words..);
        let name = own.next();
        let args = own.collect();
        let command = &mut self.out.commands[index];
        command.span = span;
        command.name = name.unwrap_or(Word::empty(span.end));
        command.args = args;
        command.assignments = assignments;
        command.redirects = redirects;
        let heredocs = self.heredocs.get_mut(heredocs..).unwrap_or_default();
        let stdin = heredocs.iter_mut().rev().find(|heredoc| heredoc.is_stdin_of(index));
        let script = self.out.end(index, stdin.is_some());
        if let Some(heredoc) = stdin {
            heredoc.script = script;
        }
        Ok(cover(Some(span), file_redirects))
    }
}

/// Whether a command takes assignments as arguments.
fn declares(name: &Word) -> bool {
    matches!(name.text.as_bytes(), b"export" | b"local" | b"declare" | b"typeset" | b"readonly") && !name.quoted
}
