//! How fast bytes are searched for secrets, one core: source text of two languages, what a system shares, and machine
//! code. Reports bytes a second.

use divan::Bencher;
use divan::counter::BytesCount;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    divan::main();
}

/// What is searched: a name, where it comes from, and how file names end.
const INPUTS: [(&str, &str, &str); 4] = [
    ("python", "/usr/lib/python3", ".py"),
    ("rust", "~/.cargo/registry/src", ".rs"),
    ("share", "/usr/share", ""),
    ("machine code", "/usr/lib/x86_64-linux-gnu", ".so"),
];

/// Files one after the other, up to 64 MB; empty where the folder is missing.
fn input(name: &str) -> Vec<u8> {
    const MOST: usize = 64_000_000;
    let Some((_, root, end)) = INPUTS.iter().find(|(other, ..)| *other == name) else { return Vec::new() };
    let home = std::env::var("HOME").unwrap_or_default();
    let mut files = Vec::new();
    collect(Path::new(&root.replace('~', &home)), end, &mut files);
    files.sort();
    let mut bytes = Vec::new();
    for file in files {
        if bytes.len() >= MOST {
            break;
        }
        bytes.extend(fs::read(file).unwrap_or_default());
    }
    bytes.truncate(MOST);
    bytes
}

fn collect(folder: &Path, end: &str, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&path, end, files),
            Ok(kind) if kind.is_file() && path.to_string_lossy().ends_with(end) => files.push(path),
            _ => {}
        }
    }
}

/// In memory.
#[divan::bench(args = INPUTS.map(|(name, ..)| name), sample_count = 20, sample_size = 1)]
fn scan(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = input(name);
    plimsoll_secrets::kinds();
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| plimsoll_secrets::scan(&bytes).len());
}

/// In chunks of 32 KiB, as they come out of a layer.
#[divan::bench(args = INPUTS.map(|(name, ..)| name), sample_count = 20, sample_size = 1)]
fn feed(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = input(name);
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let mut count = 0;
        let mut scanner = plimsoll_secrets::Scanner::new("");
        for chunk in bytes.chunks(32 * 1024) {
            scanner.feed(chunk, &mut |_| count += 1);
        }
        scanner.finish(&mut |_| count += 1);
        count
    });
}
