//! Text to [`Dockerfile`], in one pass over its lines.
//!
//! [`lines`] joins continued lines, [`directives`] reads the head of the file, [`instructions`] takes a joined line
//! apart with the help of [`flags`], [`mounts`], [`json`] and [`words`], [`heredocs`] reads the bodies behind it,
//! and [`stages`] groups the result.

mod directives;
mod flags;
mod heredocs;
mod instructions;
mod json;
mod lines;
mod mounts;
mod stages;
mod words;

pub(crate) use flags::unquoted as unquoted_flag;
pub(crate) use json::decode_pieces;
pub(crate) use lines::{Line, continuation};

use crate::{Comment, Directive, Dockerfile, ErrorKind, ParseError};
use heredocs::LastLines;
use plimsoll_base::{Span, nearest};

/// Parses a Dockerfile. It gives a result for any text: what the builder refuses stands in
/// [`Dockerfile::errors`], and what could be read around it is there all the same.
///
/// ```
/// let file = plimsoll_dockerfile::parse("FORM alpine\nRUN true\n");
/// assert_eq!(file.instructions.len(), 2);
/// assert_eq!(file.errors[0].message, "unknown instruction `FORM`, did you mean `FROM`?");
/// ```
pub fn parse(source: &str) -> Dockerfile<'_> {
    let mut cx = Context {
        source,
        position: 0,
        escape: b'\\',
        directives: Vec::new(),
        comments: Vec::new(),
        errors: Vec::new(),
        last_lines: None,
    };
    // Moving instructions into a larger list costs more than a guess that is too high.
    let mut instructions = Vec::with_capacity((source.len() / 100).clamp(1, 64));
    let mut buffer = lines::Buffer::default();
    directives::read(&mut cx);
    while let Some(line) = Line::at(source, cx.position) {
        cx.position = line.next;
        if let Some(joined) = lines::join(&mut cx, line, &mut buffer) {
            let blank_lines = std::mem::take(&mut buffer.blank_lines);
            let text = buffer.text(source, &joined);
            instructions.extend(instructions::read(&mut cx, &text, joined.end, blank_lines));
        }
    }
    let stages = stages::group(&mut cx, &instructions);
    cx.errors.sort_by_key(|error| error.span.start);
    Dockerfile {
        source,
        escape: char::from(cx.escape),
        directives: cx.directives,
        comments: cx.comments,
        instructions,
        stages,
        errors: cx.errors,
    }
}

/// What the parts of the parser share.
struct Context<'a> {
    source: &'a str,
    /// The start of the next line that nobody has read.
    position: usize,
    /// The escape character; both that are allowed are ASCII.
    escape: u8,
    directives: Vec<Directive<'a>>,
    comments: Vec<Comment<'a>>,
    errors: Vec<ParseError>,
    /// Made when the first heredoc is found to be open.
    last_lines: Option<LastLines<'a>>,
}

impl Context<'_> {
    fn error(&mut self, kind: ErrorKind, span: Span, message: impl Into<String>) {
        self.errors.push(ParseError { kind, span, message: message.into() });
    }

    /// Records a comment line whose text, without its line break, is `start..end`.
    fn comment(&mut self, start: usize, end: usize, inside: bool) {
        let line = &self.source[start..end];
        let hash = start + line.find('#').unwrap_or(0);
        let text = self.source.get(hash + 1..end).unwrap_or_default();
        self.comments.push(Comment { span: Span::from(hash..end), text, inside });
    }
}

/// A word of the input for a message: long ones are cut, so that a message stays one line.
fn shown(word: &str) -> String {
    const LONGEST: usize = 60;
    match word.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("`{}…`", &word[..cut]),
        None => format!("`{word}`"),
    }
}

/// The end of a message about a word that is not known: the candidate that may have been meant.
fn suggestion(word: &str, candidates: impl IntoIterator<Item = &'static str>) -> String {
    nearest(word, candidates).map(|near| format!(", did you mean `{near}`?")).unwrap_or_default()
}
