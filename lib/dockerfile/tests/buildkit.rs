//! BuildKit's own test data, read from the corpus beside the workspace where that is there.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/dump.rs"]
mod dump;
mod support;

use plimsoll_dockerfile::expand::{expand, words};
use plimsoll_dockerfile::parse;
use std::fs;
use std::path::{Path, PathBuf};
use support::corpus;

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

#[test]
fn buildkit_testfiles_are_dumped_byte_for_byte() {
    let Some(path) = corpus("buildkit-parser") else { return };
    let mut checked = 0;
    for folder in folders(&path.join("testfiles")) {
        let source = fs::read_to_string(folder.join("Dockerfile")).unwrap();
        let expected = fs::read_to_string(folder.join("result")).unwrap();
        let file = parse(&source);
        assert_eq!(dump::dump(&file), expected, "{}", folder.display());
        checked += 1;
    }
    assert_eq!(checked, 33);
}

#[test]
fn buildkit_negative_testfiles_are_refused() {
    let Some(path) = corpus("buildkit-parser") else { return };
    let mut refused = 0;
    for folder in folders(&path.join("testfiles-negative")) {
        let source = fs::read_to_string(folder.join("Dockerfile")).unwrap();
        assert!(!parse(&source).errors.is_empty(), "{}", folder.display());
        refused += 1;
    }
    assert_eq!(refused, 4);
}

#[test]
fn buildkit_expands_variables() {
    let Some(path) = corpus("buildkit-parser") else { return };
    let data = fs::read_to_string(path.join("envVarTest")).unwrap();
    let variables = [("PWD", "/home"), ("SHELL", "bash"), ("KOREAN", "한국어"), ("NULL", "")];
    let mut checked = 0;
    for line in data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [platform, word, expected] = fields[..] else { panic!("{line}") };
        let platforms: &[bool] = match platform {
            "A" => &[false, true],
            "U" => &[false],
            "W" => &[true],
            _ => panic!("{line}"),
        };
        for &windows in platforms {
            let value = expand(word, '\\', |name| {
                let is_named = |key: &str| if windows { key.eq_ignore_ascii_case(name) } else { key == name };
                variables.iter().find(|(key, _)| is_named(key)).map(|&(_, value)| value)
            });
            match value {
                Ok(expansion) => assert_eq!(expansion.value, expected, "{line}"),
                Err(error) => assert_eq!(expected, "error", "{line}: {error}"),
            }
        }
        checked += 1;
    }
    assert_eq!(checked, 230);
}

#[test]
fn buildkit_splits_words() {
    let Some(path) = corpus("buildkit-parser") else { return };
    let data = fs::read_to_string(path.join("wordsTest")).unwrap();
    let mut variables: Vec<(String, String)> = Vec::new();
    let mut checked = 0;
    for line in data.lines().filter(|line| !line.starts_with('#')) {
        if let Some(pair) = line.strip_prefix("ENV ") {
            let (name, value) = pair.trim_start().split_once('=').unwrap();
            variables.push((name.to_owned(), value.to_owned()));
            continue;
        }
        let (text, expected) = line.split_once('|').unwrap();
        let expected: Vec<&str> = expected.trim_start_matches(' ').split(',').collect();
        let lookup = |name: &str| variables.iter().rfind(|(key, _)| key == name).map(|(_, value)| &**value);
        match words(text.trim(), '\\', lookup) {
            Ok(words) => assert_eq!(words, expected, "{line}"),
            Err(error) => assert_eq!(expected, ["error"], "{line}: {error}"),
        }
        checked += 1;
    }
    assert_eq!(checked, 24);
}
