use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `cp` and `mv` with a single file.
    ///
    /// ## Why is this bad?
    /// The destination is missing: the command fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN cp -r /srv/app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN cp -r /srv/app /opt/app
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["SC2224", "SC2225"],
    fixable: false,
    check: ShellCommand(["cp", "mv"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let mut operands = cmd.operands();
    let (Some(_), None) = (operands.next(), operands.next()) else { return };
    // An expansion or a pattern may become several words, and what stands behind `xargs` or `find -exec` gets more.
    let may_be_many = |word: &shell::Word<'_>| {
        let list = word.text.contains("$@") || word.text.contains("[@]");
        list || !word.quoted && (word.expands || word.text.contains(['*', '?', '[', '{']))
    };
    let has_target = cmd.short('t').is_some() || cmd.long("target-directory").is_some();
    let asks = ["help", "version"].iter().any(|name| cmd.long(name).is_some());
    if cmd.args().iter().any(may_be_many) || has_target || asks || cmd.wrapper.is_some() {
        return;
    }
    let code = if cmd.is("mv") { "SC2224" } else { "SC2225" };
    cx.report(cmd.name_place(), format!("`{}` without a destination", cmd.name.text))
        .only_aliases(|alias| alias == code);
}
