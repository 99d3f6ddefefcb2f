use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `ps | grep`.
    ///
    /// ## Why is this bad?
    /// `grep` finds itself among the processes, and words of other columns. `pgrep` looks at names only.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN ps aux | grep nginx
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN pgrep nginx
    /// ```
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["SC2009"],
    fixable: false,
    check: ShellCommand(["ps"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let names_process = cmd.short('p').or_else(|| cmd.long("pid")).is_some();
    let is_read = cmd.next_in_pipe().is_some_and(|next| next.is("grep"));
    if is_read && !names_process && cmd.wrapper.is_none() {
        cx.report(cmd.name_place(), "`ps | grep` in place of `pgrep`");
    }
}
