use crate::prelude::*;
use crate::support::cleanup::{self, Leftover};
use crate::support::managers::DNF;
use crate::support::packages::Call;

rule! {
    /// ## What it does
    /// Flags `dnf install` and the like without `dnf clean all` behind it.
    ///
    /// ## Why is this bad?
    /// `dnf` stores the lists of all packages below `/var/cache`: often more than the packages themselves. A later
    /// `RUN` cannot take them out of the layer again.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM fedora:42
    /// RUN dnf install -y httpd
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM fedora:42
    /// RUN dnf install -y httpd && dnf clean all
    /// ```
    ///
    /// ## Fix
    /// Appends `dnf clean all` to the `RUN`.
    ///
    /// ## Notes
    /// Removing `/var/cache/dnf` (`/var/cache/libdnf5` for version 5) does as well, but not any `rm -rf`, as in
    /// hadolint. A cache mount there keeps the cache out of the layer. In stages that do not end up in the image, only
    /// those hear of it who ask for a peer's check. trivy wants the words `dnf install` next to each other, finds them
    /// in `microdnf install` too, and does not know `rm`.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3040", "DS-0019", "DS-0027"],
    fixable: true,
    check: Script(check),
}

/// What hadolint knows to leave a cache.
const KNOWN: &[&str] = &["install", "in", "reinstall", "rei", "upgrade", "up", "upgrade-minimal", "up-min"];

const LEFTOVER: Leftover = Leftover {
    manager: &DNF,
    leaves: &[
        "builddep",
        "distro-sync",
        "group",
        "groupinstall",
        "in",
        "install",
        "localinstall",
        "module",
        "rei",
        "reinstall",
        "swap",
        "up",
        "up-min",
        "update",
        "upgrade",
        "upgrade-minimal",
    ],
    folders: &["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum"],
    cleaners: &["dnf", "microdnf", "dnf5", "tdnf", "yum"],
    is_clean: cleanup::cleans_rpm,
    command: "dnf clean all",
};

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let found = LEFTOVER.find(script);
    if found.is_empty() {
        return;
    }
    let known = |call: &Call<'_, '_>| call.is(KNOWN) || call.operands.iter().any(|word| KNOWN.contains(&&*word.text));
    let hadolint = found.iter().any(|(cmd, call)| (cmd.is("dnf") || cmd.is("microdnf")) && known(call));
    let text = script.text.map_or("", |text| &text.text);
    let dnf = last_is(text, &["dnf in", "dnf rei"], "dnf clean all");
    let microdnf = last_is(text, &["microdnf install", "microdnf reinstall"], "microdnf clean all");
    if let Some(finding) = LEFTOVER.report(cx, &found) {
        finding.only_aliases(|alias| match alias {
            "DL3040" => hadolint,
            "DS-0019" => dnf,
            _ => microdnf,
        });
    }
}

/// trivy's condition: the last of the commands in the text is no clean-up.
fn last_is(text: &str, installs: &[&str], clean: &str) -> bool {
    let install = installs.iter().filter_map(|install| text.rfind(install)).max();
    install > text.rfind(clean)
}
