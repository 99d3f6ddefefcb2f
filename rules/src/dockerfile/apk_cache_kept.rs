use crate::prelude::*;
use crate::support::managers::APK;
use crate::support::packages::calls;
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
    check: Script(check),
}

const CACHE: &str = "/var/cache/apk";

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let has_flag = |cmd: &Cmd<'_>| cmd.args().iter().any(|arg| matches!(&*arg.text, "--no-cache" | "--no-network"));
    let mut adds = calls(script, &APK).filter(|(cmd, call)| call.is(&["add"]) && !has_flag(cmd)).peekable();
    let mounted = || cleanup::mounted(&script.at, CACHE) || cleanup::mounted(&script.at, "/etc/apk/cache");
    if adds.peek().is_none() || mounted() {
        return;
    }
    let in_image = cleanup::in_final_image(cx, &script.at);
    let removal = cleanup::last_removal(script, CACHE);
    for (cmd, call) in adds {
        let fix = prompts::add_flag(cx, &cmd, call.verb, "--no-cache");
        let quiet = !in_image || removal > Some(cmd.index) || prompts::may_be_answered(cx, &cmd);
        let finding = cx.report(call.place(&cmd), "`apk add` without `--no-cache`");
        finding.fix(Fix::safe("add `--no-cache`", fix));
        if quiet {
            finding.quiet();
        }
    }
}
