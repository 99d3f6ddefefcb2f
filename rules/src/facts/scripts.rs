use super::{Facts, ShellKind};
use crate::cx::At;
use plimsoll_base::Span;
use plimsoll_dockerfile::{Array, Command, Kind, Logical};
use plimsoll_shell as shell;
use std::borrow::Cow;

/// A text that a `RUN` gives to a shell, or the words of an exec-form `RUN`, as commands.
pub(crate) struct RunScript<'c> {
    /// The `RUN`.
    pub(crate) at: At<'c>,
    /// The shell that runs it.
    pub(crate) shell: ShellKind,
    /// The text, with the way back to the Dockerfile; absent for the words of an exec form.
    pub(crate) text: Option<&'c Logical<'c>>,
    /// Whether the text is a heredoc's body.
    pub(crate) heredoc: bool,
    /// The commands; absent where the text does not parse or is not for a Bourne shell.
    pub(crate) parsed: Option<shell::Script<'c>>,
    /// Added to offsets where `text` is absent.
    offset: u32,
}

impl<'c> RunScript<'c> {
    /// The commands in their order; none where the text does not parse.
    pub(crate) fn commands(&self) -> &[shell::Command<'c>] {
        self.parsed.as_ref().map_or(&[], |script| &script.commands)
    }

    /// The pipelines of two or more commands.
    pub(crate) fn pipelines(&self) -> &[shell::Pipeline] {
        self.parsed.as_ref().map_or(&[], |script| &script.pipelines)
    }

    /// Where a span of the text stands in the Dockerfile.
    pub(crate) fn place(&self, span: Span) -> Span {
        match self.text {
            Some(text) => text.source_span(span),
            None => Span::new(span.start + self.offset, span.end + self.offset),
        }
    }
}

pub(super) fn find<'c>(facts: &Facts<'c>) -> Vec<RunScript<'c>> {
    let mut scripts = Vec::new();
    for &at in facts.instructions() {
        let Kind::Run(run) = &at.instruction.kind else { continue };
        match (&run.command, &run.script) {
            (Command::Exec(array), _) => exec_form(at, array, &mut scripts),
            (Command::Shell(_), Some(script)) => {
                let shell = match &script.shebang {
                    Some(line) => ShellKind::of(interpreter(&line.text)),
                    None => facts.shell(at.index).kind,
                };
                let parsed = if shell.is_bourne() { shell::parse(&script.text.text, dialect(shell)) } else { None };
                let text = Some(&script.text);
                scripts.push(RunScript { at, shell, text, heredoc: script.heredoc, parsed, offset: 0 });
            }
            (Command::Shell(_), None) => {}
        }
    }
    scripts
}

/// The words of an exec form are one command; behind `sh -c` a text stands besides it.
fn exec_form<'c>(at: At<'c>, array: &'c Array<'c>, scripts: &mut Vec<RunScript<'c>>) {
    let mut words = array.items.iter().map(|item| shell::Word {
        span: item.span,
        text: Cow::Borrowed(&*item.text),
        quoted: true,
        expands: false,
    });
    let Some(name) = words.next() else { return };
    let kind = ShellKind::of(&name.text);
    let command = shell::Command {
        span: Span::new(name.span.start, array.items.last().map_or(name.span.end, |item| item.span.end)),
        name,
        args: words.collect(),
        assignments: Vec::new(),
        redirects: Vec::new(),
        pipeline: None,
        subshells: 0,
        conditional: 0,
        list: 0,
        operator: shell::Operator::First,
        wrapper: None,
    };
    let inner = (kind.is_bourne() && array.items.len() >= 3)
        .then(|| array.items.iter().position(|item| item.text.starts_with('-') && item.text.ends_with('c')))
        .flatten()
        .and_then(|flag| array.items.get(flag + 1));
    let parsed = Some(shell::Script { commands: vec![command], pipelines: Vec::new() });
    scripts.push(RunScript { at, shell: kind, text: None, heredoc: false, parsed, offset: 0 });
    // The text's offsets are true only where JSON escapes do not shift them.
    if let Some(text) = inner
        && text.span.len() as usize == text.text.len() + 2
    {
        let parsed = shell::parse(&text.text, dialect(kind));
        scripts.push(RunScript { at, shell: kind, text: None, heredoc: false, parsed, offset: text.span.start + 1 });
    }
}

/// The program that a `#!` line runs: behind `env`, its first argument that is no flag or assignment.
fn interpreter(line: &str) -> &str {
    let mut words = line.split_whitespace();
    let program = words.next().unwrap_or("");
    if program.rsplit('/').next() == Some("env") {
        return words.find(|word| !word.starts_with('-') && !word.contains('=')).unwrap_or("");
    }
    program
}

fn dialect(shell: ShellKind) -> shell::Dialect {
    match shell {
        ShellKind::Bash => shell::Dialect::Bash,
        ShellKind::Zsh => shell::Dialect::Zsh,
        ShellKind::Ksh => shell::Dialect::Ksh,
        _ => shell::Dialect::Posix,
    }
}
