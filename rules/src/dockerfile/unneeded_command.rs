use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags commands in `RUN` that make no sense while an image is built: `free`, `kill`, `mount`, `ps`, `service`,
    /// `shutdown`, `ssh`, `top`, `vim`.
    ///
    /// ## Why is this bad?
    /// A build has no user at a terminal and no services: processes that a `RUN` starts end with it, and nothing that
    /// they hold in memory gets into the image. Such a command does nothing there, or belongs into the entrypoint.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN service nginx start
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// CMD ["nginx", "-g", "daemon off;"]
    /// ```
    category: Operations, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [],
    aliases: ["DL3001"],
    fixable: false,
    check: Command(["free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    cx.report(cmd.name_place(), format!("`{}` makes no sense while an image is built", cmd.name.text));
}
