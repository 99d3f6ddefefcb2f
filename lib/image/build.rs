//! Names the version of the sources: what is kept of layers between runs is of one version only.

#[path = "../source_hash.rs"]
mod source_hash;

fn main() -> std::io::Result<()> {
    source_hash::name_version()
}
