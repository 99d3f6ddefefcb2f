use crate::prelude::*;
use crate::support::managers::APT;
use crate::support::packages::{Call, calls};
use crate::support::prompts::add_flag;

rule! {
    /// ## What it does
    /// Flags `apt-get install` without `--no-install-recommends`.
    ///
    /// ## Why is this bad?
    /// Debian's packages recommend others that most users of a desktop want. `apt-get` installs these too, and an
    /// image often grows to twice its size by packages that nobody asked for, each with bugs of its own.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:12
    /// RUN apt-get update && apt-get install -y curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:12
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl
    /// ```
    ///
    /// ## Fix
    /// Adds `--no-install-recommends`. It is unsafe: a recommended package, such as `ca-certificates`, may be needed.
    ///
    /// ## Notes
    /// `-o APT::Install-Recommends=false` says the same. hadolint and trivy look at `apt-get` alone, not at `apt`;
    /// trivy is content where one of several commands of a `RUN` has the flag.
    category: Size, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3015", "DS-0029"],
    fixable: true,
    check: Script(check),
}

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let installs: Vec<(Cmd<'c>, Call<'c, 'c>)> =
        calls(script, &APT).filter(|(_, call)| call.is(&["install"])).collect();
    let trivy = !installs.iter().any(|(cmd, _)| cmd.is("apt-get") && has_flag(cmd));
    for (cmd, call) in installs.iter().filter(|(cmd, _)| !has_flag(cmd) && !has_setting(cmd) && !is_unused(cmd)) {
        let fix = add_flag(cx, cmd, call.verb, "--no-install-recommends");
        let message = format!("`{} install` without `--no-install-recommends`", cmd.name.text);
        let finding = cx.report(call.place(cmd), message);
        finding.fix(Fix::unsafe_("add `--no-install-recommends`", fix));
        let peers = cmd.is("apt-get");
        finding.only_aliases(|alias| peers && (alias == "DL3015" || trivy && call.is_plain(cmd)));
    }
}

fn has_flag(cmd: &Cmd<'_>) -> bool {
    let without = |arg: &shell::Word<'_>| arg.text == "--no-install-recommends";
    cmd.args().iter().any(without) || cmd.is("aptitude") && APT.short(cmd.args(), 'R') > 0
}

fn has_setting(cmd: &Cmd<'_>) -> bool {
    cmd.args().iter().any(|arg| {
        let text = arg.text.to_ascii_lowercase();
        let value = text.split_once("apt::install-recommends=").map(|(_, value)| value);
        value.is_some_and(|value| matches!(value, "false" | "0" | "no" | "off"))
    })
}

/// Whether nothing is installed: the command only says, or only fetches, what it would install.
fn is_unused(cmd: &Cmd<'_>) -> bool {
    cmd.args().iter().any(|arg| matches!(&*arg.text, "--print-uris" | "--simulate" | "--dry-run"))
}
