//! Leaves the comments and examples out of the table that the program carries, and names the version of the sources.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=src");
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        hasher.write(&fs::read(file)?);
    }
    println!("cargo:rustc-env=PLIMSOLL_SOURCES={:016x}", hasher.finish());
    let table = fs::read_to_string("src/kinds.txt")?;
    let is_left_out = |line: &&str| !["#", "yes: ", "no: ", "low: "].iter().any(|start| line.starts_with(start));
    let lean: Vec<&str> = table.lines().filter(is_left_out).filter(|line| !line.is_empty()).collect();
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    fs::write(Path::new(&out).join("kinds.txt"), lean.join("\n"))
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sources(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
