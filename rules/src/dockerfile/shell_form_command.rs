use crate::prelude::*;
use crate::support::{json_form, plain_command};
use plimsoll_dockerfile::Logical;

rule! {
    /// ## What it does
    /// Flags `CMD` and `ENTRYPOINT` in shell form.
    ///
    /// ## Why is this bad?
    /// In shell form the program runs below `/bin/sh -c`, which is process 1, gets the signals of `docker stop` and
    /// does not pass them on: the program is killed ten seconds later instead of ending in order. An `ENTRYPOINT` in
    /// shell form also ignores `CMD` and the arguments of `docker run`.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM nginx:1.27
    /// CMD nginx -g "daemon off;"
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM nginx:1.27
    /// CMD ["nginx", "-g", "daemon off;"]
    /// ```
    ///
    /// ## Fix
    /// Writes the command as JSON where it is plain words that need no shell. Unsafe for an `ENTRYPOINT` beside a
    /// `CMD`, and the other way round, since the two then act together, and for scripts, which need a `#!` line then.
    ///
    /// ## Notes
    /// Where `SHELL` is set, the command starts with `exec` or is a list of several, the shell form is deliberate: only
    /// those hear of it who ask for a peer's id. A single command that needs the shell for its variables keeps the shell
    /// form and begins with `exec`, so that the program replaces the shell. hadolint also flags the `CMD` of a
    /// `HEALTHCHECK`, which gets no signals.
    category: Operations, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3025", "JSONArgsRecommended"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let facts = cx.facts;
    let mut holds: Vec<Holds> = Vec::with_capacity(facts.stages().len());
    for stage in facts.stages() {
        let parent = match stage.base {
            Base::Stage(parent) => holds.get(parent).copied().unwrap_or_default(),
            _ => Holds::default(),
        };
        holds.push(Holds {
            cmd: parent.cmd || stage.of(Keyword::Cmd).next().is_some(),
            entrypoint: parent.entrypoint || stage.of(Keyword::Entrypoint).next().is_some(),
        });
    }
    for &at in facts.instructions() {
        let (command, probe) = match &at.instruction.kind {
            Kind::Cmd(command) | Kind::Entrypoint(command) => (command, false),
            Kind::Healthcheck(Healthcheck::Command(command)) => (command, true),
            _ => continue,
        };
        if let Command::Shell(text) = command
            && !text.text.is_empty()
        {
            let holds = at.stage.and_then(|stage| holds.get(stage)).copied().unwrap_or_default();
            report(cx, at, text, probe, holds);
        }
    }
}

/// What a stage and those that it is built from have.
#[derive(Clone, Copy, Default)]
struct Holds {
    cmd: bool,
    entrypoint: bool,
}

fn report<'c>(cx: &mut Cx<'c>, at: At<'c>, text: &Logical<'_>, probe: bool, holds: Holds) {
    let shell = at.shell(cx);
    let exec = text.text.strip_prefix("exec").is_some_and(|rest| rest.starts_with([' ', '\t']));
    let broken_json = json_form::is_meant(&text.text, false);
    let paired = match at.keyword_kind() {
        Keyword::Cmd => holds.entrypoint,
        Keyword::Entrypoint => holds.cmd,
        _ => false,
    };
    let what = if probe { "HEALTHCHECK CMD" } else { at.keyword_kind().name() };
    let words = plain_command::words(&text.text);
    let remedy = if words.is_some() || probe { "" } else { "; begin it with `exec`" };
    let finding = cx.report(first_word(text), format!("`{what}` in shell form{remedy}"));
    finding.only_aliases(|alias| alias != "JSONArgsRecommended" || !probe && shell.set_by.is_none());
    if probe || exec || broken_json || shell.set_by.is_some() || is_list(&text.text) {
        finding.quiet();
    }
    if shell.set_by.is_none()
        && shell.kind == ShellKind::Posix
        && let Some(words) = words
    {
        let span = text.source_span(Span::new(0, text.text.trim_end().len() as u32));
        let edit = Edit::replace(span, json_form::array(words.iter().map(String::as_str)));
        // A shell also runs scripts that do not say by what; without one that fails.
        let script = words.first().is_some_and(|program| program.ends_with(".sh"));
        let fix = if paired || script || at.onbuild { Fix::unsafe_ } else { Fix::safe };
        finding.fix(fix("write the command as JSON".to_owned(), edit));
    }
}

/// Whether the text is more than one command: a list, a pipeline, a loop. Text that does not parse may be one.
fn is_list(text: &str) -> bool {
    shell::parse(text, shell::Dialect::Posix)
        .is_none_or(|script| script.commands.iter().filter(|command| command.subshells == 0).count() > 1)
}

fn first_word(text: &Logical<'_>) -> Span {
    let end = text.text.find([' ', '\t', '\n']).unwrap_or(text.text.len());
    text.source_span(Span::new(0, end as u32))
}
