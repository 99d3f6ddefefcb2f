use crate::prelude::*;
use crate::support::managers::PIP;
use crate::support::python::pip_args;
use crate::support::{cleanup, prompts};

rule! {
    /// ## What it does
    /// Flags `pip install` without `--no-cache-dir` whose cache stays in the image.
    ///
    /// ## Why is this bad?
    /// pip keeps what it downloads and builds in `~/.cache/pip`, so the image holds each package twice.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM python:3.13
    /// RUN pip install flask==3.1.1
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM python:3.13
    /// RUN pip install --no-cache-dir flask==3.1.1
    /// ```
    ///
    /// ## Fix
    /// Adds `--no-cache-dir`.
    ///
    /// ## Notes
    /// `PIP_NO_CACHE_DIR=1` in the environment says the same, and a cache mount keeps the cache out of the layer.
    /// Where the same `RUN` removes the cache again, and in stages that do not end up in the image, only those hear of
    /// it who ask for hadolint's check.
    category: Size, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3042"],
    fixable: true,
    check: Command([], check),
}

const CACHE: &str = "/.cache/pip";

fn check(cx: &mut Cx<'_>, cmd: Cmd<'_>) {
    let Some(args) = pip_args(&cmd).filter(|_| !cmd.is("pipx")) else { return };
    let Some(call) = PIP.call(args).filter(|call| call.is(&["install"])) else { return };
    let at = cmd.at();
    let has_flag = args.iter().any(|arg| arg.text.starts_with("--no-cache"));
    if has_flag || cleanup::mounted(&at, CACHE) || cleanup::mounted_like(&at, "pip") || is_off(cx, &cmd) {
        return;
    }
    let purges = |later: &shell::Command<'_>| {
        let is = |text: &str| later.args.iter().any(|arg| arg.text == text);
        is("cache") && (is("purge") || is("remove"))
    };
    let quiet = !cleanup::in_final_image(cx, &at)
        || cleanup::removed(cmd.script, cmd.later(), CACHE)
        || cmd.later().iter().any(purges)
        || args.iter().any(|arg| arg.text.starts_with("--cache-dir"))
        || prompts::may_be_answered(cx, &cmd);
    let fix = prompts::add_flag(cx, &cmd, call.verb, "--no-cache-dir");
    // hadolint wants the subcommand right behind `-m pip`.
    let directly = args.first().is_some_and(|first| first.text == "install") || cmd.name.text.starts_with("pip");
    let hadolint = directly && !cmd.name.text.contains('/');
    let finding = cx.report(call.place(&cmd), "`pip install` without `--no-cache-dir`");
    finding.fix(Fix::safe("add `--no-cache-dir`", fix));
    finding.only_aliases(|_| hadolint);
    if quiet {
        finding.quiet();
    }
}

/// Whether the environment switches the cache off.
fn is_off(cx: &Cx<'_>, cmd: &Cmd<'_>) -> bool {
    const NAME: &str = "PIP_NO_CACHE_DIR";
    let at = cmd.at();
    let set = at.stage.and_then(|stage| cx.facts.value(stage, at.index, NAME));
    let commands = cmd.script.commands().get(..=cmd.index).unwrap_or_default();
    let assigned = || {
        commands.iter().flat_map(|command| &command.assignments).any(|it| it.name == NAME && is_true(&it.value.text))
    };
    let exported = || {
        let args = commands
            .iter()
            .filter(|command| command.is("export") || command.is("env"))
            .flat_map(|command| &command.args);
        args.filter_map(|arg| arg.text.strip_prefix(NAME)?.strip_prefix('=')).any(is_true)
    };
    set.as_deref().is_some_and(is_true) || assigned() || exported()
}

fn is_true(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes")
}
