use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `ln` that puts another shell in the place of `/bin/sh`.
    ///
    /// ## Why is this bad?
    /// Every script of the distribution that starts with `#!/bin/sh` then runs in a shell that it was not tested
    /// with, in this image and in all that are built from it, and an update of the shell's package may put the old
    /// one back. `SHELL` changes the shell of the instructions behind it and nothing else.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN ln -sf /bin/bash /bin/sh
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// SHELL ["/bin/bash", "-c"]
    /// ```
    ///
    /// ## Notes
    /// A link that points to `/bin/sh` is none of these; hadolint flags it too.
    category: Operations, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL4005"],
    fixable: false,
    check: Command(["ln"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let target = match cmd.value_of(&["--target-directory", "-t"]) {
        Some(_) => None,
        None => cmd.operands().last().filter(|_| cmd.operands().count() > 1),
    };
    if let Some(target) = target.filter(|target| matches!(&*target.text, "/bin/sh" | "/usr/bin/sh")) {
        let hadolint = target.text == "/bin/sh";
        let finding = cx.report(cmd.place(target), format!("`{}` replaced; use `SHELL`", target.text));
        if !hadolint {
            finding.without_aliases(&["DL4005"]);
        }
    }
}
