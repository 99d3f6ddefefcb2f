//! Linting in memory, over all inputs on one core; and one Dockerfile in growing sizes, whose time has to grow in step.
//!
//! `cargo bench -p plimsoll-benches --bench lint`; `benches/against-hadolint` compares whole programs.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use plimsoll::engine::{Preset, SelectionSpec};
use plimsoll::{Linter, Settings};
use plimsoll_benches::{bytes, dockerfiles};

fn main() {
    divan::main();
}

fn linter(preset: Preset) -> Linter {
    let spec = SelectionSpec { preset: Some(preset), ..SelectionSpec::default() };
    Linter::new(&Settings { spec, ..Settings::default() }).expect("presets hold known rules")
}

#[divan::bench(args = [Preset::Recommended, Preset::Hadolint, Preset::All])]
fn corpus(bencher: Bencher, preset: Preset) {
    let files = dockerfiles();
    let linter = linter(preset);
    bencher
        .counter(ItemsCount::new(files.len()))
        .counter(BytesCount::new(bytes(&files)))
        .bench(|| files.iter().map(|(_, text)| linter.lint("Dockerfile", text).findings.len()).sum::<usize>());
}

/// Megabytes of ordinary instructions in one file.
#[divan::bench(args = [1, 2, 4])]
fn one_large_file(bencher: Bencher, megabytes: usize) {
    const PIECE: &str = "COPY a b /srv/\nENV KEY=value\nRUN apt-get update && apt-get install -y curl\nLABEL a=b\n";
    let text = format!("FROM alpine:3.20\n{}", PIECE.repeat(megabytes * 1_000_000 / PIECE.len()));
    let linter = linter(Preset::Recommended);
    bencher.counter(BytesCount::new(text.len())).bench(|| linter.lint("Dockerfile", &text).findings.len());
}
