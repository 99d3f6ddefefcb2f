use crate::prelude::*;
use crate::support::managers::DNF;
use crate::support::prompts;

rule! {
    /// ## What it does
    /// Flags `dnf install` and the like without `-y`.
    ///
    /// ## Why is this bad?
    /// `dnf` asks before it does anything, and nobody answers during a build: the build fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM fedora:42
    /// RUN dnf install httpd && dnf clean all
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM fedora:42
    /// RUN dnf install -y httpd && dnf clean all
    /// ```
    ///
    /// ## Fix
    /// Adds `-y` behind the subcommand.
    ///
    /// ## Notes
    /// Where the answer may come from a pipe (`yes |`), from `assumeyes=` in the configuration, or from a variable,
    /// only those hear of it who ask for hadolint's check; so with `microdnf`, which never asks. hadolint knows
    /// `install`, `groupinstall` and `localinstall` of `dnf` and `microdnf` alone.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3038"],
    fixable: true,
    check: Script(check),
}

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    prompts::check_rpm(cx, script, &DNF, &["dnf", "microdnf"]);
}
