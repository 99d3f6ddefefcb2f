use crate::parse::{decode_pieces, unquoted_flag};
use crate::{Logical, ParseError};
use plimsoll_base::Span;
use std::borrow::Cow;
use std::ops::Range;

/// A parsed Dockerfile.
#[derive(Debug, Clone, PartialEq)]
pub struct Dockerfile<'a> {
    /// The text that was parsed.
    pub source: &'a str,
    /// The escape character: `\`, or a backtick where the `escape` directive says so.
    pub escape: char,
    /// The parser directives at the top of the file, in their order.
    pub directives: Vec<Directive<'a>>,
    /// Every comment line in its order, those inside continuations too. Directives are none.
    pub comments: Vec<Comment<'a>>,
    /// Every instruction in its order, unknown ones too.
    pub instructions: Vec<Instruction<'a>>,
    /// The build stages in their order.
    pub stages: Vec<Stage<'a>>,
    /// What the builder refuses, in the file's order.
    pub errors: Vec<ParseError>,
}

impl<'a> Dockerfile<'a> {
    /// The instructions before the first `FROM`.
    pub fn global(&self) -> &[Instruction<'a>] {
        let end = self.stages.first().map_or(self.instructions.len(), |stage| stage.instructions.start);
        self.instructions.get(..end).unwrap_or_default()
    }

    /// The instructions of a stage, its `FROM` first.
    pub fn stage_instructions(&self, stage: &Stage<'a>) -> &[Instruction<'a>] {
        self.instructions.get(stage.instructions.clone()).unwrap_or_default()
    }

    /// The value of a parser directive, by its lower-case name.
    pub fn directive(&self, name: &str) -> Option<&Directive<'a>> {
        self.directives.iter().find(|directive| directive.name.text.eq_ignore_ascii_case(name))
    }
}

/// A parser directive, such as `# syntax=docker/dockerfile:1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive<'a> {
    /// The whole line without its line break.
    pub span: Span,
    /// `syntax`, `escape` or `check`, in the case in which it stands.
    pub name: Word<'a>,
    /// What stands behind the `=`, trimmed.
    pub value: Word<'a>,
}

/// A comment line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment<'a> {
    /// From the `#` to the end of the line.
    pub span: Span,
    /// What stands behind the `#`, as it stands.
    pub text: &'a str,
    /// Whether the line stands inside a continued instruction.
    pub inside: bool,
}

/// A build stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage<'a> {
    /// The stage's number, from 0.
    pub index: usize,
    /// The name behind `AS`, in the case in which it stands; builders compare names without case.
    pub name: Option<Word<'a>>,
    /// The base: an image reference, an earlier stage, or `scratch`; variables are not expanded.
    pub base: Word<'a>,
    /// The positions in [`Dockerfile::instructions`] of the stage's instructions, its `FROM` first.
    pub instructions: Range<usize>,
}

/// A word of an instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// Where it stands, quotes included.
    pub span: Span,
    /// The word without line continuations; quotes, escapes and variables as they stand.
    pub text: Cow<'a, str>,
}

impl<'a> Word<'a> {
    /// A word in one piece.
    pub fn new(text: &'a str, start: u32) -> Self {
        Self { span: Span::new(start, start + text.len() as u32), text: Cow::Borrowed(text) }
    }

    /// The word without one pair of quotes around it.
    pub fn unquoted(&self) -> &str {
        for quote in ['"', '\''] {
            let inner = self.text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            if let Some(inner) = inner {
                return inner;
            }
        }
        &self.text
    }
}

/// One instruction with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Instruction<'a> {
    /// From the keyword to the end of the last line, heredocs included, without the final line break and without
    /// blanks at its end.
    pub span: Span,
    /// The keyword as it stands.
    pub keyword: Span,
    /// Everything behind the keyword and the blanks after it, flags included, heredoc bodies not.
    pub arguments: Logical<'a>,
    /// The flags before the arguments.
    pub flags: Vec<Flag<'a>>,
    /// The heredocs that the line opens; for `ONBUILD` they stand in the instruction that it defers.
    pub heredocs: Vec<Heredoc<'a>>,
    /// Blank lines inside the continued instruction (deprecated by BuildKit), each without its line break.
    pub blank_lines: Vec<Span>,
    /// What the instruction says.
    pub kind: Kind<'a>,
}

