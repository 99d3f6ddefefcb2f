use crate::prelude::*;
use crate::support::managers::ZYPPER;
use crate::support::pins::unpinned;

rule! {
    /// ## What it does
    /// Flags packages that `zypper install` installs without a version.
    ///
    /// ## Why is this bad?
    /// The same Dockerfile gives another version tomorrow, and perhaps another behaviour. With versions, a build either
    /// gives what was tested or fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install curl && zypper clean
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install 'curl>=8.6' && zypper clean
    /// ```
    ///
    /// ## Notes
    /// Off by default.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3037"],
    fixable: false,
    check: Command(["zypper"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = ZYPPER.call(cmd.args()).filter(|call| call.is(&["install", "in"])) else { return };
    unpinned(cx, &cmd, call.operands, is_pinned).report(cx, &cmd, "package");
}

/// `curl=8.6`, `curl>=8.6`, `./curl.rpm`.
fn is_pinned(package: &str) -> bool {
    package.contains(['=', '<', '>']) || package.ends_with(".rpm")
}
