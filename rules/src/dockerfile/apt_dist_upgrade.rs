use crate::prelude::*;
use crate::support::managers::APT;

rule! {
    /// ## What it does
    /// Flags `apt-get dist-upgrade` and its other names.
    ///
    /// ## Why is this bad?
    /// `dist-upgrade` installs and removes packages as it sees fit to bring everything up to date, so each build may
    /// give another image, and what the maintainers of the base image tested is gone. A newer base image brings the
    /// same updates, and its layers are shared.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:12
    /// RUN apt-get update && apt-get dist-upgrade -y
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:12.11
    /// RUN apt-get update && apt-get upgrade -y
    /// ```
    ///
    /// ## Notes
    /// trivy has retired its check: its id finds this page, but no finding carries it. dockle still has one.
    /// `apt-get upgrade`, which removes nothing, is no finding: where the base lags behind, it closes known holes.
    category: Reproducibility, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DS-0024", "DKL-DI-0003"],
    fixable: false,
    check: Command(["apt-get", "apt", "aptitude"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(call) = APT.call(cmd.args()).filter(|call| call.is(&["dist-upgrade", "full-upgrade"])) else { return };
    let by_name = call.is(&["dist-upgrade"]);
    let dockle = by_name && !cmd.is("aptitude");
    let message = format!("`{}` installs and removes packages as it sees fit", call.shown(&cmd));
    cx.report(call.place(&cmd), message).only_aliases(|alias| alias != "DS-0024" && dockle);
}
