use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `RUN --security=insecure`.
    ///
    /// ## Why is this bad?
    /// The commands run with every capability and without seccomp, as in a privileged container: whatever the build
    /// downloads and runs there can take over the machine that builds. It is also refused by builders that do not
    /// allow `security.insecure`.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN --security=insecure mount -t tmpfs none /mnt
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN --mount=type=tmpfs,target=/mnt true
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: false,
    check: Instruction([Run], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    if let Some(flag) = at.instruction.flag("security")
        && flag.value.as_ref().is_some_and(|value| value.unquoted() == "insecure")
    {
        cx.report(flag.span, "`RUN` with all privileges");
    }
}
