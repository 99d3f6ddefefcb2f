//! How fast a layer is read, one core: entries alone, with its digest, and with secrets; plain, gzip and zstd. Bytes a
//! second are those of the uncompressed layer.

use divan::Bencher;
use divan::counter::BytesCount;
use plimsoll_image::fixtures::TarWriter;
use plimsoll_image::{Budget, Extraction, Limits, extract};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn main() {
    divan::main();
}

/// What a system shares and its libraries, up to 128 MB, as a layer.
fn layer() -> Vec<u8> {
    const MOST: usize = 128_000_000;
    let mut files = Vec::new();
    collect(Path::new("/usr/share"), &mut files);
    collect(Path::new("/usr/lib"), &mut files);
    files.sort();
    let (mut tar, mut size) = (TarWriter::new(), 0);
    // Every fourth one, so that both folders have a part in it.
    for file in files.iter().step_by(4) {
        let content = fs::read(file).unwrap_or_default();
        size += content.len();
        if size > MOST {
            break;
        }
        tar.file(file.to_string_lossy().trim_start_matches('/'), &content);
    }
    tar.finish()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&entry.path(), files),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
}

const WHAT: [&str; 3] = ["entries", "digest", "digest and secrets"];

fn extraction(what: &str) -> Extraction {
    Extraction { verify: what != "entries", secrets: what == "digest and secrets", ..Extraction::default() }
}

fn run(bencher: Bencher<'_, '_>, what: &str, code: fn(&[u8]) -> Vec<u8>) {
    let plain = layer();
    let stored = code(&plain);
    plimsoll_secrets::kinds();
    bencher.counter(BytesCount::of_slice(&plain)).bench(|| {
        let budget = Budget::new(Limits::default());
        extract(stored.as_slice(), extraction(what), &budget).map(|facts| facts.entry_count())
    });
}

#[divan::bench(args = WHAT, sample_count = 5, sample_size = 1)]
fn plain(bencher: Bencher<'_, '_>, what: &str) {
    run(bencher, what, <[u8]>::to_vec);
}

#[divan::bench(args = WHAT, sample_count = 5, sample_size = 1)]
fn gzip(bencher: Bencher<'_, '_>, what: &str) {
    run(bencher, what, |bytes| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        // Into memory, which does not fail.
        let _ = encoder.write_all(bytes);
        encoder.finish().unwrap_or_default()
    });
}

#[divan::bench(args = WHAT, sample_count = 5, sample_size = 1)]
fn zstd(bencher: Bencher<'_, '_>, what: &str) {
    run(bencher, what, |bytes| ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest));
}
