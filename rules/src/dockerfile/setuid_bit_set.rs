use crate::prelude::*;
use crate::support::modes::Mode;

rule! {
    /// ## What it does
    /// Flags what makes a program run with the rights of its owner or group, or with capabilities: `chmod u+s`,
    /// `chmod 4755`, `COPY --chmod=4755`, `install -m 4755`, `setcap`.
    ///
    /// ## Why is this bad?
    /// Whoever gets into the container as an ordinary user becomes root through a flaw in such a program, and often
    /// enough by using it as it is meant to be used. CIS asks for images without any.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// COPY --chmod=4755 tool /usr/local/bin/tool
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// COPY --chmod=755 tool /usr/local/bin/tool
    /// ```
    /// Start the one process that needs more rights as its own user, or give the container the capability:
    /// `docker run --cap-add=NET_RAW`.
    ///
    /// ## Notes
    /// The set-group bit of folders, with which files get the folder's group, gives nobody new rights: a mode that
    /// the group may write to, and `g+s` on a path without `bin`, are not shown by the recommended preset.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["CIS-DI-0008", "4.8"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    for &at in cx.facts.instructions() {
        if matches!(at.instruction.kind, Kind::Copy(_) | Kind::Add(_))
            && let Some(mode) = at.instruction.flag_value("chmod")
        {
            let paths = mode_paths(&at);
            report(cx, mode.span, mode.unquoted(), &paths);
        }
    }
    for script in cx.facts.scripts() {
        for (index, command) in script.commands().iter().enumerate() {
            in_command(cx, Cmd { script, index, command });
        }
    }
}

fn in_command(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    match &*cmd.name.text {
        "chmod" => {
            // `u-s` looks like an operand, `-s` like a flag; neither sets anything.
            let mut operands = cmd.operands();
            if let Some(mode) = operands.next() {
                let paths: Vec<&str> = operands.map(|path| &*path.text).collect();
                report(cx, cmd.place(mode), &mode.text, &paths);
            }
        }
        "install" => {
            if let Some((word, mode)) = cmd.value_of(&["--mode", "-m"]) {
                let folder = cmd.short('d').is_some() || cmd.long("directory").is_some();
                let paths: Vec<&str> = if folder { Vec::new() } else { vec!["/bin/"] };
                report(cx, cmd.place(word), mode, &paths);
            }
        }
        "setcap" => {
            let Some(capabilities) = cmd.operands().next() else { return };
            let removes = cmd.short('r').is_some() || cmd.short('v').is_some();
            if removes || !capabilities.text.contains(['+', '=']) || capabilities.text.ends_with('=') {
                return;
            }
            let names = capabilities.text.split(['+', '=']).next().unwrap_or_default();
            let bind = names.eq_ignore_ascii_case("cap_net_bind_service");
            let finding = cx.report(cmd.place(capabilities), format!("`setcap` gives a program `{names}`"));
            finding.only_aliases(|_| false);
            if bind {
                // Low ports are little to give, and many images do.
                finding.severity(Severity::Info);
            }
        }
        _ => {}
    }
}

fn report(cx: &mut Cx<'_>, place: Span, text: &str, paths: &[&str]) {
    let Some(mode) = Mode::parse(text) else { return };
    if mode.setuid {
        cx.report(place, format!("`{text}` sets the set-user-id bit"));
    } else if mode.setgid {
        let program = paths.iter().any(|path| path.split('/').any(|part| part.ends_with("bin")));
        let finding = cx.report(place, format!("`{text}` sets the set-group-id bit"));
        if mode.is_shared_folder() || !program {
            finding.quiet();
        }
    }
}

/// Where the files of a `COPY` or `ADD` end up.
fn mode_paths<'c>(at: &At<'c>) -> Vec<&'c str> {
    match &at.instruction.kind {
        Kind::Copy(transfer) | Kind::Add(transfer) => transfer.destination.iter().map(Word::unquoted).collect(),
        _ => Vec::new(),
    }
}
