use crate::prelude::*;
use crate::support::managers::YUM;
use crate::support::pins::{rpm_pinned, unpinned};

rule! {
    /// ## What it does
    /// Flags packages that `yum install` installs without a version.
    ///
    /// ## Why is this bad?
    /// The same Dockerfile gives another version tomorrow, and perhaps another behaviour. With versions, a build either
    /// gives what was tested or fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM centos:7
    /// RUN yum install -y httpd && yum clean all
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM centos:7
    /// RUN yum install -y httpd-2.4.6 && yum clean all
    /// ```
    ///
    /// ## Notes
    /// Off by default. A version is what stands behind the name's first dash and has a part that begins with a digit,
    /// so `java-11-openjdk` passes for pinned, as it does in hadolint. Variables behind a dash are taken for versions.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3033"],
    fixable: false,
    check: Command(["yum"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = YUM.call(cmd.args()) else { return };
    match &*call.verb.text {
        "install" => unpinned(cx, &cmd, call.operands, rpm_pinned).report(cx, &cmd, "package"),
        // Streams of modules stand behind a colon.
        "module" if call.operands.first().is_some_and(|word| word.text == "install") => {
            let modules = call.operands.into_iter().skip(1);
            unpinned(cx, &cmd, modules, |module| module.contains(':')).report(cx, &cmd, "module")
        }
        _ => return,
    };
}
