use plimsoll_base::Span;
use plimsoll_dockerfile::{Dockerfile, Instruction};
use plimsoll_engine::{CommentLine, Date, Suppressions};

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
