//! What several of these tests share.
#![allow(dead_code, reason = "not every test uses everything")]

use plimsoll_dockerfile::{Dockerfile, Instruction};
use std::path::{Path, PathBuf};

/// A folder of the corpus beside the workspace; `None`, with a note, where it is not there.
pub(crate) fn corpus(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// Every instruction, those behind `ONBUILD` too.
pub(crate) fn instructions<'f, 'a>(file: &'f Dockerfile<'a>) -> Vec<&'f Instruction<'a>> {
    let mut all = Vec::new();
    for instruction in &file.instructions {
        all.push(instruction);
        if let plimsoll_dockerfile::Kind::OnBuild(Some(inner)) = &instruction.kind {
            all.push(inner);
        }
    }
    all
}
