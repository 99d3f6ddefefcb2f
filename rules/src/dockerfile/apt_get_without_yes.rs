use crate::prelude::*;
use crate::support::managers::APT;
use crate::support::packages::calls;
use crate::support::prompts;

rule! {
    /// ## What it does
    /// Flags `apt-get install` and the like without `-y`.
    ///
    /// ## Why is this bad?
    /// `apt-get` asks before it installs anything beyond what it was told to, and nobody answers during a build: it
    /// gives up. Whether it asks depends on the packages that the base image holds, so such a build breaks one day.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:12
    /// RUN apt-get update && apt-get install --no-install-recommends curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:12
    /// RUN apt-get update && apt-get install -y --no-install-recommends curl
    /// ```
    ///
    /// ## Fix
    /// Adds `-y` behind the subcommand.
    ///
    /// ## Notes
    /// `-qq` implies `-y`, which trivy does not know; only its users hear of that. Where the answer may come from a
    /// pipe (`yes |`), from `APT::Get::Assume-Yes`, or from a variable, only those hear of it who ask for hadolint's or
    /// trivy's check. These two look at `apt-get install` alone.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3014", "DS-0021"],
    fixable: true,
    check: Script(check),
}

/// The subcommands that ask before they do something.
const ASKING: &[&str] = &[
    "install",
    "reinstall",
    "satisfy",
    "remove",
    "purge",
    "autoremove",
    "autopurge",
    "upgrade",
    "dist-upgrade",
    "full-upgrade",
    "build-dep",
];

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let found = prompts::unanswered(script, &APT, |call| call.is(ASKING), is_answered);
    if found.is_empty() {
        return;
    }
    let configured = prompts::is_configured(cx, script, "get::assume-yes");
    let trivy = !calls(script, &APT).any(|(cmd, call)| {
        cmd.is("apt-get") && call.is(&["install"]) && (APT.short(cmd.args(), 'y') > 0 || has_long_yes(cmd.args()))
    });
    for (cmd, call) in found {
        // Only trivy does not know what `-qq` implies.
        let by_quiet = is_very_quiet(cmd.args());
        let trivy = trivy && call.is_plain(&cmd);
        let peers = cmd.is("apt-get") && call.is(&["install"]);
        if by_quiet && !(peers && trivy) {
            continue;
        }
        let quiet = by_quiet || configured || prompts::may_be_answered(cx, &cmd);
        let fix = prompts::add_flag(cx, &cmd, call.verb, "-y");
        let message = format!("`{}` without `-y`", call.shown(&cmd));
        let finding = cx.report(call.place(&cmd), message);
        finding.fix(Fix::safe("add `-y`", fix));
        finding.only_aliases(|alias| peers && if alias == "DL3014" { !by_quiet } else { trivy });
        if quiet {
            finding.quiet();
        }
    }
}

fn is_answered(args: &[shell::Word<'_>]) -> bool {
    let is = |names: &[&str]| args.iter().any(|arg| names.contains(&&*arg.text));
    APT.short(args, 'y') + APT.short(args, 's') > 0
        || has_long_yes(args)
        || is(&["--assume-no", "--trivial-only"])
        || is(&["--simulate", "--dry-run", "--just-print", "--recon", "--no-act", "--print-uris"])
        || args.iter().any(|arg| arg.text.to_ascii_lowercase().contains("get::assume-yes"))
}

/// Whether the command is told twice to be quiet, which implies `-y`.
fn is_very_quiet(args: &[shell::Word<'_>]) -> bool {
    let long = args.iter().filter(|arg| arg.text == "--quiet").count();
    APT.short(args, 'q') + long >= 2 || args.iter().any(|arg| matches!(&*arg.text, "-q=2" | "--quiet=2"))
}

fn has_long_yes(args: &[shell::Word<'_>]) -> bool {
    args.iter().any(|arg| matches!(&*arg.text, "--yes" | "--assume-yes"))
}
