use crate::prelude::*;
use crate::support::managers::ZYPPER;
use crate::support::packages::Call;
use crate::support::prompts;

rule! {
    /// ## What it does
    /// Flags `zypper install` and the like without `--non-interactive` or `-y`.
    ///
    /// ## Why is this bad?
    /// `zypper` asks before it does anything, and nobody answers during a build: the build fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM opensuse/leap:15.6
    /// RUN zypper install curl && zypper clean
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM opensuse/leap:15.6
    /// RUN zypper --non-interactive install curl && zypper clean
    /// ```
    ///
    /// ## Fix
    /// Adds `--non-interactive` behind `zypper`.
    ///
    /// ## Notes
    /// `update` and `dist-upgrade` ask too, which hadolint does not know.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3034"],
    fixable: true,
    check: Script(check),
}

/// What hadolint knows to ask.
const KNOWN: &[&str] = &["install", "in", "remove", "rm", "source-install", "si", "patch"];

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let asks = |call: &Call<'_, '_>| call.is(KNOWN) || call.is(&["update", "up", "dist-upgrade", "dup"]);
    for (cmd, call) in prompts::unanswered(script, &ZYPPER, asks, is_answered) {
        let quiet = prompts::may_be_answered(cx, &cmd);
        let fix = prompts::add_flag(cx, &cmd, &cmd.command.name, "--non-interactive");
        let message = format!("`zypper {}` without `--non-interactive`", call.verb.text);
        let finding = cx.report(call.place(&cmd), message);
        finding.fix(Fix::safe("add `--non-interactive`", fix));
        finding.only_aliases(|_| call.is(KNOWN));
        if quiet {
            finding.quiet();
        }
    }
}

fn is_answered(args: &[shell::Word<'_>]) -> bool {
    const LONG: [&str; 5] = ["--non-interactive", "--no-confirm", "--dry-run", "--download-only", "--help"];
    ZYPPER.short(args, 'n') + ZYPPER.short(args, 'y') > 0 || args.iter().any(|arg| LONG.contains(&&*arg.text))
}
