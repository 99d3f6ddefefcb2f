//! The shell texts of every `RUN`, in memory on one core: as commands by our own reader, and through ShellCheck's rules.
//!
//! `cargo bench -p plimsoll-benches --bench shell`. Equal texts are checked once, as in a run over many files: each
//! round begins with an empty checker.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use plimsoll_benches::dockerfiles;
use plimsoll_dockerfile::{Kind, parse};
use plimsoll_shell::Dialect;
use plimsoll_shell::shellcheck::Checker;

fn main() {
    divan::main();
}

fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for (_, content) in dockerfiles() {
        texts.extend(parse(&content).instructions.iter().filter_map(|instruction| match &instruction.kind {
            Kind::Run(run) => run.script.as_ref().map(|script| script.text.text.to_string()),
            _ => None,
        }));
    }
    texts
}

fn counted<'a, 'b>(bencher: Bencher<'a, 'b>, texts: &[String]) -> Bencher<'a, 'b> {
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(ItemsCount::new(texts.len())).counter(BytesCount::new(bytes))
}

#[divan::bench]
fn commands(bencher: Bencher) {
    let texts = texts();
    let commands =
        |text: &String| plimsoll_shell::parse(text, Dialect::Posix).map_or(0, |script| script.commands.len());
    counted(bencher, &texts).bench(|| texts.iter().map(commands).sum::<usize>());
}

#[divan::bench]
fn shellcheck(bencher: Bencher) {
    // Numbers that no code has cost nothing.
    let codes: Vec<u16> = (1000..4000).collect();
    let texts = texts();
    counted(bencher, &texts).with_inputs(|| Checker::new(&codes)).bench_refs(|checker| {
        for text in &texts {
            drop(checker.check(text, Dialect::Posix, &[]));
        }
    });
}
