use crate::prelude::*;
use crate::support::commands::line_break;
use plimsoll_shell::Operator;
use std::collections::HashMap;

rule! {
    /// ## What it does
    /// Flags heredocs of `RUN` with several commands whose shell does not stop where one of them fails.
    ///
    /// ## Why is this bad?
    /// The shell runs the lines of a heredoc one after another, and the last one alone decides whether the `RUN`
    /// failed. Where a command before it fails, the build goes on and gives an image that lacks something. It is not
    /// like `&&` between the commands, which such lines often replace.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.22
    /// RUN <<EOF
    /// apk add --no-cache git
    /// adduser -D app
    /// EOF
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.22
    /// RUN <<EOF
    /// set -e
    /// apk add --no-cache git
    /// adduser -D app
    /// EOF
    /// ```
    /// `set -o errexit`, an interpreter line `#!/bin/sh -e`, and `SHELL ["/bin/sh", "-ec"]` do the same.
    ///
    /// ## Fix
    /// `--fix-unsafe` begins the heredoc with `set -e`: the build then fails where a failure passed before.
    ///
    /// ## Notes
    /// Commands that do not fail, such as `echo` and `export`, and those with `||` behind them are left alone, as are
    /// scripts that set `errexit` on or off somewhere, look at `$?` or trap errors themselves.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: true,
    check: Script(check),
}

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    if !script.heredoc || !script.shell.is_bourne() || is_set_outside(cx, script) {
        return;
    }
    let lost = lost(script.commands());
    let Some((first, others)) = lost.split_first() else { return };
    let fix = begin_with_set(cx, script);
    let (place, shown) = subject(first);
    let message = format!("failure of {shown} is lost without `set -e` before it");
    let finding = cx.report(script.place(place), message);
    for other in others {
        let (place, shown) = subject(other);
        finding.related(script.place(place), format!("so is that of {shown}"));
    }
    if let Some(fix) = fix {
        finding.fix(fix);
    }
}

/// Where the words stand that a finding is about, and how it calls them.
fn subject(command: &shell::Command<'_>) -> (Span, String) {
    match command.assignments.first() {
        Some(assignment) if command.name.text.is_empty() => {
            (assignment.span, format!("the substitution in `{}`", assignment.name))
        }
        _ => (command.name.span, format!("`{}`", command.name.text)),
    }
}

/// Whether the interpreter line sets `errexit`, or `SHELL` where there is none.
fn is_set_outside<'c>(cx: &Cx<'c>, script: &RunScript<'c>) -> bool {
    let Kind::Run(run) = &script.at.instruction.kind else { return true };
    if let Some(line) = run.script.as_ref().and_then(|script| script.shebang.as_ref()) {
        return sets_errexit(line.text.split_whitespace().skip(1));
    }
    let items = script.at.shell(cx).set_by.map_or(&[][..], |array| &array.items);
    sets_errexit(items.iter().skip(1).map(|item| &*item.text))
}

/// Whether the flags of a shell or of `set` speak of `errexit`: `-e`, `+e`, also in a cluster such as `-euo`, or
/// `-o errexit`.
fn sets_errexit<'w>(mut words: impl Iterator<Item = &'w str>) -> bool {
    words.any(|word| {
        let cluster = word.strip_prefix(['-', '+']).filter(|rest| !rest.starts_with('-'));
        word == "errexit" || cluster.is_some_and(|letters| letters.contains('e'))
    })
}

/// Commands whose failure nothing sees: others follow, and no `errexit` is in force. One for each `&&` chain.
fn lost<'s, 'c>(commands: &'s [shell::Command<'c>]) -> Vec<&'s shell::Command<'c>> {
    let mut lost = Vec::new();
    // For each list the chain that has not ended yet.
    let mut chains: HashMap<u32, Chain<'s, 'c>> = HashMap::new();
    for command in commands {
        if handles_failures(command) {
            return Vec::new();
        }
        // What a substitution runs says nothing of the command around it; a wrapper stands for what it runs.
        if command.subshells > 0 || command.wrapper.is_some() {
            continue;
        }
        let chain = chains.entry(command.list).or_default();
        let continues = chain.pipeline.is_some() && chain.pipeline == command.pipeline.map(|(pipeline, _)| pipeline);
        if !continues {
            match command.operator {
                Operator::And => {}
                Operator::Or => chain.handled = true,
                operator => {
                    if operator == Operator::Then && !chain.handled {
                        lost.extend(chain.may_fail);
                    }
                    *chain = Chain::default();
                }
            }
        }
        if sets_or_unsets(command) {
            return lost;
        }
        chain.pipeline = command.pipeline.map(|(pipeline, _)| pipeline);
        if !is_harmless(command) {
            chain.may_fail.get_or_insert(command);
        }
    }
    lost
}

/// Commands joined by `&&` and `||`.
#[derive(Default)]
struct Chain<'s, 'c> {
    /// The first command that may fail.
    may_fail: Option<&'s shell::Command<'c>>,
    /// Whether `||` says what follows a failure.
    handled: bool,
    /// The pipeline of the last command.
    pipeline: Option<u32>,
}

/// Whether the command says for what follows whether failures end it: `set -e`, `set +e`, `setopt ERR_EXIT`.
fn sets_or_unsets(command: &shell::Command<'_>) -> bool {
    match &*command.name.text {
        "set" => sets_errexit(command.args.iter().map(|arg| &*arg.text)),
        "setopt" => command.args.iter().any(|arg| arg.text.to_ascii_lowercase().replace('_', "") == "errexit"),
        _ => false,
    }
}

/// Whether the command shows that the script looks at failures itself: `trap … ERR`, `$?`.
fn handles_failures(command: &shell::Command<'_>) -> bool {
    let mut words = command.args.iter().chain(command.assignments.iter().map(|assignment| &assignment.value));
    command.is("trap") && command.args.iter().any(|arg| matches!(&*arg.text, "ERR" | "EXIT" | "0"))
        || words.any(|word| word.expands && word.text.contains("$?"))
}

/// Whether a failure of the command would not matter, or does not happen.
fn is_harmless(command: &shell::Command<'_>) -> bool {
    let substitutes = |word: &shell::Word<'_>| word.expands && word.text.contains(['(', '`']);
    match &*command.name.text {
        // Assignments fail where what they substitute does.
        "" => !command.assignments.iter().any(|assignment| substitutes(&assignment.value)),
        "[" | "[[" | ":" | "alias" | "declare" | "echo" | "exit" | "export" | "local" | "printf" | "pwd" | "read"
        | "readonly" | "return" | "set" | "shift" | "shopt" | "sleep" | "test" | "true" | "false" | "type"
        | "typeset" | "umask" | "unset" | "wait" | "which" | "env" | "ls" | "date" | "uname" | "id" | "whoami" => {
            command.redirects.iter().all(|redirect| !redirect.writes)
        }
        _ => false,
    }
}

fn begin_with_set(cx: &Cx<'_>, script: &RunScript<'_>) -> Option<Fix> {
    let source = cx.file.source;
    let body = script.at.instruction.heredocs.first()?.body;
    let text = body.text(source);
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let shebang = first.trim_start().starts_with("#!");
    let offset = if shebang { first.len() } else { 0 };
    let line = if shebang { lines.next()? } else { first };
    let indent = &line[..line.len() - line.trim_start().len()];
    let indent = indent.trim_end_matches(['\r', '\n']);
    let edit = Edit::insert(body.start + offset as u32, format!("{indent}set -e{}", line_break(source)));
    Some(Fix::unsafe_("begin with `set -e`", edit))
}
