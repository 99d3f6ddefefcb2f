use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `2>&1` before the redirection of the output to a file: `command 2>&1 > file`.
    ///
    /// ## Why is this bad?
    /// Redirections are made from left to right: errors go where the output went up to then, mostly to the screen, and only
    /// the output goes to the file.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN make install 2>&1 > /var/log/install.log
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN make install > /var/log/install.log 2>&1
    /// ```
    ///
    /// ## Notes
    /// Before a pipe (`command 2>&1 > file | grep x`) and in `$(...)` the order is the usual way to get the errors alone:
    /// nothing is said there.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["SC2069"],
    fixable: false,
    check: ShellCommand([], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let ([errors, output], Some(text)) = (cmd.redirects.as_slice(), cmd.script.text) else { return };
    let goes_to_file = {
        let operator = output.span.text(&text.text).trim_start_matches(|c: char| c.is_ascii_digit() || c == '&');
        let file = operator.strip_prefix('>').map(|rest| rest.strip_prefix('>').unwrap_or(rest));
        file.is_some_and(|file| !file.starts_with(['|', '&', '(']))
    };
    // What reads the output, behind a pipe or around a substitution, is meant to get the errors alone.
    if errors.span.text(&text.text) == "2>&1" && goes_to_file && cmd.subshells == 0 && !is_piped(cmd) {
        let message = "`2>&1` before the output is redirected: errors do not go to the file";
        let finding = cx.report(cmd.script.place(errors.span), message);
        // Whoever swaps the two may mean it.
        if output.target.text.starts_with("/dev/std") {
            finding.quiet();
        }
    }
}

fn is_piped(cmd: Cmd<'_>) -> bool {
    let Some((pipeline, part)) = cmd.pipeline else { return false };
    cmd.later()
        .iter()
        .take(Cmd::NEAR)
        .any(|other| other.pipeline.is_some_and(|(same, later)| same == pipeline && later > part))
}
