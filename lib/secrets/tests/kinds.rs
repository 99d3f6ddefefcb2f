//! The table of kinds: every line is understood, every example is found, in every surrounding, and nothing else is.

use plimsoll_secrets::{Confidence, Match, kinds, scan};
use std::collections::BTreeSet;

const TABLE: &str = include_str!("../src/kinds.txt");

struct Entry {
    id: &'static str,
    /// Key and value of each line.
    lines: Vec<(&'static str, &'static str)>,
}

fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(id) = line.strip_prefix("= ") {
            entries.push(Entry { id, lines: Vec::new() });
        } else {
            let pair = line.split_once(": ").unwrap_or_else(|| panic!("not understood: {line}"));
            entries.last_mut().unwrap_or_else(|| panic!("outside of any kind: {line}")).lines.push(pair);
        }
    }
    entries
}

impl Entry {
    fn all(&self, key: &str) -> impl Iterator<Item = &'static str> {
        self.lines.iter().filter(move |(other, _)| *other == key).map(|(_, value)| *value)
    }

    fn confidence(&self) -> Confidence {
        match self.all("confidence").next() {
            Some("low") => Confidence::Low,
            Some("medium") => Confidence::Medium,
            _ => Confidence::High,
        }
    }

    /// Whether its form tells it without a name.
    fn stands_alone(&self) -> bool {
        self.all("shape").next().is_some() && self.all("near").next().is_none()
    }
}

/// An example without the mark that hides it from scanners, with line feeds where it writes them.
fn plain(example: &str) -> String {
    example.replace('·', "").replace("\\n", "\n")
}

fn of_kind(text: &[u8], id: &str) -> Vec<Match> {
    scan(text).into_iter().filter(|found| found.kind.id == id).collect()
}

#[test]
fn lines_are_understood() {
    let known = ["what", "gitleaks", "confidence", "near", "anchor", "shape", "check", "yes", "no", "low"];
    let mut ids = BTreeSet::new();
    for entry in entries() {
        assert!(ids.insert(entry.id), "{} twice", entry.id);
        for (key, value) in &entry.lines {
            assert!(known.contains(key), "{}: {key}", entry.id);
            assert!(!value.is_empty() && value.trim() == *value, "{}: {key}", entry.id);
        }
        assert_eq!(entry.all("what").count(), 1, "{}", entry.id);
        assert_eq!(entry.all("confidence").count(), 1, "{}", entry.id);
        assert!(entry.all("confidence").all(|word| ["high", "medium", "low"].contains(&word)), "{}", entry.id);
        let examples = entry.all("yes").count() + entry.all("no").count();
        assert!(examples >= 1, "{} has no examples", entry.id);
        if entry.all("shape").next().is_some() {
            assert!(entry.all("yes").next().is_some() && entry.all("no").next().is_some(), "{}", entry.id);
        }
    }
    let read: Vec<&str> = kinds().iter().map(|kind| kind.id).collect();
    let written: Vec<&str> = entries().iter().map(|entry| entry.id).collect();
    assert_eq!(read, written);
}

#[test]
fn examples_are_found() {
    let mut wrong = Vec::new();
    for entry in entries() {
        for example in entry.all("yes") {
            let text = plain(example);
            let found = of_kind(text.as_bytes(), entry.id);
            if !found.iter().any(|found| found.confidence >= entry.confidence().min(Confidence::Medium)) {
                wrong.push(format!("{}: {example}: {found:?} of {:?}", entry.id, scan(text.as_bytes())));
            }
        }
        for example in entry.all("low") {
            let found = of_kind(plain(example).as_bytes(), entry.id);
            if !matches!(&found[..], [found] if found.confidence == Confidence::Low) {
                wrong.push(format!("{}: low: {example}: {found:?}", entry.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn others_are_not() {
    let mut wrong = Vec::new();
    for entry in entries() {
        for example in entry.all("no") {
            let found = of_kind(plain(example).as_bytes(), entry.id);
            if !found.is_empty() {
                wrong.push(format!("{}: {example}: {found:?}", entry.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn surroundings() {
    let around: [(&str, &str); 16] = [
        ("", ""),
        ("TOKEN=", "\n"),
        ("export TOKEN='", "'\n"),
        ("{\"token\": \"", "\"}"),
        ("token: ", "\r\nnext: 1\r\n"),
        ("- name: x\n  value: \"", "\"\n"),
        ("<value>", "</value>"),
        ("https://host.internal/?key=", "&x=1"),
        ("https://host.internal/?key%3D", "%26x"),
        ("\"first\\n", "\\nlast\""),
        ("{\\\"token\\\":\\\"", "\\\"}"),
        ("\0\0", "\0\0"),
        ("\u{feff}", "\u{fffd}"),
        ("f(\"a\",\"", "\",1)"),
        ("\x1b[1m ", " \x1b[0m"),
        ("# ", " is what we use"),
    ];
    let mut wrong = Vec::new();
    for entry in entries().iter().filter(|entry| entry.stands_alone()) {
        for example in entry.all("yes") {
            let value = plain(example);
            for (before, after) in around {
                // A form with `%` of its own goes on there.
                if after.starts_with('%') && entry.all("shape").any(|shape| shape.contains("%]")) {
                    continue;
                }
                let text = format!("{before}{value}{after}");
                let found = of_kind(text.as_bytes(), entry.id);
                let start = |found: &Match| found.start as usize >= before.len();
                let end = |found: &Match| found.end as usize == before.len() + value.len();
                if !found.iter().any(|found| start(found) && end(found)) {
                    wrong.push(format!("{}: {before:?} {example} {after:?}: {found:?}", entry.id));
                }
            }
            for (before, after) in [("x", ""), ("", "x"), ("9", ""), ("", "9")] {
                let text = format!("{before}{value}{after}");
                let found = of_kind(text.as_bytes(), entry.id);
                let same = |found: &Match| text.get(found.start as usize..found.end as usize) == Some(&value);
                // A longer text may be as good a token, where the form has no fixed length.
                if found.iter().any(same) {
                    wrong.push(format!("{}: {before:?} {example} {after:?}: {found:?}", entry.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_kind_of_gitleaks_is_covered() {
    let ours: BTreeSet<&str> = kinds().iter().flat_map(|kind| kind.gitleaks.iter().copied()).collect();
    let theirs: BTreeSet<&str> = include_str!("gitleaks-8.30.txt").lines().collect();
    assert_eq!(theirs.len(), 222);
    assert_eq!(ours, theirs);
}

/// Nothing that is said of a match holds the value.
#[test]
fn values_are_not_shown() {
    for entry in entries() {
        for example in entry.all("yes") {
            let text = plain(example);
            for found in scan(text.as_bytes()) {
                let value = &text[found.start as usize..found.end as usize];
                let said =
                    format!("{found:?} {} {:?}", found.shown, found.notes.iter().map(plimsoll_secrets::Note::text));
                let hidden = &value[value.len() - value.len() / 2..];
                assert!(!said.contains(hidden), "{}: {said}", entry.id);
                assert!(found.shown.ends_with("****"), "{}", found.shown);
            }
        }
    }
}
