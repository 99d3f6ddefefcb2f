use crate::cx::At;
use plimsoll_dockerfile::{Dockerfile, Kind};

/// Every instruction in its order, and behind each `ONBUILD` the one that it defers.
pub(super) fn find<'c>(file: &'c Dockerfile<'c>) -> Vec<At<'c>> {
    let mut found = Vec::with_capacity(file.instructions.len());
    let mut stages = file.stages.iter().enumerate().peekable();
    let mut stage = None;
    for (index, instruction) in file.instructions.iter().enumerate() {
        if let Some((number, _)) = stages.next_if(|(_, stage)| stage.instructions.start == index) {
            stage = Some(number);
        }
        found.push(At { instruction, index, stage, onbuild: false });
        if let Kind::OnBuild(Some(inner)) = &instruction.kind {
            found.push(At { instruction: inner, index, stage, onbuild: true });
        }
    }
    found
}
