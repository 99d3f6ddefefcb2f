use crate::prelude::*;
use crate::support::cleanup::{self, Leftover};
use crate::support::managers::YUM;
use crate::support::packages::Call;

rule! {
    /// ## What it does
    /// Flags `yum install` and the like without `yum clean all` behind it.
    ///
    /// ## Why is this bad?
    /// `yum` stores the lists of all packages in `/var/cache/yum`: often more than the packages themselves. A later
    /// `RUN` cannot take them out of the layer again.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM centos:7
    /// RUN yum install -y httpd
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM centos:7
    /// RUN yum install -y httpd && yum clean all
    /// ```
    ///
    /// ## Fix
    /// Appends `yum clean all` to the `RUN`.
    ///
    /// ## Notes
    /// Removing `/var/cache/yum` does as well, but not any `rm -rf`, as in hadolint. A cache mount there keeps the
    /// cache out of the layer. In stages that do not end up in the image, only those hear of it who ask for a peer's
    /// check. trivy is content with any later command that has the word `all`.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3032", "DS-0015"],
    fixable: true,
    check: Script(check),
}

const LEFTOVER: Leftover = Leftover {
    manager: &YUM,
    leaves: &["install", "reinstall", "localinstall", "groupinstall", "group", "module", "update", "upgrade", "swap"],
    folders: &["/var/cache/yum", "/var/cache/dnf"],
    cleaners: &["yum", "dnf"],
    is_clean: cleanup::cleans_rpm,
    command: "yum clean all",
};

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let found = LEFTOVER.find(script);
    let installs =
        |call: &Call<'_, '_>| call.is(&["install"]) || call.operands.iter().any(|word| word.text == "install");
    let Some((cmd, _)) = found.iter().find(|(_, call)| installs(call)).or(found.first()) else { return };
    let hadolint = found.iter().any(|(_, call)| installs(call));
    let cleaned = cmd.later().iter().any(|later| later.args.iter().any(|arg| arg.text == "all"));
    let trivy = hadolint && !cleaned;
    if let Some(finding) = LEFTOVER.report(cx, &found) {
        finding.only_aliases(|alias| if alias == "DL3032" { hadolint } else { trivy });
    }
}
