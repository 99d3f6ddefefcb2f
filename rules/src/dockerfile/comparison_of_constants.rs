use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `[ ]` and `[[ ]]` that compare two constant words.
    ///
    /// ## Why is this bad?
    /// The answer is always the same. Mostly the `$` of a variable is missing.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// ARG TARGETARCH
    /// RUN if [ "TARGETARCH" = "amd64" ]; then echo 64; fi
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// ARG TARGETARCH
    /// RUN if [ "$TARGETARCH" = "amd64" ]; then echo 64; fi
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["SC2050"],
    fixable: false,
    check: ShellCommand(["[", "[["], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some((_, words)) = cmd.args().split_last() else { return };
    if cmd.wrapper.is_some() || cmd.script.text.is_none() {
        return;
    }
    let double = cmd.is("[[");
    let joins = |word: &shell::Word<'_>| {
        let joins = if double {
            matches!(&*word.text, "&&" | "||" | "(" | ")" | "!")
        } else {
            matches!(&*word.text, "-a" | "-o" | "(" | ")" | "!")
        };
        joins && !word.quoted
    };
    for comparison in words.split(joins) {
        let [left, operator, right] = comparison else { continue };
        if compares(operator, double) && is_constant(left) && is_constant(right) {
            cx.report(
                cmd.place(operator),
                format!("`{} {} {}` is always the same", left.text, operator.text, right.text),
            );
        }
    }
}

/// In `[[ ]]` the words beside `-eq` and its like are arithmetic, in which names stand for values.
fn compares(operator: &shell::Word<'_>, double: bool) -> bool {
    match &*operator.text {
        "=" | "==" | "!=" | "<" | ">" => true,
        "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => !double,
        "=~" => double,
        _ => false,
    }
}

fn is_constant(word: &shell::Word<'_>) -> bool {
    let pattern = !word.quoted && word.text.contains(['*', '?', '[', '{', '(']);
    !word.expands && !pattern && !word.text.starts_with(['-', '~'])
}
