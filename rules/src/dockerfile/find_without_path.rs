use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `find` that does not say where to look.
    ///
    /// ## Why is this bad?
    /// GNU's and busybox's `find` then look in the current folder, others fail. Which folder that is depends on
    /// `WORKDIR` and on every `cd` before.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN cd /srv && find -name '*.pyc' -delete
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN find /srv -name '*.pyc' -delete
    /// ```
    ///
    /// ## Fix
    /// `--fix` adds `.`, the current folder.
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["SC2185"],
    fixable: true,
    check: ShellCommand(["find", "/usr/bin/find"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let is_leading = |arg: &&shell::Word<'_>| {
        let text = &*arg.text;
        text.starts_with('-') && (text.len() <= 2 || text.starts_with("-O") || text.starts_with("-D"))
    };
    let leading = cmd.args().iter().take_while(is_leading).count();
    if cmd.args().get(leading).is_some_and(|arg| !arg.text.starts_with('-')) {
        return;
    }
    let last = leading.checked_sub(1).and_then(|last| cmd.args().get(last)).unwrap_or(&cmd.name);
    let (name, end) = (cmd.name_place(), cmd.place(last).end);
    let mends = cmd.script.text.is_some();
    let finding = cx.report(name, "`find` does not say where to look");
    if cmd.wrapper.is_some() {
        finding.without_aliases(&["SC2185"]);
    }
    if mends {
        finding.fix(Fix::safe("look in the current folder", Edit::insert(end, " .")));
    }
}
