use crate::prelude::*;
use crate::support::managers::ZYPPER;

rule! {
    /// ## What it does
    /// Flags `zypper dist-upgrade`.
    ///
    /// ## Why is this bad?
    /// It installs, removes and downgrades packages as it sees fit to bring everything to the state of the
    /// repositories, so each build may give another image, and what the maintainers of the base image tested is gone.
    /// A newer base image brings the same updates, and its layers are shared.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n dist-upgrade
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM opensuse/leap:15.6
    /// RUN zypper -n patch
    /// ```
    ///
    /// ## Notes
    /// On Tumbleweed, which has no versions, `dist-upgrade` is the way to update; the rule is off by default.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3035"],
    fixable: false,
    check: Command(["zypper"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = ZYPPER.call(cmd.args()).filter(|call| call.is(&["dist-upgrade", "dup"])) else { return };
    let message = format!("`zypper {}` installs and removes packages as it sees fit", call.verb.text);
    cx.report(call.place(&cmd), message);
}
