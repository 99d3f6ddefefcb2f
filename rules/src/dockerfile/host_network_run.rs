use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `RUN --network=host`.
    ///
    /// ## Why is this bad?
    /// The commands see the network of the machine that builds: services that listen on its loopback address, and, in
    /// clouds, metadata services that hand out credentials. Builders refuse it unless `network.host` is allowed.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN --network=host curl --remote-name http://localhost:8080/package
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN --mount=type=bind,source=package,target=/package install /package /usr/local/bin/
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: false,
    check: Instruction([Run], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    if let Some(flag) = at.instruction.flag("network")
        && flag.value.as_ref().is_some_and(|value| value.unquoted() == "host")
    {
        cx.report(flag.span, "`RUN` in the network of the build machine");
    }
}
