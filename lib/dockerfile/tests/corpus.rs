//! Every file of the corpus beside the workspace, and every truncation of each, where the corpus is there.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use plimsoll_dockerfile::{parse, tokens};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

/// The distinct contents of the files in a folder.
fn collect(folder: &Path, contents: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, contents);
        } else {
            contents.insert(fs::read_to_string(&path).unwrap());
        }
    }
}

fn contents() -> Option<Vec<String>> {
    let mut contents = BTreeSet::new();
    for folder in ["dockerfiles", "buildkit-parser/testfiles", "buildkit-parser/testfiles-negative"] {
        collect(&support::corpus(folder)?, &mut contents);
    }
    Some(contents.into_iter().collect())
}

/// Calls `check` for each text, on as many threads as the machine runs at once.
fn in_threads(texts: &[String], check: impl Fn(&str) + Sync) {
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(text) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
                    check(text);
                }
            });
        }
    });
}

#[test]
fn every_file_parses_and_its_tokens_give_it_back() {
    let Some(contents) = contents() else { return };
    in_threads(&contents, |source| {
        let file = parse(source);
        let joined: String = tokens(&file).iter().map(|token| token.span.text(source)).collect();
        assert_eq!(joined, source);
    });
}

#[test]
fn the_real_files_have_no_errors() {
    let Some(path) = support::corpus("dockerfiles") else { return };
    let mut contents = BTreeSet::new();
    collect(&path, &mut contents);
    for source in &contents {
        assert_eq!(parse(source).errors, [], "{source}");
    }
}

#[test]
fn every_truncation_parses() {
    let Some(contents) = contents() else { return };
    in_threads(&contents, |source| {
        // Cutting a file of n bytes everywhere reads n²/2 of them: of the few long ones, every k-th cut.
        let step = 1 + source.len() / 8_000;
        for (end, _) in source.char_indices().step_by(step) {
            assert_eq!(parse(&source[..end]).source.len(), end);
        }
    });
}
