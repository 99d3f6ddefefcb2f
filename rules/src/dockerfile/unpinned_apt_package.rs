use crate::prelude::*;
use crate::support::managers::APT;
use crate::support::pins::unpinned;

rule! {
    /// ## What it does
    /// Flags packages that `apt-get install` installs without a version.
    ///
    /// ## Why is this bad?
    /// The same Dockerfile gives another version tomorrow, and perhaps another behaviour. With versions, a build either
    /// gives what was tested or fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:12
    /// RUN apt-get install -y curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:12
    /// RUN apt-get install -y curl=7.88.*
    /// ```
    ///
    /// ## Notes
    /// Off by default: the mirrors drop old versions, so pinned builds fail once a package is mended. Pinning the base
    /// image by digest and installing from a snapshot of the archive keeps builds alike without that. hadolint looks at
    /// `apt-get` alone, not at `apt`.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3008"],
    fixable: false,
    check: Command(["apt-get", "apt", "aptitude"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = APT.call(cmd.args()).filter(|call| call.is(&["install"])) else { return };
    if let Some(finding) = unpinned(cx, &cmd, call.operands, is_pinned).report(cx, &cmd, "package") {
        finding.only_aliases(|_| cmd.is("apt-get"));
    }
}

/// `curl=8.5*`, `curl/stable`, `./curl.deb`; `curl-` removes it.
fn is_pinned(package: &str) -> bool {
    package.contains(['=', '/']) || package.ends_with(".deb") || package.ends_with('-') && !package.contains('$')
}
