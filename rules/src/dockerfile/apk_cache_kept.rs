use crate::prelude::*;
use crate::support::managers::APK;
use crate::support::{cleanup, prompts};

rule! {
    /// ## What it does
    /// Flags `apk add` without `--no-cache` whose package index stays in the image.
    ///
    /// ## Why is this bad?
    /// Without the flag, `apk` stores the index of all packages in `/var/cache/apk`: some megabytes that no running
    /// container needs. With it, `apk` also fetches a fresh index each time, so no `apk update` is needed.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// RUN apk add curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// RUN apk add --no-cache curl
    /// ```
    ///
    /// ## Fix
    /// Adds `--no-cache`.
    ///
    /// ## Notes
    /// A cache mount on `/var/cache/apk` or `/etc/apk/cache` keeps the index out of the layer. Where the same `RUN`
    /// removes it again, and in stages that do not end up in the image, only those hear of it who ask for a peer's
    /// check.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3019", "DS-0025", "DKL-DI-0004"],
    fixable: true,
    check: Command(["apk"], check),
}

const CACHE: &str = "/var/cache/apk";

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = APK.call(cmd.args()).filter(|call| call.is(&["add"])) else { return };
    let at = cmd.at();
    let has_flag = cmd.args().iter().any(|arg| matches!(&*arg.text, "--no-cache" | "--no-network"));
    if has_flag || cleanup::mounted(&at, CACHE) || cleanup::mounted(&at, "/etc/apk/cache") {
        return;
    }
    let fix = prompts::add_flag(cx, &cmd, call.verb, "--no-cache");
    let quiet = !cleanup::in_final_image(cx, &at)
        || cleanup::removed(cmd.script, cmd.later(), CACHE)
        || prompts::may_be_answered(cx, &cmd);
    let finding = cx.report(call.place(&cmd), "`apk add` without `--no-cache`");
    finding.fix(Fix::safe("add `--no-cache`", fix));
    if at.onbuild {
        finding.without_aliases(&["DS-0025"]);
    }
    if quiet {
        finding.quiet();
    }
}
