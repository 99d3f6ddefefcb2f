use super::lines::Text;
use super::{Context, Line, shown};
use crate::expand::lexer;
use crate::{ErrorKind, Heredoc};
use plimsoll_base::Span;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// The heredocs of an instruction, and where in its text the words stand that open them.
#[derive(Default)]
pub(super) struct Heredocs<'a> {
    pub(super) list: Vec<Heredoc<'a>>,
    pub(super) markers: Vec<Range<usize>>,
}

/// Finds the heredocs that the text opens, and reads their bodies from the lines behind it. A heredoc that is not
/// closed is reported and taken to have no body, so that the lines behind it are read as instructions.
pub(super) fn read<'a>(cx: &mut Context<'a>, text: &Text<'_, 'a>) -> Heredocs<'a> {
    let mut heredocs = Heredocs::default();
    if !text.content.contains("<<") {
        return heredocs;
    }
    for marker in markers(text.content) {
        let span = text.span(&marker.range);
        let start = cx.position;
        let terminator = find_terminator(cx, &marker.name, marker.strip_tabs);
        if let Some(line) = terminator {
            cx.position = line.next;
        } else {
            let message = format!("heredoc {} is never closed", shown(&marker.name));
            cx.error(ErrorKind::UnclosedHeredoc, span, message);
        }
        let written = text.cow(&marker.rest);
        heredocs.list.push(Heredoc {
            marker: span,
            name: if written == marker.name { written } else { Cow::Owned(marker.name) },
            descriptor: marker.descriptor,
            expand: marker.expand,
            strip_tabs: marker.strip_tabs,
            body: terminator.map_or(Span::empty(start as u32), |line| Span::from(start..line.start)),
            terminator: terminator.map(|line| Span::from(line.start..line.end)),
        });
        heredocs.markers.push(marker.range);
    }
    heredocs
}

/// A word that opens a heredoc.
#[derive(Debug)]
struct Marker {
    range: Range<usize>,
    /// What stands behind `<<` or `<<-` and the blanks there.
    rest: Range<usize>,
    name: String,
    descriptor: u32,
    expand: bool,
    strip_tabs: bool,
}

/// The words of the line that open heredocs. A line whose quotes or braces do not close opens none: that is how
/// builders read it.
fn markers(line: &str) -> Vec<Marker> {
    let words = lexer::raw_words(line).unwrap_or_default();
    words.into_iter().filter_map(|word| marker(line, &word)).collect()
}

/// A word of the form `[descriptor]<<[-]name`. Only the word as a whole counts: `a<<b` opens nothing, and
/// `<<b>c` has the name `b>c`.
fn marker(line: &str, range: &Range<usize>) -> Option<Marker> {
    let word = &line[range.clone()];
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let (descriptor, after) = word.split_at(digits);
    let after = after.strip_prefix("<<")?;
    let (strip_tabs, after) = match after.strip_prefix('-') {
        Some(after) => (true, after),
        None => (false, after),
    };
    let rest = after.trim_start_matches([' ', '\t', '\u{c}', '\r']);
    if rest.is_empty() || rest.contains('<') {
        return None;
    }
    let (name, expand) = lexer::heredoc_name(rest)?;
    Some(Marker {
        range: range.clone(),
        rest: range.end - rest.len()..range.end,
        name,
        descriptor: if descriptor.is_empty() { 0 } else { descriptor.parse().unwrap_or(u32::MAX) },
        expand,
        strip_tabs,
    })
}

/// The first unread line that is the name, behind tabs where those are stripped.
fn find_terminator(cx: &mut Context<'_>, name: &str, strip_tabs: bool) -> Option<Line> {
    if let Some(last_lines) = &cx.last_lines
        && !last_lines.has_after(name, strip_tabs, cx.position)
    {
        return None;
    }
    let mut position = cx.position;
    while let Some(line) = Line::at(cx.source, position) {
        if unindented(line.text(cx.source), strip_tabs) == name {
            return Some(line);
        }
        position = line.next;
    }
    cx.last_lines.get_or_insert_with(|| LastLines::new(cx.source));
    None
}

fn unindented(line: &str, strip_tabs: bool) -> &str {
    if strip_tabs { line.trim_start_matches('\t') } else { line }
}

/// Where each line's text stands last. A file full of unclosed heredocs would otherwise be searched to its end once
/// for each.
pub(super) struct LastLines<'a> {
    exact: HashMap<&'a str, usize>,
    unindented: HashMap<&'a str, usize>,
}

impl<'a> LastLines<'a> {
    fn new(source: &'a str) -> Self {
        let mut lines = Self { exact: HashMap::new(), unindented: HashMap::new() };
        let mut position = 0;
        while let Some(line) = Line::at(source, position) {
            let text = line.text(source);
            lines.exact.insert(text, line.start);
            lines.unindented.insert(unindented(text, true), line.start);
            position = line.next;
        }
        lines
    }

    fn has_after(&self, name: &str, strip_tabs: bool, position: usize) -> bool {
        let lines = if strip_tabs { &self.unindented } else { &self.exact };
        lines.get(name).is_some_and(|&start| start >= position)
    }
}
