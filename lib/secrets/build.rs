//! Leaves the comments and examples out of the table that the program carries, and names the version of the sources.

#[path = "../source_hash.rs"]
mod source_hash;

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    source_hash::name_version()?;
    let table = fs::read_to_string("src/kinds.txt")?;
    let is_left_out = |line: &&str| !["#", "yes: ", "no: ", "low: "].iter().any(|start| line.starts_with(start));
    let lean: Vec<&str> = table.lines().filter(is_left_out).filter(|line| !line.is_empty()).collect();
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    fs::write(Path::new(&out).join("kinds.txt"), lean.join("\n"))
}
