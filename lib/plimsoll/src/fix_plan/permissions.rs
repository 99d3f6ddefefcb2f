//! Permissions and owners of files, as a script of `chown` and `chmod`.

use super::quote::{is_plain, shell};
use super::{PlanFile, PlannedStep};
use plimsoll_engine::Step;
use std::collections::BTreeMap;
use std::fmt::Write;

pub(super) const NAME: &str = "permissions.sh";

const HEAD: &str = "#!/bin/sh
# Gives files of the engine back to their owners and takes permissions away; adds none. Read it before you run it, as
# root. Behind each command stands what was there.
set -eu
";

/// What is to be done to one file.
#[derive(Default)]
struct Change<'p> {
    checks: Vec<&'p str>,
    owner: Option<((u32, u32), &'static str)>,
    mode: Option<(u32, u32)>,
}

/// The script; nothing where no file is to be changed.
pub(super) fn file(steps: &mut [PlannedStep]) -> Option<PlanFile> {
    for planned in steps.iter_mut() {
        if let Step::Mode { path, .. } | Step::Owner { path, .. } = &planned.step
            && !(path.starts_with('/') && is_plain(path))
        {
            planned.refused = Some("the file's name holds characters that do not show".to_owned());
        }
    }
    let mut changes: BTreeMap<&str, Change<'_>> = BTreeMap::new();
    for planned in steps.iter().filter(|planned| planned.refused.is_none()) {
        match &planned.step {
            Step::Mode { path, from, to } => {
                let change = changes.entry(path).or_default();
                change.checks.push(&planned.check);
                // Several checks may each take some bits away.
                change.mode = Some((*from, change.mode.map_or(*to, |(_, before)| before & to)));
            }
            Step::Owner { path, from, to } => {
                let change = changes.entry(path).or_default();
                change.checks.push(&planned.check);
                change.owner = Some((*from, to));
            }
            Step::Setting { .. } | Step::Unset { .. } | Step::Watch { .. } => {}
        }
    }
    if changes.is_empty() {
        return None;
    }
    let mut text = HEAD.to_owned();
    // Writing into a string cannot fail.
    for (path, change) in changes {
        let _ = write!(text, "\n# {}\n", change.checks.join(", "));
        if let Some(((uid, gid), to)) = change.owner {
            let _ = writeln!(text, "chown {to} {} # was {uid}:{gid}", shell(path));
        }
        if let Some((from, to)) = change.mode {
            let _ = writeln!(text, "chmod {to:04o} {} # was {from:04o}", shell(path));
        }
    }
    Some(PlanFile { name: NAME.to_owned(), text, is_daemon_json: false })
}
