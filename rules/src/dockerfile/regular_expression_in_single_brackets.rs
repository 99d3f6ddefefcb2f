use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `=~` in `[ ]` and `test`, and in `[[ ]]` of `sh`.
    ///
    /// ## Why is this bad?
    /// `[` knows no regular expressions: it fails with an error, which an `if` takes for false. `[[ ]]` of Bash has them; `grep -q`
    /// and `case` do in every shell.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN if [ "$(uname -m)" =~ ^arm ]; then echo arm; fi
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN case "$(uname -m)" in arm*) echo arm ;; esac
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["SC2074", "SC3015"],
    fixable: false,
    check: ShellCommand(["[", "[[", "test"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    use shell::Dialect::{Ash, Dash, Posix};
    let Some(operator) = cmd.args().iter().skip(1).find(|word| word.text == "=~") else { return };
    let in_sh = matches!(cmd.script.dialect, Posix | Dash | Ash);
    let double = cmd.is("[[");
    if double && !in_sh || cmd.wrapper.is_some() || cmd.script.text.is_none() {
        return;
    }
    let plain = !cmd.is("test") || cmd.args().len() == 3;
    let code = match in_sh {
        true if plain => "SC3015",
        false if cmd.is("[") => "SC2074",
        _ => "",
    };
    let message = if double {
        "`=~` is none of `sh`".to_owned()
    } else {
        format!("`{}` knows no regular expressions", cmd.name.text)
    };
    let finding = cx.report(cmd.place(operator), message);
    finding.only_aliases(|alias| alias == code);
    if double {
        // That `sh` has no `[[` is said elsewhere; shells that have it have `=~` too.
        finding.quiet();
    }
}
