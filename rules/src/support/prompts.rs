//! Whether the question that a package manager asks before it changes anything is answered.

use crate::prelude::*;
use crate::support::packages::{Call, Manager, calls};

/// The script's calls of a manager that ask and get no answer by a flag.
pub(crate) fn unanswered<'c>(
    script: &'c RunScript<'c>,
    manager: &'static Manager,
    asks: impl Fn(&Call<'_, '_>) -> bool,
    answers: impl Fn(&[shell::Word<'_>]) -> bool,
) -> Vec<(Cmd<'c>, Call<'c, 'c>)> {
    calls(script, manager).filter(|(cmd, call)| asks(call) && !answers(cmd.args())).collect()
}

/// Whether an answer may come from elsewhere than the command's own words: from `yes |`, or from a variable whose
/// value the file does not tell.
pub(crate) fn may_be_answered(cx: &Cx<'_>, cmd: &Cmd<'_>) -> bool {
    let piped = cmd.pipeline.is_some_and(|(_, part)| part > 0);
    piped || cmd.args().iter().any(|word| may_be_flags(cx, cmd, word))
}

/// Whether a variable stands where flags may stand and holds some, or nobody knows what.
fn may_be_flags(cx: &Cx<'_>, cmd: &Cmd<'_>, word: &shell::Word<'_>) -> bool {
    if !word.expands || word.quoted || !word.text.starts_with('$') {
        return false;
    }
    let at = cmd.at();
    let value = at.stage.and_then(|stage| cx.facts.expand(stage, at.index, &word.text));
    value.is_none_or(|value| value.split_whitespace().any(|word| word.starts_with('-')))
}

/// Whether this script, or one shortly before it, mentions the manager's setting that answers for good.
pub(crate) fn is_configured(cx: &Cx<'_>, script: &RunScript<'_>, setting: &str) -> bool {
    // Scripts further back are not searched, so that the work for a file with many of them stays linear.
    const MOST: usize = 32;
    let scripts = cx.facts.scripts();
    let end = scripts.partition_point(|other| other.at.index <= script.at.index);
    let nearest = scripts.get(end.saturating_sub(MOST)..end).unwrap_or_default();
    nearest.iter().filter_map(|other| other.text).any(|text| text.text.to_ascii_lowercase().contains(setting))
}

/// Adds a flag behind a word of a command, in the quotes that exec form asks for.
pub(crate) fn add_flag(cx: &Cx<'_>, cmd: &Cmd<'_>, behind: &shell::Word<'_>, flag: &str) -> Edit {
    let place = cmd.place(behind);
    let exec_form = cmd.script.text.is_none() && cx.text(place).starts_with('"');
    let added = if exec_form { format!(", \"{flag}\"") } else { format!(" {flag}") };
    Edit::insert(place.end, added)
}

/// Reports calls of `yum` or `dnf` that ask. hadolint knows the manager by the names in `hadolint`.
pub(crate) fn check_rpm<'c>(cx: &mut Cx<'c>, script: &'c RunScript<'c>, manager: &'static Manager, hadolint: &[&str]) {
    let known = |call: &Call<'_, '_>| {
        let verb = [call.verb].into_iter().chain(call.operands.iter().copied());
        verb.into_iter().any(|word| matches!(&*word.text, "install" | "groupinstall" | "localinstall"))
    };
    let found = unanswered(script, manager, |call| asks_rpm(call) || known(call), |args| answers_rpm(manager, args));
    if found.is_empty() {
        return;
    }
    let configured = is_configured(cx, script, "assumeyes=");
    for (cmd, call) in found {
        // `microdnf` never asks; its `-y` is there for the sake of scripts.
        let quiet = configured || cmd.is("microdnf") || may_be_answered(cx, &cmd);
        let fix = add_flag(cx, &cmd, call.verb, "-y");
        let finding = cx.report(call.place(&cmd), format!("`{}` without `-y`", call.shown(&cmd)));
        finding.fix(Fix::safe("add `-y`", fix));
        finding.only_aliases(|_| hadolint.contains(&&*cmd.name.text) && known(&call));
        if quiet {
            finding.quiet();
        }
    }
}

fn asks_rpm(call: &Call<'_, '_>) -> bool {
    const ASKING: &[&str] = &[
        "autoremove",
        "builddep",
        "distro-sync",
        "downgrade",
        "erase",
        "groupinstall",
        "groupremove",
        "groupupdate",
        "in",
        "install",
        "localinstall",
        "rei",
        "reinstall",
        "remove",
        "rm",
        "swap",
        "up",
        "update",
        "upgrade",
        "upgrade-minimal",
    ];
    let second = call.operands.first().map_or("", |word| &*word.text);
    call.is(ASKING) || call.is(&["group", "groups", "module"]) && matches!(second, "install" | "remove" | "upgrade")
}

fn answers_rpm(manager: &Manager, args: &[shell::Word<'_>]) -> bool {
    let long = |arg: &shell::Word<'_>| {
        matches!(&*arg.text, "--assumeyes" | "--assumeno" | "--downloadonly") || arg.text.contains("assumeyes=")
    };
    manager.short(args, 'y') > 0 || args.iter().any(long)
}
