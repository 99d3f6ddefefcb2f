//! Edits that several fixes make.

use crate::prelude::*;

/// The lines that an instruction takes up, its last line break included; `None` where something else stands on them,
/// or where a comment right above may speak of it.
pub(crate) fn lines_of(cx: &Cx<'_>, instruction: &Instruction<'_>) -> Option<Span> {
    let source = cx.file.source;
    let before = source.get(..instruction.span.start as usize)?;
    let head = before.trim_end_matches([' ', '\t']);
    if !(head.is_empty() || head.ends_with('\n')) {
        return None;
    }
    let above = head.strip_suffix('\n').and_then(|head| head.rsplit('\n').next()).unwrap_or("");
    if above.trim_start().starts_with('#') {
        return None;
    }
    let after = source.get(instruction.span.end as usize..)?;
    let blanks = after.len() - after.trim_start_matches([' ', '\t', '\r']).len();
    let tail = after.get(blanks..)?;
    let line_break = match tail.chars().next() {
        Some('\n') => 1,
        None => 0,
        Some(_) => return None,
    };
    Some(Span::new(head.len() as u32, instruction.span.end + blanks as u32 + line_break))
}