impl<'a> Instruction<'a> {
    /// The first flag of that name; names are lower case and written without dashes.
    pub fn flag(&self, name: &str) -> Option<&Flag<'a>> {
        self.flags.iter().find(|flag| flag.name.text == name)
    }

    /// The value of the first flag of that name.
    pub fn flag_value(&self, name: &str) -> Option<&Word<'a>> {
        self.flag(name)?.value.as_ref()
    }

    /// The text that stands at `span` in the arguments, such as a flag's value, with the way back to where each byte
    /// of it stands.
    pub fn part(&self, span: Span) -> Logical<'_> {
        let (start, end) = (self.arguments.logical_offset(span.start), self.arguments.logical_offset(span.end));
        self.arguments.slice(Span::new(start, end))
    }

    /// The text of one of the instruction's words with the way back to where each byte of it stands. A character that
    /// JSON form escapes is taken to stand where its escape begins.
    pub fn word<'w>(&'w self, word: &Word<'_>) -> Logical<'w> {
        let part = self.part(word.span);
        if part.text == word.text {
            return part;
        }
        let mut text = Logical::default();
        let inner = part.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&part.text);
        let quote = u32::from(inner.len() < part.text.len());
        decode_pieces(inner, |piece, at| {
            let mut at = quote + at as u32;
            // A piece may go on in the next line.
            for character in piece.chars() {
                text.push(character.encode_utf8(&mut [0; 4]), part.source_offset(at));
                at += character.len_utf8() as u32;
            }
        });
        text
    }

    /// The keyword's kind; for `ONBUILD` that of `ONBUILD` itself.
    pub fn keyword_kind(&self) -> Keyword {
        self.kind.keyword()
    }
}

/// A flag such as `--from=build`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag<'a> {
    /// The whole flag, dashes included.
    pub span: Span,
    /// The name without dashes.
    pub name: Word<'a>,
    /// What stands behind the `=`, with quotes and escapes as they stand; absent without one.
    pub value: Option<Word<'a>>,
}

impl Flag<'_> {
    /// The value as the builder sees it: without quotes and escapes.
    pub fn plain_value(&self) -> Option<Cow<'_, str>> {
        self.value.as_ref().map(|value| unquoted_flag(&value.text))
    }
}

/// A heredoc that an instruction opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heredoc<'a> {
    /// The word that opens it, from the file descriptor or `<<` to the end of the name.
    pub marker: Span,
    /// Its name without quotes.
    pub name: Cow<'a, str>,
    /// The file descriptor; 0 where none is given.
    pub descriptor: u32,
    /// Whether variables in the body are expanded, that is whether the name stands without quotes.
    pub expand: bool,
    /// Whether `<<-` removes leading tabs.
    pub strip_tabs: bool,
    /// The body's lines as they stand, the last line break included; empty for an empty body.
    pub body: Span,
    /// The line that ends it; absent where it is not closed.
    pub terminator: Option<Span>,
}

/// The keywords of the Dockerfile language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the keyword of its name")]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    OnBuild,
    Run,
    Shell,
    StopSignal,
    User,
    Volume,
    Workdir,
    Unknown,
}

impl Keyword {
    /// Every keyword that builders know, in alphabetical order.
    pub const KNOWN: [Self; 18] = [
        Self::Add,
        Self::Arg,
        Self::Cmd,
        Self::Copy,
        Self::Entrypoint,
        Self::Env,
        Self::Expose,
        Self::From,
        Self::Healthcheck,
        Self::Label,
        Self::Maintainer,
        Self::OnBuild,
        Self::Run,
        Self::Shell,
        Self::StopSignal,
        Self::User,
        Self::Volume,
        Self::Workdir,
    ];

