use crate::prelude::*;
use crate::support::managers::PIP;
use crate::support::python::{is_plain_pip, pip_args};
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
    check: Script(check),
}

const CACHE: &str = "/.cache/pip";

fn check<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
    let at = script.at;
    let mut off = false;
    // What concerns the whole script is worked out where the first call is found.
    let mut last_cleanup = None;
    let mut anywhere = None;
    for (index, command) in script.commands().iter().enumerate() {
        let switched = switches_off(command);
        // What stands before a command is for that one alone.
        off |= switched && matches!(&*command.name.text, "" | "export" | "env");
        let cmd = Cmd { script, index, command };
        let Some(args) = pip_args(&cmd).filter(|_| !off && !switched && !cmd.is("pipx")) else { continue };
        let Some(call) = PIP.call(args).filter(|call| call.is(&["install"])) else { continue };
        if args.iter().any(|arg| arg.text.starts_with("--no-cache")) {
            continue;
        }
        let cleanup = match last_cleanup {
            Some(position) => position,
            None if cleanup::mounted(&at, CACHE) || cleanup::mounted_like(&at, "pip") || is_off(cx, &at) => return,
            None => script.commands().iter().rposition(purges).max(cleanup::last_removal(script, CACHE)),
        };
        last_cleanup = Some(cleanup);
        let quiet = cleanup > Some(index)
            || !cleanup::in_final_image(cx, &at)
            || args.iter().any(|arg| arg.text.starts_with("--cache-dir"))
            || prompts::may_be_answered(cx, &cmd);
        let fix = prompts::add_flag(cx, &cmd, call.verb, "--no-cache-dir");
        // hadolint is content with the variable anywhere in the `RUN`.
        let switched_anywhere = *anywhere.get_or_insert_with(|| script.commands().iter().any(switches_off));
        let hadolint = is_plain_pip(&cmd, args) && !switched_anywhere;
        let finding = cx.report(call.place(&cmd), "`pip install` without `--no-cache-dir`");
        finding.fix(Fix::safe("add `--no-cache-dir`", fix));
        finding.only_aliases(|_| hadolint);
        if quiet {
            finding.quiet();
        }
    }
}

/// Whether the command is `pip cache purge` or its like.
fn purges(command: &shell::Command<'_>) -> bool {
    let is = |text: &str| command.args.iter().any(|arg| arg.text == text);
    is("cache") && (is("purge") || is("remove"))
}

const NAME: &str = "PIP_NO_CACHE_DIR";

/// Whether `ENV` or `ARG` switches the cache off.
fn is_off(cx: &Cx<'_>, at: &At<'_>) -> bool {
    at.stage.and_then(|stage| cx.facts.value(stage, at.index, NAME)).as_deref().is_some_and(is_true)
}

/// Whether the command, or what it exports, switches the cache off.
fn switches_off(command: &shell::Command<'_>) -> bool {
    let exported = |arg: &shell::Word<'_>| {
        arg.text.strip_prefix(NAME).and_then(|rest| rest.strip_prefix('=')).is_some_and(is_true)
    };
    command.assignments.iter().any(|it| it.name == NAME && is_true(&it.value.text))
        || (command.is("export") || command.is("env")) && command.args.iter().any(exported)
}

fn is_true(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "1" | "true" | "on" | "yes")
}
