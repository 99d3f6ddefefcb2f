use super::{Facts, Shell, ShellKind};
use crate::cx::At;
use plimsoll_base::Span;
use plimsoll_dockerfile::{Array, Command, Healthcheck, Kind, Logical};
use plimsoll_shell as shell;
use std::borrow::Cow;

/// A text that an instruction gives to a shell, or the words of an exec-form `RUN`, as commands.
pub(crate) struct RunScript<'c> {
    /// The instruction.
    pub(crate) at: At<'c>,
    /// The shell that runs it.
    pub(crate) shell: ShellKind,
    /// The dialect that the shell's name tells.
    pub(crate) dialect: shell::Dialect,
    /// The dialect of the shell, `sh` being what it is in the base image, as far as the image's name tells.
    pub(crate) actual: shell::Dialect,
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

    /// Whether it is the text behind `sh -c` in an exec form.
    pub(crate) fn is_inner(&self) -> bool {
        self.text.is_none() && self.offset > 0
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
                    Some(line) => Shell { sh: facts.shell(at.index).sh, ..Shell::named(interpreter(&line.text)) },
                    None => facts.shell(at.index),
                };
                scripts.push(RunScript { heredoc: script.heredoc, ..shell_form(at, shell, &script.text) });
            }
            (Command::Shell(_), None) => {}
        }
    }
    scripts
}

/// The texts that `CMD`, `ENTRYPOINT` and `HEALTHCHECK` give to a shell.
pub(super) fn find_run_time<'c>(facts: &Facts<'c>) -> Vec<RunScript<'c>> {
    let text = |at: At<'c>| match &at.instruction.kind {
        Kind::Cmd(Command::Shell(text))
        | Kind::Entrypoint(Command::Shell(text))
        | Kind::Healthcheck(Healthcheck::Command(Command::Shell(text))) => Some(text),
        _ => None,
    };
    let script = |at: At<'c>| text(at).map(|text| shell_form(at, facts.shell(at.index), text));
    facts.instructions().iter().copied().filter_map(script).collect()
}

/// The commands of `CMD`, `ENTRYPOINT` and `HEALTHCHECK` that are lists of words.
pub(super) fn find_run_time_lists<'c>(facts: &Facts<'c>) -> Vec<RunScript<'c>> {
    let mut scripts = Vec::new();
    for &at in facts.instructions() {
        if let Kind::Cmd(Command::Exec(list))
        | Kind::Entrypoint(Command::Exec(list))
        | Kind::Healthcheck(Healthcheck::Command(Command::Exec(list))) = &at.instruction.kind
        {
            exec_form(at, list, &mut scripts);
        }
    }
    scripts
}

fn shell_form<'c>(at: At<'c>, shell: Shell<'c>, text: &'c Logical<'c>) -> RunScript<'c> {
    let Shell { kind, dialect, sh, .. } = shell;
    RunScript {
        at,
        shell: kind,
        dialect,
        actual: if dialect == shell::Dialect::Posix { sh } else { dialect },
        text: Some(text),
        heredoc: false,
        parsed: if kind.is_bourne() { shell::parse(&text.text, dialect) } else { None },
        offset: 0,
    }
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
    let dialect = shell::Dialect::of(&name.text).unwrap_or_default();
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
    let words = RunScript { at, shell: kind, dialect, actual: dialect, text: None, heredoc: false, parsed, offset: 0 };
    scripts.push(words);
    // The text's offsets are true only where JSON escapes do not shift them.
    if let Some(text) = inner
        && text.span.len() as usize == text.text.len() + 2
    {
        let parsed = shell::parse(&text.text, dialect);
        let offset = text.span.start + 1;
        scripts.push(RunScript {
            at,
            shell: kind,
            dialect,
            actual: dialect,
            text: None,
            heredoc: false,
            parsed,
            offset,
        });
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
