use crate::prelude::*;
use crate::support::managers::GO;
use crate::support::pins::unpinned;

rule! {
    /// ## What it does
    /// Flags packages that `go install`, `go get` or `go run` fetches without a version.
    ///
    /// ## Why is this bad?
    /// Go fetches the newest version at the time of the build, so the same Dockerfile gives another program tomorrow.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.24
    /// RUN go install golang.org/x/tools/cmd/stringer@latest
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.24
    /// RUN go install golang.org/x/tools/cmd/stringer@v0.33.0
    /// ```
    ///
    /// ## Notes
    /// Local packages, files (`go run make.go`) and those of the standard library, which have no dot before their first
    /// slash, come with the source or with Go. hadolint reports the latter two.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3062"],
    fixable: false,
    check: Command(["go"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = GO.call(cmd.args()).filter(|call| call.is(GO.install)) else { return };
    // What stands behind the package of `go run` is for the program.
    let packages = if call.is(&["run"]) { 1 } else { call.operands.len() };
    unpinned(cx, &cmd, call.operands.into_iter().take(packages), is_pinned).report(cx, &cmd, "package");
}

fn is_pinned(package: &str) -> bool {
    if let Some((_, version)) = package.split_once('@') {
        return !matches!(version, "latest" | "none");
    }
    let host = package.split('/').next().unwrap_or("");
    let is_local = package.starts_with(['.', '/']) || package.ends_with(".go");
    is_local || !host.contains('.') && !package.contains('$')
}
