use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags redirections with no command: `> file`.
    ///
    /// ## Why is this bad?
    /// Most often the command is missing, or stands behind a line break or a `;` that should not be there. Where the file is to
    /// be made or emptied, `:` or `true` before it says so. As a part of a pipe it neither reads nor writes.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN > /srv/state
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN : > /srv/state
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["SC2188", "SC2189"],
    fixable: false,
    check: ShellCommand([], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(text) = cmd.script.text else { return };
    if !cmd.name.span.is_empty() || !cmd.assignments.is_empty() || !cmd.args().is_empty() {
        return;
    }
    let (before, after) = (text.text.get(..cmd.span.start as usize), text.text.get(cmd.span.end as usize..));
    let (before, after) = (before.unwrap_or_default().trim_end(), after.unwrap_or_default().trim_start());
    // `$(< file)` reads the file.
    if before.ends_with("$(") && after.starts_with(')') || before.ends_with('`') && after.starts_with('`') {
        return;
    }
    let in_pipe = cmd.pipeline.is_some_and(|(pipeline, part)| {
        let beside =
            |other: &shell::Command<'_>| other.pipeline.is_some_and(|(same, at)| same == pipeline && at != part);
        let from = cmd.index.saturating_sub(Cmd::NEAR);
        let near = cmd.script.commands().iter().skip(from).take(2 * Cmd::NEAR);
        near.into_iter().any(|other| other.list == cmd.list && beside(other))
    });
    let (code, message) = if in_pipe {
        ("SC2189", "a part of a pipe that is only a redirection")
    } else {
        ("SC2188", "redirection without a command")
    };
    cx.report(cmd.script.place(cmd.span), message).only_aliases(|alias| alias == code);
}
