use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `wget` without `--progress`, `--quiet`, `--no-verbose` or a log file.
    ///
    /// ## Why is this bad?
    /// Without a terminal `wget` prints a line of dots for every 50 KB that it gets. A download of some size fills the
    /// build's log with thousands of lines, among which the one that matters is not found.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN wget https://example.com/archive.tar.gz
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN wget --progress=dot:giga https://example.com/archive.tar.gz
    /// ```
    ///
    /// ## Fix
    /// `--fix-unsafe` adds `--progress=dot:giga`, which the `wget` of busybox (Alpine) does not know; nothing is
    /// offered where the base is one of these.
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL3047"],
    fixable: true,
    check: Command(["wget"], check),
}

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let sets_output = |arg: &shell::Word<'_>| match &*arg.text {
        "-nv" => true,
        text => match text.strip_prefix("--") {
            Some(long) => {
                let name = long.split('=').next().unwrap_or(long);
                matches!(name, "progress" | "quiet" | "output-file" | "append-output" | "no-verbose")
            }
            None => text.strip_prefix('-').is_some_and(|cluster| cluster.contains(['q', 'o', 'a'])),
        },
    };
    if cmd.args().iter().any(sets_output) {
        return;
    }
    let fetches = cmd.operands().next().is_some() && cmd.long("version").is_none() && cmd.long("help").is_none();
    let unknown = cmd.args().iter().any(|arg| arg.expands && !arg.quoted && arg.text.starts_with('$'));
    let busybox = cmd.at().stage.and_then(|stage| cx.facts.root_base(stage)).is_some_and(|base| match base {
        Base::Image(image) => image.contains("alpine") || image.contains("busybox"),
        _ => false,
    });
    let name = cmd.name_place();
    let finding = cx.report(name, "`wget` without `--progress` fills the log");
    if !fetches || unknown {
        finding.quiet();
    }
    if !busybox && fetches && cmd.script.text.is_some() {
        let edit = Edit::insert(name.end, " --progress=dot:giga");
        finding.fix(Fix::unsafe_("add `--progress=dot:giga`", edit));
    }
}
