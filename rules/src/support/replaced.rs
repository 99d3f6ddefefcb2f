//! Instructions of which only the last in a stage counts.

use super::edits;
use crate::prelude::*;

/// Reports the instructions of a keyword that a later one of the stage replaces.
///
/// BuildKit marks the earlier one, which has no effect, and so do we; hadolint and trivy mark the later one (trivy only
/// the second of all), which those get who ask for their ids.
pub(crate) fn report<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>, keyword: Keyword) {
    let name = keyword.name();
    let all: Vec<&Instruction<'c>> = stage.of(keyword).collect();
    for (position, pair) in all.windows(2).enumerate() {
        let [earlier, later] = pair else { continue };
        let lines = edits::lines_of(cx, earlier);
        let finding = cx.report(earlier.keyword, format!("this `{name}` has no effect: a later one replaces it"));
        finding.only_aliases(|alias| alias == "MultipleInstructionsDisallowed");
        finding.related(later.keyword, "the one that replaces it");
        if let Some(lines) = lines {
            finding.fix(Fix::safe(format!("delete this `{name}`"), Edit::delete(lines)));
        }
        let finding = cx.report(later.keyword, format!("this `{name}` replaces an earlier one"));
        finding.related(earlier.keyword, "the one that has no effect").quiet();
        finding.only_aliases(|alias| match alias {
            "MultipleInstructionsDisallowed" => false,
            _ => alias.starts_with("DL") || position == 0,
        });
    }
}
