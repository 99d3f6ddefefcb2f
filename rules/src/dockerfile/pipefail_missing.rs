use crate::prelude::*;
use crate::support::commands::line_break;
use crate::support::downloads::is_download;

rule! {
    /// ## What it does
    /// Flags pipes in `RUN` where the shell does not run with `pipefail`.
    ///
    /// ## Why is this bad?
    /// Without `pipefail` only the last command of a pipe decides whether the `RUN` failed. Where a download breaks
    /// off, the commands behind it get nothing or half of it, succeed, and the image is built without an error.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN curl -fsSL https://example.com/list | sort > /srv/list
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// SHELL ["/bin/bash", "-o", "pipefail", "-c"]
    /// RUN curl -fsSL https://example.com/list | sort > /srv/list
    /// ```
    /// or begin the command with `set -o pipefail`, where the shell is bash, zsh, ksh or busybox's ash. The `sh` of
    /// Debian and Ubuntu (dash) does not know it in the releases that are in use.
    ///
    /// ## Fix
    /// `--fix-unsafe` puts a `SHELL` with `pipefail` before the first such `RUN` of the stage: bash, or ash on Alpine.
    ///
    /// ## Notes
    /// The recommended preset shows only pipes in which a download goes into a command that does not notice that
    /// nothing came, such as `sed` or `sort`; `tar` and `gpg` do notice.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL4006"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let mut mended = None;
    for script in cx.facts.scripts() {
        let shell = script.at.shell(cx);
        if !script.shell.is_bourne() || script.pipelines().is_empty() || is_set_outside(script, shell) {
            continue;
        }
        let bare = bare_pipelines(script);
        let Some(shown) = bare.iter().find(|pipeline| pipeline.silent).or(bare.first()) else { continue };
        let fix = shell_fix(cx, script, shell).filter(|_| mended != Some(script.at.stage));
        let finding = cx.report(shown.operator, "pipe without `pipefail`: failures before it are lost");
        for other in bare.iter().filter(|other| other.operator != shown.operator) {
            finding.related(other.operator, "and here");
        }
        if !shown.silent {
            finding.quiet();
        }
        if let Some(fix) = fix {
            finding.fix(fix);
            mended = Some(script.at.stage);
        }
    }
}

/// Whether `SHELL`, the exec form's own words or the heredoc's first line set `pipefail`.
fn is_set_outside(script: &RunScript<'_>, shell: Shell<'_>) -> bool {
    let Kind::Run(run) = &script.at.instruction.kind else { return true };
    match (&run.command, run.script.as_ref().and_then(|script| script.shebang.as_ref())) {
        (Command::Exec(array), _) => array.items.iter().any(|item| item.text.ends_with("pipefail")),
        (Command::Shell(_), Some(line)) => line.text.contains("pipefail"),
        (Command::Shell(_), None) => shell.pipefail,
    }
}

/// A pipeline that a shell without `pipefail` runs.
struct Bare {
    /// Its first `|`.
    operator: Span,
    /// Whether a download's failure passes unnoticed: the last command accepts an empty input.
    silent: bool,
}

/// The pipelines before which no `set -o pipefail` stands and that no shell of their own runs, as `sh -c` would be.
fn bare_pipelines(script: &RunScript<'_>) -> Vec<Bare> {
    let sets = |command: &&shell::Command<'_>| {
        let by_set = command.is("set") && command.args.iter().any(|arg| arg.text.ends_with("pipefail"));
        by_set || command.is("setopt") && command.args.iter().any(|arg| arg.text.eq_ignore_ascii_case("pipefail"))
    };
    let set_at = script.commands().iter().find(sets).map_or(u32::MAX, |command| command.span.start);
    let mut seen = vec![Parts::default(); script.pipelines().len()];
    // Behind a wrapper such as `sh -c` stands nothing but what the wrapper runs.
    for command in script.commands().iter().filter(|command| command.wrapper.is_none()) {
        let Some((pipeline, part)) = command.pipeline else { continue };
        let Some(parts) = seen.get_mut(pipeline as usize) else { continue };
        if is_download(command) {
            parts.download.get_or_insert(part);
        }
        parts.last = Some((part, command));
    }
    let bare = |(pipeline, parts): (&shell::Pipeline, Parts<'_>)| {
        let (part, last) = parts.last.filter(|_| pipeline.operator.start < set_at)?;
        let silent = parts.download.is_some_and(|download| download < part) && accepts_nothing(last);
        Some(Bare { operator: script.place(pipeline.operator), silent })
    };
    script.pipelines().iter().zip(seen).filter_map(bare).collect()
}

/// What stands in a pipeline.
#[derive(Clone, Default)]
struct Parts<'c> {
    /// Which part its first download is.
    download: Option<u32>,
    /// Its last command, and which part that is.
    last: Option<(u32, &'c shell::Command<'c>)>,
}

/// Whether the command succeeds where its input is empty. Shells do too; `download-piped-to-shell` speaks of these.
fn accepts_nothing(command: &shell::Command<'_>) -> bool {
    matches!(
        &*command.name.text,
        "awk" | "cat" | "cut" | "head" | "jq" | "sed" | "sort" | "tail" | "tee" | "tr" | "uniq" | "wc"
    )
}

fn shell_fix(cx: &Cx<'_>, script: &RunScript<'_>, shell: Shell<'_>) -> Option<Fix> {
    let at = script.at;
    if at.onbuild || shell.set_by.is_some() || shell.kind != ShellKind::Posix || script.text.is_none() {
        return None;
    }
    let base = cx.facts.root_base(at.stage?)?;
    let alpine = matches!(base, Base::Image(image) if image.contains("alpine"));
    let program = if alpine { "/bin/ash" } else { "/bin/bash" };
    let text = format!("SHELL [\"{program}\", \"-o\", \"pipefail\", \"-c\"]{}", line_break(cx.file.source));
    Some(Fix::unsafe_("set `pipefail` in `SHELL`", Edit::insert(at.instruction.span.start, text)))
}
