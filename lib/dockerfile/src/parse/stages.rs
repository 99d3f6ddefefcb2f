use super::Context;
use crate::{ErrorKind, Instruction, Kind, Stage};
use plimsoll_base::Span;

/// Groups the instructions into stages, and reports what the builder refuses about their order.
pub(super) fn group<'a>(cx: &mut Context<'a>, instructions: &[Instruction<'a>]) -> Vec<Stage<'a>> {
    let mut stages: Vec<Stage<'a>> = Vec::new();
    for (at, instruction) in instructions.iter().enumerate() {
        if let Kind::From(from) = &instruction.kind {
            stages.push(Stage {
                index: stages.len(),
                name: from.name.clone(),
                base: from.base.clone(),
                instructions: at..at + 1,
            });
        } else if let Some(stage) = stages.last_mut() {
            stage.instructions.end = at + 1;
        }
    }
    let Some(first) = instructions.first() else {
        if cx.directives.iter().all(|directive| cx.source[directive.span.range()].starts_with('#')) {
            cx.error(ErrorKind::Empty, Span::default(), "no instruction in the file");
        }
        return stages;
    };
    let Some(stage) = stages.first() else {
        cx.error(ErrorKind::MissingFrom, first.keyword, "no `FROM` in the file");
        return stages;
    };
    for instruction in &instructions[..stage.instructions.start] {
        if !matches!(instruction.kind, Kind::Arg(_) | Kind::Unknown) {
            let name = instruction.keyword_kind().name();
            cx.error(ErrorKind::BeforeFrom, instruction.keyword, format!("`{name}` before the first `FROM`"));
        }
    }
    stages
}
