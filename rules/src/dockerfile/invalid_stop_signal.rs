use crate::prelude::*;
use crate::support::signals::{NAMES, Signal, signal};

rule! {
    /// ## What it does
    /// Flags `STOPSIGNAL` with something that is no signal.
    ///
    /// ## Why is this bad?
    /// The build stops there, or, for a number that no system has, the container cannot be stopped in order.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM nginx:1.27
    /// STOPSIGNAL SIGTREM
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM nginx:1.27
    /// STOPSIGNAL SIGTERM
    /// ```
    ///
    /// ## Fix
    /// Writes the nearest signal. Unsafe, since it is a guess.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: true,
    check: Instruction([StopSignal], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let Kind::StopSignal(word) = &at.instruction.kind else { return };
    let Some(stage) = at.stage else { return };
    let Some(name) = cx.facts.expand(stage, at.index, &word.text) else { return };
    // An empty argument is the parser's to report, and a variable may be empty on purpose.
    if name.is_empty() || signal(&name) != Signal::Unknown {
        return;
    }
    let upper = name.to_ascii_uppercase();
    let near = nearest(upper.strip_prefix("SIG").unwrap_or(&upper), NAMES).filter(|_| name == word.text);
    match near {
        Some(near) => {
            let finding = cx.report(word.span, format!("unknown signal `{name}`, did you mean `SIG{near}`?"));
            let edit = Edit::replace(word.span, format!("SIG{near}"));
            finding.fix(Fix::unsafe_(format!("replace with `SIG{near}`"), edit));
        }
        None => drop(cx.report(word.span, format!("unknown signal `{name}`"))),
    }
}
