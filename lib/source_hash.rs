//! Names the version of a crate's sources: what is kept between runs is of one version only. A part of build scripts.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Sets `PLIMSOLL_SOURCES` for the crate that is built.
pub(crate) fn name_version() -> io::Result<()> {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=../source_hash.rs");
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        hasher.write(&fs::read(file)?);
    }
    println!("cargo:rustc-env=PLIMSOLL_SOURCES={:016x}", hasher.finish());
    Ok(())
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sources(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
