use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `rm -r` of a folder of the system such as `/usr` or `/etc`.
    ///
    /// ## Why is this bad?
    /// Most often a variable or a part of the path is missing. What the base image needs to run is gone.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN rm -rf /usr /local/tmp
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN rm -rf /usr/local/tmp
    /// ```
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["SC2114"],
    fixable: false,
    check: ShellCommand(["rm", "/bin/rm", "/usr/bin/rm"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let recursive = cmd.short('r').or_else(|| cmd.short('R')).or_else(|| cmd.long("recursive")).is_some();
    if !recursive || cmd.wrapper.is_some() {
        return;
    }
    for word in cmd.operands().filter(|word| !word.expands && is_of_system(&word.text)) {
        cx.report(cmd.place(word), format!("removes `{}`, a folder of the system", word.text));
    }
}

/// Whether it is one of the folders without which hardly anything runs.
fn is_of_system(path: &str) -> bool {
    const FOLDERS: [&str; 15] = [
        "",
        "bin",
        "boot",
        "dev",
        "etc",
        "home",
        "lib",
        "lib64",
        "media",
        "mnt",
        "usr",
        "usr/bin",
        "usr/local",
        "usr/share",
        "var",
    ];
    let names: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
    path.starts_with('/') && FOLDERS.contains(&names.join("/").as_str())
}
