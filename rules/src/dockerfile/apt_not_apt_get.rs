use crate::prelude::*;
use crate::support::managers::APT;

rule! {
    /// ## What it does
    /// Flags `apt` in a `RUN`.
    ///
    /// ## Why is this bad?
    /// `apt` is made for people at a terminal: its manual says that its behaviour and output may change between
    /// versions, and it warns about that whenever its output is not a terminal. `apt-get` and `apt-cache` keep theirs.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:12
    /// RUN apt update
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:12
    /// RUN apt-get update
    /// ```
    ///
    /// ## Fix
    /// Writes `apt-get` where it knows the subcommand and means the same by it. `apt upgrade` has no fix: unlike
    /// `apt-get upgrade`, it installs new packages.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3027", "CKV_DOCKER_9"],
    fixable: true,
    check: Command(["apt"], check),
}

/// The subcommands that mean the same to both.
const SAME: &[&str] = &[
    "autoclean",
    "autoremove",
    "build-dep",
    "changelog",
    "clean",
    "download",
    "install",
    "purge",
    "remove",
    "satisfy",
    "source",
    "update",
];

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let name = cmd.name_place();
    let same = APT.call(cmd.args()).is_some_and(|call| call.is(SAME));
    // In exec form the name stands in quotes.
    let word = cx.text(name);
    let replacement = word.replacen("apt", "apt-get", 1);
    let fix = (same && matches!(word, "apt" | "\"apt\"" | "'apt'")).then(|| Edit::replace(name, replacement));
    let finding = cx.report(name, "`apt` has no stable interface; use `apt-get` or `apt-cache`");
    if let Some(edit) = fix {
        finding.fix(Fix::safe("use `apt-get`", edit));
    }
}
