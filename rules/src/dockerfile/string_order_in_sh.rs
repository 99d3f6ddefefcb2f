use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `\<` and `\>` in `[ ]` of `sh`.
    ///
    /// ## Why is this bad?
    /// They compare strings by their order in dash, busybox and Bash, but POSIX did not know them before 2024, so other shells may
    /// refuse them.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN test -e /a && if [ "$(uname -r)" \> 5 ]; then echo new; fi
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN if [ "$(uname -r | cut -d. -f1)" -gt 5 ]; then echo new; fi
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["SC3012"],
    fixable: false,
    check: ShellCommand(["[", "test"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    if cmd.script.dialect != shell::Dialect::Posix || cmd.script.text.is_none() || cmd.wrapper.is_some() {
        return;
    }
    let is_order = |word: &shell::Word<'_>| matches!(&*word.text, "<" | ">" | "<=" | ">=");
    for operands in cmd.args().windows(3) {
        let [_, operator, right] = operands else { continue };
        if is_order(operator) && right.text != "]" && (cmd.is("[") || cmd.args().len() == 3) {
            let message = format!("`{}` compares strings in `[ ]` of some shells only", operator.text);
            cx.report(cmd.place(operator), message).quiet();
        }
    }
}
