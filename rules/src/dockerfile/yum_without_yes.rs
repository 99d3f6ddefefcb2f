use crate::prelude::*;
use crate::support::managers::YUM;
use crate::support::prompts;

rule! {
    /// ## What it does
    /// Flags `yum install` and the like without `-y`.
    ///
    /// ## Why is this bad?
    /// `yum` asks before it does anything, and nobody answers during a build: the build fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM centos:7
    /// RUN yum install httpd && yum clean all
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM centos:7
    /// RUN yum install -y httpd && yum clean all
    /// ```
    ///
    /// ## Fix
    /// Adds `-y` behind the subcommand.
    ///
    /// ## Notes
    /// Where the answer may come from a pipe (`yes |`), from `assumeyes=` in the configuration, or from a variable,
    /// only those hear of it who ask for hadolint's check. hadolint knows `install`, `groupinstall` and `localinstall`
    /// alone.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3030"],
    fixable: true,
    check: Script(check),
}

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    prompts::check_rpm(cx, script, &YUM, &["yum"]);
}
