use crate::parse::{Line, continuation};
use crate::{Array, Command, Dockerfile, Healthcheck, Heredoc, Instruction, Kind};
use plimsoll_base::Span;

/// A piece of a Dockerfile's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands; never empty.
    pub span: Span,
}

/// The kinds of [`Token`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// The byte order mark at the start of the file.
    Bom,
    /// Blanks.
    Whitespace,
    /// The end of a line.
    LineBreak,
    /// A parser directive.
    Directive,
    /// A comment, from the `#` to the end of the line.
    Comment,
    /// The keyword of an instruction, and the `AS` of `FROM`.
    Keyword,
    /// A flag of an instruction.
    Flag,
    /// A word of an instruction's arguments, or what stands between the words of JSON form. Quoted blanks belong to
    /// their word; shell text is cut at every blank.
    Argument,
    /// The escape character that continues a line, with the blanks behind it.
    Continuation,
    /// The lines of a heredoc.
    HeredocBody,
    /// The line that ends a heredoc.
    HeredocTerminator,
    /// A keyword that no builder knows, and text that belongs to no instruction.
    Unknown,
}

/// Cuts a file into tokens: every byte of the text belongs to exactly one, in order. A word that is continued on the
/// next line is several tokens.
///
/// ```
/// use plimsoll_dockerfile::{TokenKind, parse, tokens};
///
/// let file = parse("FROM alpine\nRUN apk add \\\n  curl\n");
/// let tokens = tokens(&file);
/// let joined: String = tokens.iter().map(|token| token.span.text(file.source)).collect();
/// assert_eq!(joined, file.source);
/// let last = tokens.iter().rfind(|token| token.kind == TokenKind::Argument);
/// assert_eq!(last.map(|token| token.span.text(file.source)), Some("curl"));
/// ```
pub fn tokens(file: &Dockerfile<'_>) -> Vec<Token> {
    let mut cutter = Cutter { source: file.source, leaves: leaves(file), next_leaf: 0, tokens: Vec::new() };
    let mut notes = notes(file).into_iter().peekable();
    let mut position = 0;
    if file.source.starts_with('\u{feff}') {
        position = '\u{feff}'.len_utf8();
        cutter.push(TokenKind::Bom, 0, position);
    }
    let mut heredocs = file.instructions.iter().flat_map(heredocs).peekable();
    let mut instructions = file.instructions.iter().peekable();
    while let Some(line) = Line::at(file.source, position) {
        if let Some((body, terminator)) = heredocs.next_if(|(body, _)| body.start as usize <= line.start) {
            cutter.push(TokenKind::HeredocBody, line.start, body.end as usize);
            cutter.push(TokenKind::HeredocTerminator, body.end as usize, terminator.end as usize);
            position = Line::at(file.source, body.end as usize).map_or(file.source.len(), |line| line.next);
            cutter.push(TokenKind::LineBreak, terminator.end as usize, position);
            continue;
        }
        if let Some(note) = notes.next_if(|note| (note.span.start as usize) < line.end) {
            cutter.words(cutter.start_of(line), note.span.start as usize, TokenKind::Unknown);
            cutter.push(note.kind, note.span.start as usize, line.end);
            cutter.push(TokenKind::LineBreak, line.end, line.next);
            position = line.next;
            continue;
        }
        while instructions.next_if(|instruction| instruction.span.end as usize <= line.start).is_some() {}
        let other = match instructions.peek() {
            Some(instruction) if (instruction.span.start as usize) < line.end => TokenKind::Argument,
            _ => TokenKind::Unknown,
        };
        cutter.line(line, char_byte(file.escape), other);
        position = line.next;
    }
    cutter.tokens
}

/// The escape character as a byte; both that are allowed are ASCII.
fn char_byte(escape: char) -> u8 {
    u8::try_from(escape).unwrap_or(b'\\')
}

/// The bodies of an instruction's closed heredocs with their terminators.
fn heredocs(instruction: &Instruction<'_>) -> impl Iterator<Item = (Span, Span)> {
    let list: &[Heredoc<'_>] = match &instruction.kind {
        Kind::OnBuild(Some(inner)) => &inner.heredocs,
        _ => &instruction.heredocs,
    };
    list.iter().filter_map(|heredoc| Some((heredoc.body, heredoc.terminator?)))
}

struct Cutter<'a> {
    source: &'a str,
    /// The pieces whose kind the tree knows, in their order.
    leaves: Vec<Token>,
    next_leaf: usize,
    tokens: Vec<Token>,
}

