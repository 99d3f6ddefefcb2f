use super::{Parse, Parser, require};
use crate::Redirect;
use crate::collector::Place;
use plimsoll_base::Span;

/// A heredoc whose body is not read yet.
pub(super) struct Heredoc {
    /// The line that ends it.
    delimiter: String,
    /// Whether expansions in the body are expanded, that is whether the delimiter stands without quotes.
    expands: bool,
    /// Whether tabs at the start of lines are left out.
    strip_tabs: bool,
    /// The simple command that it belongs to, if any.
    command: Option<usize>,
    /// Whether it is the command's standard input.
    stdin: bool,
    place: Place,
    /// The script of another shell that it is, by its number in the collector.
    pub(super) script: Option<usize>,
}

/// What may stand where a redirection may stand.
pub(super) enum Redirection<'a> {
    /// Something else.
    Absent,
    /// A heredoc or a here string.
    Text,
    /// A redirection to or from a file.
    File(Redirect<'a>),
}

impl Heredoc {
    pub(super) fn is_stdin_of(&self, command: usize) -> bool {
        self.stdin && self.command == Some(command)
    }
}

impl<'a> Parser<'_, 'a> {
    /// The redirection that stands here. `command` is the simple command that it belongs to, if any.
    pub(super) fn redirect(&mut self, command: Option<usize>, place: Place) -> Parse<Redirection<'a>> {
        let start = self.at;
        let prefix = match self.byte() {
            b'{' => match self.descriptor_variable() {
                Some(length) => length,
                None => return Ok(Redirection::Absent),
            },
            _ => self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count(),
        };
        let at = start + prefix;
        let (length, writes) = match (self.byte_at(at), self.byte_at(at + 1), self.byte_at(at + 2)) {
            (b'&', b'>', b'>') if prefix == 0 => (3, true),
            (b'&', b'>', _) if prefix == 0 => (2, true),
            // A word that is a process substitution.
            (b'<' | b'>', b'(', _) => return Ok(Redirection::Absent),
            (b'<', b'<', b'<') => {
                self.at = at + 3;
                self.skip_blanks();
                self.word(place)?;
                return Ok(Redirection::Text);
            }
            (b'<', b'<', third) => {
                self.at = at + 2 + usize::from(third == b'-');
                let stdin = matches!(self.text.get(start..at), Some("" | "0"));
                self.skip_blanks();
                let delimiter = self.word(place)?;
                let escaped = delimiter.span.text(self.text).contains('\\');
                self.heredocs.push(Heredoc {
                    expands: !delimiter.quoted && !escaped,
                    delimiter: delimiter.text.into_owned(),
                    strip_tabs: third == b'-',
                    command,
                    stdin,
                    place,
                    script: None,
                });
                return Ok(Redirection::Text);
            }
            (b'>' | b'<', b'&', _) => {
                let writes = self.byte_at(at) == b'>';
                self.at = at + 2;
                self.skip_blanks();
                let target = self.word(place)?;
                let writes = writes && !is_descriptor(&target.text);
                return Ok(Redirection::File(Redirect { span: self.span_from(start), writes, target }));
            }
            (b'>', b'>' | b'|', _) | (b'<', b'>', _) => (2, true),
            (b'>', _, _) => (1, true),
            (b'<', _, _) => (1, false),
            _ => return Ok(Redirection::Absent),
        };
        self.at = at + length;
        self.skip_blanks();
        let target = self.word(place)?;
        // In `> 2>file` the 2 is the descriptor of another redirection.
        let is_target = !matches!(self.byte(), b'<' | b'>') || !target.text.bytes().all(|byte| byte.is_ascii_digit());
        require(is_target)?;
        Ok(Redirection::File(Redirect { span: self.span_from(start), writes, target }))
    }

    /// Goes over the bodies of the heredocs of the line that ended just now.
    pub(super) fn heredoc_bodies(&mut self) {
        for heredoc in std::mem::take(&mut self.heredocs) {
            let start = self.at;
            let mut end = start;
            loop {
                let rest = self.bytes.get(end..).unwrap_or_default();
                let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                let mut line = &rest[..length];
                while let (true, [b'\t', behind @ ..]) = (heredoc.strip_tabs, line) {
                    line = behind;
                }
                let next = (end + length + 1).min(self.bytes.len());
                if line == heredoc.delimiter.as_bytes() || rest.is_empty() {
                    self.at = next;
                    break;
                }
                end = next;
            }
            let first = self.out.commands.len();
            if heredoc.expands {
                let (next, depth, mark) = (self.at, self.depth, self.out.mark());
                let all = self.within(end);
                self.at = start;
                if self.expansions(heredoc.place).is_err() {
                    // The shell complains about the body only when it runs the command.
                    self.out.roll_back(mark);
                    self.heredocs.clear();
                    self.depth = depth;
                }
                self.bytes = all;
                self.at = next;
            }
            let body = Span::new(start as u32, end as u32);
            if let Some((pipeline, part)) = heredoc.command.and_then(|command| self.out.commands[command].pipeline) {
                self.out.in_pipeline(first, pipeline, part);
            }
            if let Some(script) = heredoc.script {
                self.out.feed(script, body, heredoc.expands);
            }
        }
    }
}

/// Whether the target of `>&` is a descriptor, as in `2>&1`, `>&2-` or `>&-`, and no file.
fn is_descriptor(target: &str) -> bool {
    target.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') || target.starts_with('$')
}