    /// The keyword in upper case; empty for [`Keyword::Unknown`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Arg => "ARG",
            Self::Cmd => "CMD",
            Self::Copy => "COPY",
            Self::Entrypoint => "ENTRYPOINT",
            Self::Env => "ENV",
            Self::Expose => "EXPOSE",
            Self::From => "FROM",
            Self::Healthcheck => "HEALTHCHECK",
            Self::Label => "LABEL",
            Self::Maintainer => "MAINTAINER",
            Self::OnBuild => "ONBUILD",
            Self::Run => "RUN",
            Self::Shell => "SHELL",
            Self::StopSignal => "STOPSIGNAL",
            Self::User => "USER",
            Self::Volume => "VOLUME",
            Self::Workdir => "WORKDIR",
            Self::Unknown => "",
        }
    }

    /// The keyword that `word` is in any case, [`Keyword::Unknown`] for none.
    pub fn of(word: &str) -> Self {
        // Length and first letter leave one candidate, but for ADD and ARG.
        let candidate = match (word.len(), word.as_bytes().first().map(u8::to_ascii_lowercase)) {
            (3, Some(b'a')) if word.as_bytes()[1].eq_ignore_ascii_case(&b'd') => Self::Add,
            (3, Some(b'a')) => Self::Arg,
            (3, Some(b'c')) => Self::Cmd,
            (3, Some(b'e')) => Self::Env,
            (3, Some(b'r')) => Self::Run,
            (4, Some(b'c')) => Self::Copy,
            (4, Some(b'f')) => Self::From,
            (4, Some(b'u')) => Self::User,
            (5, Some(b'l')) => Self::Label,
            (5, Some(b's')) => Self::Shell,
            (6, Some(b'e')) => Self::Expose,
            (6, Some(b'v')) => Self::Volume,
            (7, Some(b'o')) => Self::OnBuild,
            (7, Some(b'w')) => Self::Workdir,
            (10, Some(b'e')) => Self::Entrypoint,
            (10, Some(b'm')) => Self::Maintainer,
            (10, Some(b's')) => Self::StopSignal,
            (11, Some(b'h')) => Self::Healthcheck,
            _ => return Self::Unknown,
        };
        if candidate.name().eq_ignore_ascii_case(word) { candidate } else { Self::Unknown }
    }
}

