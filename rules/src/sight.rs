//! Places at which peers do not look: what stands behind `ONBUILD`, behind `sudo` and its like, and the shell texts that
//! containers run.

use crate::facts::Facts;
use plimsoll_base::Span;
use plimsoll_dockerfile::{Instruction, Kind};
use plimsoll_engine::Finding;

/// Takes those aliases off a finding whose peers do not look at its place, so that rules need not care.
pub(crate) fn limit(facts: &Facts<'_>, finding: &mut Finding) {
    if finding.aliases.is_empty() {
        return;
    }
    let instructions = &facts.file.instructions;
    let place = finding.span;
    let Some(index) = instructions.partition_point(|it| it.span.start <= place.start).checked_sub(1) else { return };
    let Some(mut instruction) = instructions.get(index) else { return };
    if let Some(deferred) = deferred(instruction).filter(|deferred| deferred.span.encloses(place)) {
        finding.only_aliases(is_seen_behind_onbuild);
        instruction = deferred;
    }
    if matches!(instruction.kind, Kind::Run(_)) && is_hidden_from_hadolint(facts, index, place) {
        finding.only_aliases(|alias| !alias.starts_with("DL"));
    }
    if matches!(instruction.kind, Kind::Cmd(_) | Kind::Entrypoint(_) | Kind::Healthcheck(_))
        && finding.alias_names().any(|alias| alias.starts_with("SC"))
    {
        // hadolint hands the text of `RUN` to ShellCheck, and no other.
        finding.beyond_peers();
    }
}

fn deferred<'f, 'c>(instruction: &'f Instruction<'c>) -> Option<&'f Instruction<'c>> {
    match &instruction.kind {
        Kind::OnBuild(deferred) => deferred.as_deref(),
        _ => None,
    }
}

/// Whether the peer looks at the instruction behind `ONBUILD`. trivy and checkov never do. BuildKit keeps it as text,
/// so that just its parser can speak of it. Of hadolint's checks it is those of commands and of secrets' names.
fn is_seen_behind_onbuild(alias: &str) -> bool {
    const CHECKS: [&str; 34] = [
        "DL1000",
        "DL1001",
        "DL3001",
        "DL3004",
        "DL3008",
        "DL3009",
        "DL3013",
        "DL3014",
        "DL3015",
        "DL3016",
        "DL3018",
        "DL3019",
        "DL3027",
        "DL3028",
        "DL3030",
        "DL3032",
        "DL3033",
        "DL3034",
        "DL3035",
        "DL3036",
        "DL3037",
        "DL3038",
        "DL3040",
        "DL3041",
        "DL3042",
        "DL3043",
        "DL3046",
        "DL3047",
        "DL3060",
        "DL3062",
        "DL3064",
        "DL4001",
        "DL4005",
        "NoEmptyContinuation",
    ];
    let peer = alias.starts_with("DS-") || alias.starts_with("CKV") || alias.starts_with("DL") || is_buildkit(alias);
    !peer || CHECKS.contains(&alias)
}

/// Whether it is one of BuildKit's names, which are words in mixed case without a dash or a digit.
fn is_buildkit(alias: &str) -> bool {
    alias.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Whether hadolint does not see the innermost command at the place. It takes what stands before it, such as `sudo`, for
/// the command, but sees through what the shell itself knows, and through a heredoc for a shell (`RUN <<EOF bash`). The
/// words of an exec form are one text to it, so that `sh -c` swallows the first command.
fn is_hidden_from_hadolint(facts: &Facts<'_>, index: usize, place: Span) -> bool {
    // Substitutions stand between a command's name and its last word; nobody has many of them.
    const MOST: usize = 16;
    let scripts = facts.scripts();
    let first = scripts.partition_point(|script| script.at.index < index);
    let here = scripts.iter().skip(first).take_while(|script| script.at.index == index);
    here.into_iter().any(|script| {
        let commands = script.commands();
        let before = commands.partition_point(|command| script.place(command.span).start <= place.start);
        let mut nearest = commands.iter().enumerate().take(before).rev().take(MOST);
        let around = nearest.find(|(_, command)| script.place(command.span).encloses(place));
        around.is_some_and(|(position, command)| match command.wrapper {
            None => position == 0 && script.is_inner(),
            Some("builtin" | "command" | "exec" | "time") => false,
            Some(_) => !script.text.is_some_and(|text| text.text.starts_with("<<")),
        })
    })
}
