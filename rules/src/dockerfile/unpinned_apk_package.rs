use crate::prelude::*;
use crate::support::managers::APK;
use crate::support::pins::unpinned;

rule! {
    /// ## What it does
    /// Flags packages that `apk add` installs without a version.
    ///
    /// ## Why is this bad?
    /// The same Dockerfile gives another version tomorrow, and perhaps another behaviour. With versions, a build either
    /// gives what was tested or fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// RUN apk add --no-cache curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// RUN apk add --no-cache curl~=8.9
    /// ```
    ///
    /// ## Notes
    /// Off by default: Alpine keeps just the newest build of each package, so an exact version fails as soon as the
    /// package is mended. `~=` leaves room for that.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3018"],
    fixable: false,
    check: Command(["apk"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = APK.call(cmd.args()).filter(|call| call.is(&["add"])) else { return };
    unpinned(cx, &cmd, call.operands, is_pinned).report(cx, &cmd, "package");
}

/// `curl=8.9.0-r0`, `curl~=8.9`, `curl>8`, `./curl.apk`; `!curl` keeps it out.
fn is_pinned(package: &str) -> bool {
    package.contains(['=', '~', '<', '>']) || package.ends_with(".apk") || package.starts_with('!')
}
