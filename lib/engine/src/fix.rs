use crate::{Edit, Finding, Fix, Safety};

/// A text after fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The text.
    pub text: String,
    /// How many fixes were applied.
    pub count: usize,
}

/// The fix of each finding that can be applied together: the first one that is safe enough, left out where it
/// overlaps one chosen earlier (a later pass takes it).
pub fn choose<'f>(findings: impl IntoIterator<Item = &'f Finding>, allowed: Safety) -> Vec<&'f Fix> {
    let mut candidates: Vec<&Fix> = findings
        .into_iter()
        .filter_map(|finding| finding.fixes.iter().find(|fix| fix.safety <= allowed))
        .filter(|fix| !fix.edits.is_empty())
        .collect();
    candidates.sort_by_key(|fix| (fix.edits[0].span, fix.edits[fix.edits.len() - 1].span));
    let mut chosen: Vec<&Fix> = Vec::new();
    let mut end = None;
    for fix in candidates {
        // Fixes are taken whole and in order, so comparing with the end of the last one finds every overlap. Two
        // insertions at one place are an overlap too: their order would be arbitrary.
        let first = &fix.edits[0];
        let last = &fix.edits[fix.edits.len() - 1];
        let clear = end.is_none_or(|end| first.span.start > end || first.span.start == end && !first.span.is_empty());
        if clear {
            end = Some(last.span.end);
            chosen.push(fix);
        }
    }
    chosen
}

/// Applies fixes that [`choose`] found compatible. Bytes outside their edits stay as they are.
pub fn apply(text: &str, fixes: &[&Fix]) -> Applied {
    let mut edits: Vec<&Edit> = fixes.iter().flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut result = String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
    let mut at = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if start < at || text.get(start..end).is_none() {
            continue;
        }
        result.push_str(text.get(at..start).unwrap_or(""));
        result.push_str(&edit.text);
        at = end;
    }
    result.push_str(text.get(at..).unwrap_or(""));
    Applied { text: result, count: fixes.len() }
}
