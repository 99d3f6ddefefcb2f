use crate::prelude::*;
use crate::support::signals::{Signal, signal};

rule! {
    /// ## What it does
    /// Flags `STOPSIGNAL SIGKILL` and `STOPSIGNAL SIGSTOP`.
    ///
    /// ## Why is this bad?
    /// No process can catch them: it cannot finish requests, flush files or tell its children. `SIGKILL` ends it at
    /// once, `SIGSTOP` freezes it until the engine's patience ends and it is killed.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM nginx:1.27
    /// STOPSIGNAL SIGKILL
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM nginx:1.27
    /// STOPSIGNAL SIGTERM
    /// ```
    ///
    /// ## Fix
    /// Writes `SIGTERM`. Unsafe, since the program may not end at it.
    category: Operations, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: true,
    check: Instruction([StopSignal], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::StopSignal(word) = &at.instruction.kind else { return };
    if signal(word.unquoted()) == Signal::Uncatchable {
        let finding = cx.report(word.span, format!("no process can catch `{}` and end in order", word.unquoted()));
        finding.fix(Fix::unsafe_("replace with `SIGTERM`", Edit::replace(word.span, "SIGTERM")));
    }
}
