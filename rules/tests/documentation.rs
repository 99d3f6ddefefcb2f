//! The user documentation of each rule: its headings, and its examples, which run.

mod support;

use plimsoll::engine::Input;
use plimsoll::{Context, Options};
use std::fmt::Write;
use support::{fences, linter, strip_marks};

#[test]
fn examples_hold() {
    let mut failures = String::new();
    for rule in plimsoll::rules().into_iter().filter(|rule| rule.input == Input::Dockerfile) {
        let doc = rule.documentation();
        let linter = linter(rule.id, Options::default());
        let (mut findings, mut cleans) = (0, 0);
        for fence in fences(&doc) {
            let (source, _) = strip_marks(&fence.text);
            let expects = match fence.info.as_str() {
                "dockerfile,finding" => true,
                "dockerfile,clean" => false,
                _ => continue,
            };
            // Rules that speak only where they are configured show their configuration in a `toml` fence.
            let toml = fences(&doc).into_iter().find(|fence| fence.info == "toml").map(|fence| fence.text);
            let report = match toml {
                Some(toml) => {
                    let (options, context) = support::options(Some(&toml));
                    support::linter(rule.id, options).lint_in("Dockerfile", &source, &context)
                }
                None => linter.lint_in("Dockerfile", &source, &Context::default()),
            };
            if report.findings.is_empty() == expects {
                let _ = writeln!(failures, "{}:\n{source}{:?}\n", rule.id, report.findings);
            }
            let mends = report.findings.iter().any(|finding| !finding.fixes.is_empty());
            if mends && !rule.fixable {
                let _ = writeln!(failures, "{} offers a fix, which its metadata does not say", rule.id);
            }
            if expects { findings += 1 } else { cleans += 1 }
        }
        assert!(findings > 0 && cleans > 0, "{}: an example that fires and one that does not", rule.id);
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn headings_and_metadata() {
    let mut aliases = std::collections::BTreeSet::new();
    for rule in plimsoll::rules() {
        let doc = rule.documentation();
        for heading in ["## What it does", "## Why is this bad?", "## Example", "Use instead:"] {
            assert!(doc.contains(heading), "{}: no `{heading}`", rule.id);
        }
        assert!(!rule.summary().is_empty(), "{}", rule.id);
        assert!(rule.aliases.len() <= 32, "{}", rule.id);
        for alias in rule.aliases {
            assert!(aliases.insert((rule.id, alias)), "{}: {alias} twice", rule.id);
        }
        assert!(
            rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{}",
            rule.id
        );
    }
    let ids: Vec<&str> = plimsoll::rules().iter().map(|rule| rule.id).collect();
    assert!(ids.is_sorted(), "run `cargo gen`");
}
