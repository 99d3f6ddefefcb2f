use crate::prelude::*;
use crate::support::commands::is_and_part;

rule! {
    /// ## What it does
    /// Flags `sudo` in `RUN`.
    ///
    /// ## Why is this bad?
    /// `RUN` runs as root until a `USER` says otherwise, so `sudo` adds nothing but another setuid program that an
    /// attacker in the container can use. It also runs the command in a process of its own with another environment,
    /// and where it asks for a password the build hangs or fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN sudo apt-get update && sudo apt-get install --yes curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN apt-get update && apt-get install --yes curl
    /// ```
    /// Behind a `USER`, switch to root for the commands that need it: `USER root`, `RUN …`, `USER app`. To step down
    /// from root when the container starts, use `gosu`, `su-exec` or `setpriv` in the entrypoint: they replace
    /// themselves with the program, so that it gets the signals, and are not setuid.
    ///
    /// ## Fix
    /// `--fix-unsafe` takes `sudo` away where no flag and no assignment stands behind it and no `USER` but
    /// root stands before it. An image whose own user is not root still needs `USER root` then.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["DL3004", "DS-0010", "CKV2_DOCKER_1", "DKL-DI-0001"],
    fixable: true,
    check: Command(["sudo"], check),
}

fn check<'c>(cx: &mut Cx<'c>, cmd: Cmd<'c>) {
    let place = cmd.name_place();
    let fix = removal(cx, cmd);
    let finding = cx.report(place, "`sudo` used; change `USER` for the build, use `gosu` at run time");
    if !is_and_part(cmd) || cmd.at().onbuild {
        finding.without_aliases(&["DS-0010"]);
    }
    if let Some(edit) = fix {
        finding.fix(Fix::unsafe_("remove `sudo`", edit));
    }
}

/// Takes the name away, and the blanks behind it.
fn removal<'c>(cx: &Cx<'c>, cmd: Cmd<'c>) -> Option<Edit> {
    let first = cmd.args().first().filter(|arg| !arg.text.starts_with('-') && !arg.text.contains('='))?;
    let at = cmd.at();
    cmd.script.text?;
    let is_root = |user: &Instruction<'_>| match &user.kind {
        Kind::User(user) => matches!(user.unquoted().split(':').next(), Some("root" | "0")),
        _ => false,
    };
    let here = at.instruction.span.start;
    let user =
        cx.facts.lineage(at.stage?).find_map(|stage| stage.of(Keyword::User).rfind(|user| user.span.start < here));
    // The user of the base image is not known here; mostly it is root.
    (user.is_none_or(is_root) && !at.onbuild)
        .then(|| Edit::delete(Span::new(cmd.name_place().start, cmd.place(first).start)))
}
