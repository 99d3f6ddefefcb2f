use crate::palette::Palette;
use crate::sanitize::{diff_line, inline};
use similar::{ChangeTag, TextDiff};
use std::io;

/// Writes what changes between two versions of a file as a unified diff with three lines of context; nothing where
/// nothing changes. Both texts must be masked.
///
/// The diff can be applied, but for lines with characters that must not reach a terminal: these are shown escaped.
pub fn unified_diff(path: &str, before: &str, after: &str, colour: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let Palette { strong, dim, added, removed, .. } = Palette::new(colour);
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    for (index, hunk) in unified.context_radius(3).iter_hunks().enumerate() {
        if index == 0 {
            let path = inline(path.trim_start_matches('/'));
            writeln!(out, "{strong}--- a/{path}\n+++ b/{path}{strong:#}")?;
        }
        writeln!(out, "{dim}{}{dim:#}", hunk.header())?;
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Equal => (' ', anstyle::Style::new()),
                ChangeTag::Insert => ('+', added),
                ChangeTag::Delete => ('-', removed),
            };
            let line = change.value();
            let text = line.trim_end_matches('\n');
            let line_break = &line[text.len()..];
            // The carriage return of a line break is no more than that; anywhere else it would overwrite the line.
            let (text, line_break) = match text.strip_suffix('\r') {
                Some(text) if !line_break.is_empty() => (text, "\r\n"),
                _ => (text, "\n"),
            };
            write!(out, "{style}{sign}{}{style:#}{line_break}", diff_line(text, change.tag() != ChangeTag::Equal))?;
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}
