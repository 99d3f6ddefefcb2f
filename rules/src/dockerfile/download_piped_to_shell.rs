use crate::prelude::*;
use crate::support::commands::is_local_only;
use crate::support::downloads::{is_download, runs_argument, runs_stdin};

rule! {
    /// ## What it does
    /// Flags downloads that go straight into a shell or another interpreter: `curl … | sh`, `bash <(curl …)`,
    /// `sh -c "$(curl …)"`.
    ///
    /// ## Why is this bad?
    /// The build runs whatever the server sends at that moment, mostly as root. Nobody can say afterwards what that
    /// was, a changed script changes the image, and where the download breaks off half of the script runs.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN curl -fsSL https://example.com/install.sh | sh
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d \
    ///     https://example.com/install.sh /tmp/install.sh
    /// RUN sh /tmp/install.sh
    /// ```
    /// or the package of the distribution, a release with a checksum, or the project's own image:
    /// `COPY --from=…`.
    ///
    /// ## Notes
    /// Over plain `http://` it is an error: everyone on the way can put in another script.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: false,
    check: Script(check),
}

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let commands = script.commands();
    // The last download in each pipeline, whose parts stand in their order.
    let mut downloads: Vec<Option<(&shell::Command<'c>, u32)>> = vec![None; script.pipelines().len()];
    for command in commands {
        let Some((pipeline, part)) = command.pipeline else { continue };
        let Some(slot) = downloads.get_mut(pipeline as usize) else { continue };
        if is_download(command) {
            slot.get_or_insert((command, part));
        } else if let Some((download, from)) = slot
            && part > *from
            && runs_stdin(command)
        {
            report(cx, script, download, command);
            *slot = None;
        }
    }
    in_arguments(cx, script);
}

/// Downloads in a substitution that a shell is given as an argument. Commands stand in their order, so one pass
/// finds the command around each download.
fn in_arguments<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let mut around: Option<&shell::Command<'c>> = None;
    for command in script.commands() {
        if let Some(outer) = around.filter(|outer| outer.span.encloses(command.span)) {
            // Arguments stand in their order too.
            let at = outer.args.partition_point(|arg| arg.span.end <= command.span.start);
            if is_download(command) && is_script(outer, at) {
                report(cx, script, command, outer);
                around = None;
            }
        } else if runs_argument(command) && command.args.iter().any(|arg| arg.expands) {
            around = Some(command);
        }
    }
}

/// Whether the argument is the script: a substitution behind `-c` or `-e`, or a file that is one.
fn is_script(command: &shell::Command<'_>, at: usize) -> bool {
    let Some(arg) = command.args.get(at) else { return false };
    let flag = at.checked_sub(1).and_then(|before| command.args.get(before)).map_or("", |word| &word.text);
    let inline = command.is("eval") || !flag.starts_with("--") && flag.starts_with('-') && flag.ends_with(['c', 'e']);
    let file = !command.is("eval") && (at == 0 || flag.starts_with('-'));
    inline && arg.text.starts_with(['$', '`']) || file && arg.text.starts_with("<(")
}

fn report(cx: &mut Cx<'_>, script: &RunScript<'_>, download: &shell::Command<'_>, runner: &shell::Command<'_>) {
    if is_local_only(download) {
        return;
    }
    let plain = download.args.iter().any(|arg| arg.text.starts_with("http://"));
    let name = &runner.name.text;
    let how = if plain { " without encryption" } else { "" };
    let message = format!("download{how} run by `{name}`, unverified");
    let finding = cx.report(script.place(runner.name.span), message);
    finding.related(script.place(download.name.span), "downloaded here");
    if plain {
        finding.severity(Severity::Error);
    }
}
