use plimsoll_base::{LineIndex, Span};
use plimsoll_compose::{Compose, NodeKind};
use plimsoll_dockerfile::{Dockerfile, Instruction};
use plimsoll_engine::{CommentLine, Date, Suppressions};
use std::collections::HashMap;

/// What the comments of a Dockerfile silence on a day.
pub(crate) fn suppressions(file: &Dockerfile<'_>, today: Option<Date>) -> Suppressions {
    let directives = file.directives.iter().map(|directive| CommentLine {
        text: file.source.get(directive.name.span.start as usize..directive.span.end as usize).unwrap_or(""),
        instruction: None,
        stage: None,
        directive: true,
        inside: false,
    });
    let mut lines: Vec<CommentLine<'_>> = directives.collect();
    // From the last comment to the first, so that a block of comments hands on what stands below it.
    let mut below: Option<(u32, Option<usize>)> = None;
    let mut next = file.instructions.len();
    let from = lines.len();
    for comment in file.comments.iter().rev() {
        while next > 0 && file.instructions[next - 1].span.start > comment.span.start {
            next -= 1;
        }
        let target = if comment.inside {
            next.checked_sub(1)
        } else {
            let follows = |start: u32| is_next_line(Span::new(comment.span.end, start).text(file.source));
            let instruction = file.instructions.get(next).map(|instruction| (instruction.span.start, Some(next)));
            [below, instruction].into_iter().flatten().find(|&(start, _)| follows(start)).and_then(|(_, target)| target)
        };
        if !comment.inside {
            below = Some((comment.span.start, target));
        }
        lines.push(CommentLine {
            text: comment.text,
            instruction: target.and_then(|index| file.instructions.get(index)).map(|instruction| instruction.span),
            stage: target.and_then(|index| stage_of(file, index)),
            directive: false,
            inside: comment.inside,
        });
    }
    lines[from..].reverse();
    Suppressions::new(lines, today)
}

/// Whether a text between two things is one line break and blanks.
fn is_next_line(between: &str) -> bool {
    between.len() < 1 << 12 && between.trim().is_empty() && between.bytes().filter(|&byte| byte == b'\n').count() == 1
}

/// The whole stage, where the instruction is its `FROM`.
fn stage_of(file: &Dockerfile<'_>, index: usize) -> Option<Span> {
    let at = file.stages.binary_search_by_key(&index, |stage| stage.instructions.start).ok()?;
    let instructions: &[Instruction<'_>] = file.stage_instructions(file.stages.get(at)?);
    Some(instructions.first()?.span.cover(instructions.last()?.span))
}

/// What the comments of a Compose file silence on a day. A comment speaks for what begins on its own line, or where it
/// stands alone for what begins on the next: the key or item there, with all that is in it.
pub(crate) fn compose_suppressions(file: &Compose<'_>, text: &str, today: Option<Date>) -> Suppressions {
    let comments = &file.yaml.comments;
    if !comments.iter().any(|comment| comment.text.contains("ignore") || comment.text.contains("skip")) {
        return Suppressions::default();
    }
    let index = LineIndex::new(text);
    let line = |offset: u32| index.line(offset);
    let beginning = beginnings(file, &line);
    let mut lines = Vec::with_capacity(comments.len());
    // From the last comment to the first, so that a block of comments hands on what stands below it.
    let mut below: Option<(u32, Option<Span>)> = None;
    for comment in comments.iter().rev() {
        let own = line(comment.span.start);
        let start = index.line_span(text, own).map_or(comment.span.start, |span| span.start);
        let is_alone = Span::new(start, comment.span.start).text(text).trim_start_matches('\u{feff}').trim().is_empty();
        let target = if is_alone {
            let handed_on = below.filter(|(next, _)| *next == own + 1).and_then(|(_, target)| target);
            handed_on.or_else(|| beginning.get(&(own + 1)).copied())
        } else {
            beginning.get(&own).copied()
        };
        below = is_alone.then_some((own, target));
        lines.push(CommentLine {
            text: comment.text,
            instruction: target,
            stage: None,
            directive: false,
            inside: false,
        });
    }
    lines.reverse();
    Suppressions::new(lines, today)
}

/// What begins on each line: the outermost key with its value, or item of a list.
fn beginnings(file: &Compose<'_>, line: &impl Fn(u32) -> u32) -> HashMap<u32, Span> {
    let yaml = &file.yaml;
    let mut found: HashMap<u32, Span> = HashMap::new();
    let mut add = |span: Span| {
        let first = found.entry(line(span.start)).or_insert(span);
        if (span.start, u32::MAX - span.end) < (first.start, u32::MAX - first.end) {
            *first = span;
        }
    };
    for node in yaml.nodes() {
        match &node.kind {
            NodeKind::Mapping(pairs) => {
                for &(key, value) in pairs {
                    add(yaml.raw(key).span.cover(yaml.raw(value).span));
                }
            }
            NodeKind::Sequence(items) => items.iter().for_each(|item| add(yaml.raw(*item).span)),
            _ => {}
        }
    }
    found
}
