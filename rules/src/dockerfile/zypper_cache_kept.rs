use crate::prelude::*;
use crate::support::cleanup::Leftover;
use crate::support::managers::ZYPPER;
use crate::support::packages::Call;

rule! {
    /// ## What it does
    /// Flags `zypper install` and the like without `zypper clean` behind it.
    ///
    /// ## Why is this bad?
    /// `zypper` stores the lists of all packages in `/var/cache/zypp`: often more than the packages themselves. A later
    /// `RUN` cannot take them out of the layer again.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n install curl && zypper clean --all
    /// ```
    ///
    /// ## Fix
    /// Appends `zypper clean --all` to the `RUN`.
    ///
    /// ## Notes
    /// Removing `/var/cache/zypp` does as well, which neither hadolint nor trivy knows. A cache mount there keeps the
    /// cache out of the layer. In stages that do not end up in the image, only those hear of it who ask for a peer's
    /// check.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3036", "DS-0020"],
    fixable: true,
    check: Script(check),
}

const LEFTOVER: Leftover = Leftover {
    manager: &ZYPPER,
    leaves: &["install", "in", "source-install", "si", "patch", "update", "up", "dist-upgrade", "dup"],
    folders: &["/var/cache/zypp"],
    cleaners: &["zypper"],
    is_clean: |call| call.is(&["clean", "cc"]),
    command: "zypper clean --all",
};

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let found = LEFTOVER.find(script);
    let hadolint = found.iter().any(|(_, call)| call.is(&["install", "in"]));
    let trivy = found.iter().any(|(cmd, call)| is_known(cmd, call));
    if let Some(finding) = LEFTOVER.report(cx, &found) {
        finding.only_aliases(|alias| if alias == "DL3036" { hadolint } else { trivy });
    }
}

/// Whether trivy knows the call: `install` behind flags without values, the others right behind `zypper`.
fn is_known(cmd: &Cmd<'_>, call: &Call<'_, '_>) -> bool {
    let directly = cmd.args().first().is_some_and(|first| first.span == call.verb.span);
    call.is(&["install"]) && call.is_plain(cmd) || directly && call.is(&["in", "si", "source-install", "patch"])
}
