//! Parsing alone, over all inputs on one core, beside the crate `parse-dockerfile` in the same run.
//!
//! `cargo bench -p plimsoll-benches --bench parse`

use divan::Bencher;
use divan::counter::BytesCount;
use plimsoll_benches::{bytes, dockerfiles};

fn main() {
    divan::main();
}

#[divan::bench]
fn plimsoll(bencher: Bencher) {
    let files = dockerfiles();
    bencher
        .counter(BytesCount::new(bytes(&files)))
        .bench(|| files.iter().map(|(_, text)| plimsoll_dockerfile::parse(text).instructions.len()).sum::<usize>());
}

#[divan::bench]
fn plimsoll_tokens(bencher: Bencher) {
    let files = dockerfiles();
    bencher.counter(BytesCount::new(bytes(&files))).bench(|| {
        files
            .iter()
            .map(|(_, text)| plimsoll_dockerfile::tokens(&plimsoll_dockerfile::parse(text)).len())
            .sum::<usize>()
    });
}

/// It gives up at the first error, so it reads less than all.
#[divan::bench]
fn parse_dockerfile(bencher: Bencher) {
    let files = dockerfiles();
    bencher.counter(BytesCount::new(bytes(&files))).bench(|| {
        files
            .iter()
            .map(|(_, text)| parse_dockerfile::parse(text).map_or(0, |file| file.instructions.len()))
            .sum::<usize>()
    });
}
