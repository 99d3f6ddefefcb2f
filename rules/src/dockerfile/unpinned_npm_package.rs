use crate::prelude::*;
use crate::support::managers::NPM;
use crate::support::pins::unpinned;

rule! {
    /// ## What it does
    /// Flags packages that `npm install` is given without a version.
    ///
    /// ## Why is this bad?
    /// npm installs the newest version at the time of the build. A new major version, or one that somebody published
    /// with a stolen token, gets into the image unseen.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:22
    /// RUN npm install -g serve
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:22
    /// RUN npm install -g serve@14.2.4
    /// ```
    ///
    /// ## Notes
    /// Git repositories need a `#` with a commit or tag; tarballs, addresses and local folders are what they are.
    /// hadolint does not know the other names of `install`, such as `npm i`, nor does it mind `@latest`.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3016"],
    fixable: false,
    check: Command(["npm"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = NPM.call(cmd.args()).filter(|call| call.is(NPM.install)) else { return };
    let first = cmd.subcommand().is_some_and(|first| first.text == "install");
    let found = unpinned(cx, &cmd, call.operands, is_pinned);
    let hadolint = first && found.any(|word| !word.text.ends_with("@latest"));
    if let Some(finding) = found.report(cx, &cmd, "package") {
        finding.only_aliases(|_| hadolint);
    }
}

fn is_pinned(package: &str) -> bool {
    let is_local = package.starts_with(['.', '/', '~']) || package.starts_with("file:");
    let is_tarball = [".tgz", ".tar.gz", ".tar"].iter().any(|extension| package.ends_with(extension));
    if is_local || is_tarball || package.starts_with("http:") || package.starts_with("https:") {
        return true;
    }
    // The scope of a package, `@scope/name`, begins with the same sign as its version.
    let is_scoped = package.starts_with('@');
    let name = package.strip_prefix('@').unwrap_or(package);
    let is_git =
        name.starts_with("git") && name.contains(':') || name.contains('/') && !is_scoped && !name.contains('@');
    if is_git || name.starts_with("gist:") || name.starts_with("bitbucket:") {
        // Keys sign those that come by ssh as a user: `git@host:path`.
        return name.contains('#') || name.starts_with("git@");
    }
    name.split_once('@').is_some_and(|(_, version)| version != "latest")
}
