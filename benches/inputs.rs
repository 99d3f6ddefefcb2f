//! What the benches read.

use std::path::{Path, PathBuf};

/// Real Dockerfiles with their paths: those under `PLIMSOLL_CORPUS`, else `../shared/corpus/dockerfiles` beside the
/// workspace, else the ten of `testdata/dockerfiles`.
pub fn dockerfiles() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let given = std::env::var_os("PLIMSOLL_CORPUS").map(PathBuf::from);
    let folders = [given, Some(root.join("../shared/corpus/dockerfiles")), Some(root.join("testdata/dockerfiles"))];
    let mut files = Vec::new();
    for folder in folders.into_iter().flatten() {
        collect(&folder, &mut files);
        if !files.is_empty() {
            break;
        }
    }
    files.sort();
    files
}

/// The bytes of all files together.
pub fn bytes(files: &[(PathBuf, String)]) -> usize {
    files.iter().map(|(_, text)| text.len()).sum()
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.push((path, text));
        }
    }
}