impl Cutter<'_> {
    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        if start < end {
            self.tokens.push(Token { kind, span: Span::from(start..end) });
        }
    }

    /// Where the part of a line begins that is in no token yet: the byte order mark is not the line's.
    fn start_of(&self, line: Line) -> usize {
        self.tokens.last().map_or(line.start, |token| line.start.max(token.span.end as usize))
    }

    /// Cuts a line that is neither a comment nor in a heredoc. What is neither blank nor a leaf is of the kind
    /// `other`.
    fn line(&mut self, line: Line, escape: u8, other: TokenKind) {
        let mut at = self.start_of(line);
        let text = &self.source[at..line.end];
        let end = continuation(text, escape).map_or(line.end, |escape| at + escape);
        while let Some(&leaf) = self.leaves.get(self.next_leaf).filter(|leaf| (leaf.span.start as usize) < end) {
            let (leaf_start, leaf_end) = ((leaf.span.start as usize).max(at), (leaf.span.end as usize).min(end));
            // Blank lines inside of a word that is continued behind them are no part of it.
            if text.trim_start().is_empty() {
                break;
            }
            if leaf_start < leaf_end {
                self.words(at, leaf_start, other);
                self.push(leaf.kind, leaf_start, leaf_end);
                at = leaf_end;
            }
            if leaf.span.end as usize > end {
                break;
            }
            self.next_leaf += 1;
        }
        self.words(at, end, other);
        self.push(TokenKind::Continuation, end, line.end);
        self.push(TokenKind::LineBreak, line.end, line.next);
    }

    /// Cuts at blanks.
    fn words(&mut self, start: usize, end: usize, kind: TokenKind) {
        let mut at = start;
        while at < end {
            let rest = &self.source[at..end];
            let blank = rest.starts_with(char::is_whitespace);
            let length = rest.find(|next: char| next.is_whitespace() != blank).unwrap_or(rest.len());
            self.push(if blank { TokenKind::Whitespace } else { kind }, at, at + length);
            at += length;
        }
    }
}

/// The lines that are no instruction: directives and comments.
fn notes(file: &Dockerfile<'_>) -> Vec<Token> {
    let directives = file.directives.iter().map(|directive| Token { kind: TokenKind::Directive, span: directive.span });
    let comments = file.comments.iter().map(|comment| Token { kind: TokenKind::Comment, span: comment.span });
    let mut notes: Vec<Token> = directives.chain(comments).collect();
    notes.sort_by_key(|note| note.span.start);
    notes
}

/// The pieces of the instructions whose kind the tree knows.
fn leaves(file: &Dockerfile<'_>) -> Vec<Token> {
    let mut leaves = Vec::new();
    for instruction in &file.instructions {
        add_instruction(&mut leaves, instruction);
    }
    leaves.retain(|leaf| !leaf.span.is_empty());
    leaves.sort_by_key(|leaf| leaf.span.start);
    leaves
}

fn add_instruction(leaves: &mut Vec<Token>, instruction: &Instruction<'_>) {
    let kind = if instruction.kind == Kind::Unknown { TokenKind::Unknown } else { TokenKind::Keyword };
    leaves.push(Token { kind, span: instruction.keyword });
    leaves.extend(instruction.flags.iter().map(|flag| Token { kind: TokenKind::Flag, span: flag.span }));
    let mut argument = |span| leaves.push(Token { kind: TokenKind::Argument, span });
    instruction.heredocs.iter().for_each(|heredoc| argument(heredoc.marker));
    match &instruction.kind {
        Kind::Add(transfer) | Kind::Copy(transfer) => {
            transfer.sources.iter().chain(&transfer.destination).for_each(|word| argument(word.span));
        }
        Kind::Arg(declarations) => {
            for declaration in declarations {
                let end = declaration.default.as_ref().map_or(declaration.name.span, |default| default.span);
                argument(declaration.name.span.cover(end));
            }
        }
        Kind::Env(pairs) | Kind::Label(pairs) => {
            for pair in pairs {
                if pair.legacy {
                    argument(pair.key.span);
                    argument(pair.value.span);
                } else {
                    argument(pair.span);
                }
            }
        }
        Kind::Expose(words) | Kind::Volume(words) => words.iter().for_each(|word| argument(word.span)),
        Kind::From(from) => {
            argument(from.base.span);
            from.name.iter().for_each(|name| argument(name.span));
            leaves.extend(from.as_keyword.map(|span| Token { kind: TokenKind::Keyword, span }));
        }
        Kind::Cmd(command)
        | Kind::Entrypoint(command)
        | Kind::Healthcheck(Healthcheck::Command(command))
        | Kind::Run(crate::Run { command, .. }) => {
            if let Command::Exec(array) = command {
                add_array(leaves, array);
            }
        }
        Kind::Shell(Some(array)) => add_array(leaves, array),
        Kind::OnBuild(Some(inner)) => add_instruction(leaves, inner),
        Kind::Healthcheck(_)
        | Kind::Maintainer(_)
        | Kind::OnBuild(None)
        | Kind::Shell(None)
        | Kind::StopSignal(_)
        | Kind::User(_)
        | Kind::Workdir(_)
        | Kind::Unknown => {}
    }
}

fn add_array(leaves: &mut Vec<Token>, array: &Array<'_>) {
    leaves.extend(array.items.iter().map(|item| Token { kind: TokenKind::Argument, span: item.span }));
}
