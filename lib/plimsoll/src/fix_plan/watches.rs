//! Audit rules: those of small files, and those of folders that the engine writes into all the time.

use super::{PlanFile, PlannedStep};
use plimsoll_engine::{Risk, Step};
use std::collections::BTreeMap;

pub(super) const NAME: &str = "50-plimsoll-docker.rules";
pub(super) const BROAD: &str = "disruptive/51-plimsoll-docker-data.rules";

/// The files of rules that are needed.
pub(super) fn files(steps: &mut [PlannedStep]) -> Vec<PlanFile> {
    // By file, the path with the checks that ask for it.
    let mut rules: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for planned in steps {
        let Step::Watch { path, risk } = &planned.step else { continue };
        // Rules have no quotes: a blank would end the path, and begin an option.
        let is_word = |c: char| c.is_ascii_alphanumeric() || "/._+@:-".contains(c);
        if !path.starts_with('/') || !path.chars().all(is_word) {
            planned.refused = Some("audit rules cannot name such a path".to_owned());
            continue;
        }
        let name = if matches!(risk, Risk::Disruptive { .. }) { BROAD } else { NAME };
        rules.entry(name).or_default().entry(path.clone()).or_default().push(planned.check.clone());
    }
    let file = |(name, paths): (&str, BTreeMap<String, Vec<String>>)| {
        let lines = paths.iter().map(|(path, checks)| format!("# {}\n-w {path} -p wa -k docker\n", checks.join(", ")));
        PlanFile { name: name.to_owned(), text: lines.collect(), is_daemon_json: false }
    };
    rules.into_iter().map(file).collect()
}
