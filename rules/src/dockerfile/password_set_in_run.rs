use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags passwords of system users that a `RUN` sets or removes: `chpasswd`, `passwd`, `useradd --password`,
    /// `usermod --password`.
    ///
    /// ## Why is this bad?
    /// The password, or its hash, is then part of the image: everyone who can pull it can try it out, and it is the
    /// same in every container. A user without a password can be taken by any process with `su`. Containers need no
    /// passwords: `USER` and `docker exec --user` switch users without one.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN useradd app && echo "app:app" | chpasswd
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN useradd app
    /// USER app
    /// ```
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["CKV2_DOCKER_17", "DKL-LI-0001"],
    fixable: false,
    check: Command(["chpasswd", "passwd", "useradd", "usermod"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    match &*cmd.name.text {
        "chpasswd" => {
            cx.report(cmd.name_place(), "`chpasswd` sets a password in the image").without_aliases(&["DKL-LI-0001"]);
        }
        "passwd" => {
            if let Some(flag) = cmd.short('d').or_else(|| cmd.long("delete")) {
                let place = cmd.place(flag);
                cx.report(place, "user without a password").without_aliases(&["CKV2_DOCKER_17"]);
            } else if cmd.long("stdin").is_some() {
                cx.report(cmd.name_place(), "`passwd` sets a password in the image").only_aliases(|_| false);
            }
        }
        program => {
            let Some((word, value)) = cmd.value_of(&["--password", "-p"]) else { return };
            let place = cmd.place(word);
            // Nothing matches `*`, `!` and `x`.
            if value.is_empty() {
                cx.report(place, "user without a password").without_aliases(&["CKV2_DOCKER_17"]);
            } else if !value.starts_with(['*', '!']) && value != "x" {
                let message = format!("`{program}` sets a password in the image");
                cx.report(place, message).only_aliases(|_| false);
            }
        }
    }
}
