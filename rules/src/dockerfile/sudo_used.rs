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
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let mut root = None;
    for script in cx.facts.scripts() {
        for (index, command) in script.commands().iter().enumerate().filter(|(_, command)| command.is("sudo")) {
            let cmd = Cmd { script, index, command };
            let at = script.at;
            let root = root.get_or_insert_with(|| runs_as_root(cx));
            let root = root.get(at.index).is_some_and(|root| *root) && !at.onbuild;
            let removal = removal(cmd).filter(|_| root);
            let finding =
                cx.report(cmd.name_place(), "`sudo` used; change `USER` for the build, use `gosu` at run time");
            if !is_and_part(cmd) {
                finding.without_aliases(&["DS-0010"]);
            }
            if let Some(edit) = removal {
                finding.fix(Fix::unsafe_("remove `sudo`", edit));
            }
        }
    }
}

/// For each instruction whether no `USER` but root stands before it, in the stage or in those that it is built from.
/// The user of the base image is not known here; mostly it is root.
fn runs_as_root(cx: &Cx<'_>) -> Vec<bool> {
    let mut roots = vec![true; cx.file.instructions.len()];
    let mut at_end: Vec<bool> = Vec::new();
    for stage in cx.facts.stages() {
        let mut root = match stage.base {
            Base::Stage(parent) => at_end.get(parent).is_none_or(|root| *root),
            _ => true,
        };
        for (slot, instruction) in roots.iter_mut().skip(stage.stage.instructions.start).zip(stage.instructions) {
            if let Kind::User(user) = &instruction.kind {
                root = matches!(user.unquoted().split(':').next(), Some("root" | "0"));
            }
            *slot = root;
        }
        at_end.push(root);
    }
    roots
}

/// Takes the name away, and the blanks behind it.
fn removal(cmd: Cmd<'_>) -> Option<Edit> {
    cmd.script.text?;
    let first = cmd.args().first().filter(|arg| !arg.text.starts_with('-') && !arg.text.contains('='))?;
    Some(Edit::delete(Span::new(cmd.name_place().start, cmd.place(first).start)))
}
