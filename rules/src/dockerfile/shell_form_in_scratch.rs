use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `RUN`, `CMD` and `ENTRYPOINT` in shell form in a stage from `scratch` that has no shell.
    ///
    /// ## Why is this bad?
    /// The shell form runs `/bin/sh`, which is not there: the build fails, or the container does not start.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM scratch
    /// COPY app /app
    /// ENTRYPOINT /app --verbose
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM scratch
    /// COPY app /app
    /// ENTRYPOINT ["/app", "--verbose"]
    /// ```
    ///
    /// ## Notes
    /// Nothing is said once something was copied into `/` or `/bin`, which may bring a shell. `SHELL`, and mounts of
    /// `RUN`, silence it too.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    // For each stage, whether a shell may be in it at its end.
    let mut shells: Vec<bool> = Vec::new();
    for stage in cx.facts.stages() {
        let mut shell = match stage.base {
            Base::Scratch => false,
            Base::Stage(parent) => shells.get(parent).copied().unwrap_or(true),
            Base::Image(_) | Base::Unresolved => true,
        };
        for instruction in stage.instructions {
            let command = match &instruction.kind {
                Kind::Copy(transfer) | Kind::Add(transfer) => {
                    shell |= may_bring_shell(transfer);
                    continue;
                }
                Kind::Shell(_) => {
                    shell = true;
                    continue;
                }
                Kind::Run(run) if run.mounts.is_empty() => &run.command,
                Kind::Cmd(command) | Kind::Entrypoint(command) => command,
                _ => continue,
            };
            if let (false, Command::Shell(text)) = (shell, command)
                && !text.text.trim().is_empty()
            {
                let name = instruction.keyword_kind().name();
                cx.report(instruction.keyword, format!("`{name}` needs a shell, and the stage has none"));
            }
        }
        shells.push(shell);
    }
}

/// Whether a `/bin/sh` may be among what is copied: only what goes to `/` or `/bin` can bring one.
fn may_bring_shell(transfer: &Transfer<'_>) -> bool {
    let Some(destination) = &transfer.destination else { return true };
    let path = destination.unquoted();
    let root = path.trim_matches(['/', '.']).is_empty();
    root || path.starts_with("/bin") || path.contains('$') || !path.starts_with('/')
}
