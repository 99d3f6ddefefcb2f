use crate::prelude::*;
use crate::support::managers::PIP;
use crate::support::pins::unpinned;
use crate::support::python::{is_plain_pip, pip_args};

rule! {
    /// ## What it does
    /// Flags packages that `pip install` is given without a version.
    ///
    /// ## Why is this bad?
    /// pip installs the newest version at the time of the build. A new major version, or one that somebody published
    /// with a stolen token, gets into the image unseen.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM python:3.13
    /// RUN pip install --no-cache-dir flask
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM python:3.13
    /// RUN pip install --no-cache-dir flask==3.1.1
    /// ```
    ///
    /// ## Notes
    /// Requirement and constraint files hold the versions themselves. Local folders and archives are what they are; a
    /// repository needs `@` with a commit or tag. hadolint knows fewer flags that take a value, and takes such a value
    /// for a package; it also reports `pip install '.[dev]'`, which installs a local folder.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3013"],
    fixable: false,
    check: Command([], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(args) = pip_args(&cmd) else { return };
    let Some(call) = PIP.call(args).filter(|call| call.is(PIP.install)) else { return };
    let from_file = |arg: &shell::Word<'_>| {
        let name = arg.text.split('=').next().unwrap_or("");
        matches!(name, "--requirement" | "--constraint" | "--requirements-from-script" | "--group")
    };
    let from_short = PIP.short(args, 'r') + PIP.short(args, 'c') > 0;
    let direct = call.operands.iter().any(|word| word.text == "@");
    if from_short || direct || args.iter().any(from_file) || args.iter().any(|arg| arg.text == ".") {
        return;
    }
    let hadolint = is_plain_pip(&cmd, args);
    if let Some(finding) = unpinned(cx, &cmd, call.operands, is_pinned).report(cx, &cmd, "package") {
        finding.only_aliases(|_| hadolint);
    }
}

fn is_pinned(package: &str) -> bool {
    const OPERATORS: [&str; 7] = ["==", ">=", "<=", "!=", "~=", ">", "<"];
    const ARCHIVES: [&str; 5] = [".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz"];
    if let Some((_, reference)) = package.split_once("@ ").or_else(|| package.split_once("@git+")) {
        return is_pinned(reference) || !reference.contains("://");
    }
    let repository = ["git+", "hg+", "svn+", "bzr+", "git:"].iter().find_map(|scheme| package.strip_prefix(scheme));
    if let Some(address) = repository {
        return address.contains('@');
    }
    let is_local = package.starts_with('.') || package.contains('/') || package.contains('\\');
    is_local
        || OPERATORS.iter().any(|operator| package.contains(operator))
        || ARCHIVES.iter().any(|extension| package.ends_with(extension))
}
