use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `find | xargs` that hands on names as lines.
    ///
    /// ## Why is this bad?
    /// `xargs` splits what it reads at blanks and takes quotes for its own: names with either come out as other names. `find`
    /// ends each name with a zero byte under `-print0`, which `xargs -0` reads, or runs the command by itself.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN find /srv -name '*.pyc' | xargs rm
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN find /srv -name '*.pyc' -exec rm {} +
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["SC2038"],
    fixable: false,
    check: ShellCommand(["find"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(reader) = cmd.next_in_pipe().filter(|next| next.is("xargs")) else { return };
    let says_how = |arg: &shell::Word<'_>| {
        let Some(flag) = arg.text.strip_prefix('-') else { return false };
        !flag.starts_with('-') && flag.contains('0') || matches!(flag.trim_start_matches('-'), "null" | "printf")
    };
    if cmd.wrapper.is_none() && !cmd.args().iter().chain(&reader.args).any(says_how) {
        cx.report(cmd.name_place(), "`find | xargs` splits names that hold blanks or quotes");
    }
}