/// What an instruction says. Where its arguments are malformed, [`Dockerfile::errors`] tells, and what could be
/// read stands here.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind<'a> {
    /// `ADD`
    Add(Transfer<'a>),
    /// `ARG`, which may declare several.
    Arg(Vec<Declaration<'a>>),
    /// `CMD`
    Cmd(Command<'a>),
    /// `COPY`
    Copy(Transfer<'a>),
    /// `ENTRYPOINT`
    Entrypoint(Command<'a>),
    /// `ENV`
    Env(Vec<Pair<'a>>),
    /// `EXPOSE`: ports as they stand, such as `80/tcp`, `8000-8010` or `$PORT`.
    Expose(Vec<Word<'a>>),
    /// `FROM`
    From(From<'a>),
    /// `HEALTHCHECK`
    Healthcheck(Healthcheck<'a>),
    /// `LABEL`
    Label(Vec<Pair<'a>>),
    /// `MAINTAINER`: the rest of the line.
    Maintainer(Word<'a>),
    /// `ONBUILD` with the instruction that it defers; absent where none stands there.
    OnBuild(Option<Box<Instruction<'a>>>),
    /// `RUN`
    Run(Run<'a>),
    /// `SHELL`: absent where it is not a JSON array of strings.
    Shell(Option<Array<'a>>),
    /// `STOPSIGNAL`
    StopSignal(Word<'a>),
    /// `USER`: `user`, `user:group`, names or numbers; the rest of the line.
    User(Word<'a>),
    /// `VOLUME`: paths, unquoted in JSON form.
    Volume(Vec<Word<'a>>),
    /// `WORKDIR`: the rest of the line.
    Workdir(Word<'a>),
    /// A keyword that no builder knows.
    Unknown,
}

impl Kind<'_> {
    /// The keyword.
    pub const fn keyword(&self) -> Keyword {
        match self {
            Self::Add(_) => Keyword::Add,
            Self::Arg(_) => Keyword::Arg,
            Self::Cmd(_) => Keyword::Cmd,
            Self::Copy(_) => Keyword::Copy,
            Self::Entrypoint(_) => Keyword::Entrypoint,
            Self::Env(_) => Keyword::Env,
            Self::Expose(_) => Keyword::Expose,
            Self::From(_) => Keyword::From,
            Self::Healthcheck(_) => Keyword::Healthcheck,
            Self::Label(_) => Keyword::Label,
            Self::Maintainer(_) => Keyword::Maintainer,
            Self::OnBuild(_) => Keyword::OnBuild,
            Self::Run(_) => Keyword::Run,
            Self::Shell(_) => Keyword::Shell,
            Self::StopSignal(_) => Keyword::StopSignal,
            Self::User(_) => Keyword::User,
            Self::Volume(_) => Keyword::Volume,
            Self::Workdir(_) => Keyword::Workdir,
            Self::Unknown => Keyword::Unknown,
        }
    }
}

/// `FROM [--platform=…] base [AS name]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From<'a> {
    /// The base; empty where none stands there.
    pub base: Word<'a>,
    /// The word `AS` as it stands.
    pub as_keyword: Option<Span>,
    /// The stage's name.
    pub name: Option<Word<'a>>,
}

/// `COPY` or `ADD`: `[flags] source... destination`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer<'a> {
    /// The sources that are words; a heredoc among them stands in [`Instruction::heredocs`] and not here.
    pub sources: Vec<Word<'a>>,
    /// The destination; absent where fewer than two arguments stand there.
    pub destination: Option<Word<'a>>,
    /// Whether the arguments are in JSON form; words then have no quotes.
    pub json: bool,
}

/// `ARG name[=default]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration<'a> {
    /// The name.
    pub name: Word<'a>,
    /// The default, quotes kept; absent without `=`.
    pub default: Option<Word<'a>>,
}

/// One key and value of `ENV` or `LABEL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair<'a> {
    /// From the key to the end of the value.
    pub span: Span,
    /// The key; quotes kept for `LABEL`.
    pub key: Word<'a>,
    /// The value, quotes kept; empty behind a bare `=`.
    pub value: Word<'a>,
    /// Whether it is in the old form without `=`, in which the value is the rest of the line.
    pub legacy: bool,
}

/// A command in shell form or in exec form (a JSON array).
#[derive(Debug, Clone, PartialEq)]
pub enum Command<'a> {
    /// The words of a JSON array: run as they are, without a shell.
    Exec(Array<'a>),
    /// Text for the shell. Text that starts like a JSON array but is none is shell form too.
    Shell(Logical<'a>),
}

impl Command<'_> {
    /// The shell text, or the words of the array joined by blanks.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Exec(array) => Cow::Owned(array.items.iter().map(|item| &*item.text).collect::<Vec<_>>().join(" ")),
            Self::Shell(logical) => Cow::Borrowed(&logical.text),
        }
    }
}

/// A JSON array of strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Array<'a> {
    /// From `[` to `]`.
    pub span: Span,
    /// The strings with JSON escapes decoded; spans include the quotes.
    pub items: Vec<Word<'a>>,
}

/// `RUN`.
#[derive(Debug, Clone, PartialEq)]
pub struct Run<'a> {
    /// The command line as it stands, without heredoc bodies.
    pub command: Command<'a>,
    /// What the shell, or the interpreter of a heredoc, is given; absent in exec form.
    pub script: Option<Script<'a>>,
    /// The `--mount` flags, taken apart.
    pub mounts: Vec<Mount<'a>>,
}

/// The text that a `RUN` in shell form runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Script<'a> {
    /// The command line with the heredocs behind it; or, where the command line is nothing but a heredoc, its body
    /// (tabs stripped for `<<-`). Of CRLF line breaks only the LF stands in it.
    pub text: Logical<'a>,
    /// The interpreter line of a heredoc that starts with `#!`, without `#!` and trimmed. The shell of `SHELL` runs
    /// everything else.
    pub shebang: Option<Word<'a>>,
    /// Whether the text is a heredoc's body.
    pub heredoc: bool,
}

/// A `--mount` flag of `RUN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount<'a> {
    /// The whole flag.
    pub span: Span,
    /// Its options in their order: `type=cache` as key and value, `ro` as key alone. Keys are lower case.
    pub options: Vec<(Word<'a>, Option<Word<'a>>)>,
}

impl Mount<'_> {
    /// The value of an option.
    pub fn option(&self, key: &str) -> Option<&Word<'_>> {
        self.options.iter().find(|(name, _)| name.text == key)?.1.as_ref()
    }

    /// The mount's type: `bind` where it says none.
    pub fn kind(&self) -> &str {
        self.option("type").map_or("bind", |value| &value.text)
    }

    /// Where it is mounted, by any of the option's names.
    pub fn target(&self) -> Option<&Word<'_>> {
        ["target", "dst", "destination"].into_iter().find_map(|key| self.option(key))
    }
}

/// `HEALTHCHECK`.
#[derive(Debug, Clone, PartialEq)]
pub enum Healthcheck<'a> {
    /// `HEALTHCHECK NONE`
    None,
    /// `HEALTHCHECK [flags] CMD command`
    Command(Command<'a>),
    /// Neither, or nothing at all.
    Invalid,
}
