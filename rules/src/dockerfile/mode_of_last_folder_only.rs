use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `mkdir -p` with `-m` for a path of several folders.
    ///
    /// ## Why is this bad?
    /// The mode holds for the last folder only. Those above it that `-p` makes get the default, which is mostly readable for
    /// everybody.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN mkdir -p -m 700 /srv/keys/private
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN mkdir -m 700 /srv/keys && mkdir -m 700 /srv/keys/private
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["SC2174"],
    fixable: false,
    check: ShellCommand(["mkdir", "/bin/mkdir", "/usr/bin/mkdir"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let makes_parents = cmd.short('p').or_else(|| cmd.long("parents")).is_some();
    let Some(mode) = cmd.short('m').or_else(|| cmd.long("mode")).filter(|_| makes_parents) else { return };
    if cmd.wrapper.is_none() && cmd.operands().any(may_have_parents) {
        cx.report(cmd.place(mode), "`-m` sets the mode of the last folder, not of those that `-p` makes above it");
    }
}

/// Whether `-p` may have to make folders above it: `../a` and `/a` have their parents.
fn may_have_parents(word: &shell::Word<'_>) -> bool {
    let mut path = &*word.text;
    while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix("../")) {
        path = rest;
    }
    let path = path.strip_prefix('/').unwrap_or(path);
    word.expands || !word.quoted && path.contains(['*', '?', '[']) || path.trim_end_matches('/').contains('/')
}
