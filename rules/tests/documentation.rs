//! The user documentation of each rule: its headings, and its examples, which run.

mod support;

use plimsoll::engine::{Answer, Input, SelectionSpec};
use plimsoll::host::Bundle;
use plimsoll::{AuditSettings, Auditor, Context, Options, Settings};
use std::fmt::Write;
use support::{compose_linter, fences, linter, strip_marks};

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

/// The `compose` fences of rules that speak of Compose files.
#[test]
fn compose_examples_hold() {
    let mut failures = String::new();
    for rule in plimsoll::compose_rules() {
        let linter = compose_linter(rule.id);
        let (mut findings, mut cleans) = (0, 0);
        for fence in fences(&rule.documentation()) {
            let expects = match fence.info.as_str() {
                "compose,finding" => true,
                "compose,clean" => false,
                _ => continue,
            };
            let report =
                linter.lint("compose.yaml", &fence.text).unwrap_or_else(|error| panic!("{}: {error:?}", rule.id));
            if report.findings.is_empty() == expects {
                let _ = writeln!(failures, "{}:\n{}{:?}\n", rule.id, fence.text, report.findings);
            }
            if expects { findings += 1 } else { cleans += 1 }
        }
        if findings == 0 || cleans == 0 {
            let _ = writeln!(failures, "{}: a Compose file that fires and one that does not", rule.id);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// The `json` fences of rules on hosts hold the files of a bundle by name, and say what the rule answers.
#[test]
fn host_examples_hold() {
    let mut failures = Vec::new();
    for rule in plimsoll::rules().into_iter().filter(|rule| rule.input == Input::Host) {
        let doc = rule.documentation();
        let spec = SelectionSpec { select: Some(vec![rule.id.to_owned()]), ..SelectionSpec::default() };
        let settings = Settings { spec, ..Settings::default() };
        let auditor = Auditor::new(&settings, &AuditSettings::default()).expect("the rule exists");
        let mut answers = std::collections::BTreeSet::new();
        for fence in fences(&doc) {
            let Some(expected) = fence.info.strip_prefix("json,") else { continue };
            let files: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&fence.text)
                .unwrap_or_else(|error| panic!("{}: {error}\n{}", rule.id, fence.text));
            let mut bundle = Bundle::default();
            for (name, content) in files {
                let text = content.as_str().map_or_else(|| content.to_string(), str::to_owned);
                assert!(Bundle::FILES.contains(&name.as_str()), "{}: {name} is no file of a bundle", rule.id);
                bundle.files.insert(name, text);
            }
            let report = auditor.audit(&bundle);
            let told: Vec<_> =
                report.checks.iter().map(|check| (check.answer, &check.target, &check.evidence)).collect();
            let found = report.checks.iter().any(|check| check.answer.name() == expected);
            // What is shown as good holds in every respect; of a rule with several answers only some may be known.
            let bad = told
                .iter()
                .any(|(answer, ..)| *answer == Answer::Fail || *answer == Answer::Unknown && told.len() == 1);
            if !report.errors.is_empty() || !found || expected == "pass" && bad {
                failures.push(format!("{}: not {expected}\n{}{told:#?}{:?}", rule.id, fence.text, report.errors));
            }
            answers.insert(expected.to_owned());
        }
        if answers.is_empty() {
            failures.push(format!("{}: no example", rule.id));
        }
        // What nobody could read is not well.
        let nothing = auditor.audit(&Bundle::default());
        if nothing.checks.is_empty() || nothing.checks.iter().any(|check| check.answer == Answer::Pass) {
            failures.push(format!("{}: of an empty bundle it says {:?}", rule.id, nothing.checks));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn headings_and_metadata() {
    let mut aliases = std::collections::BTreeSet::new();
    for rule in plimsoll::rules() {
        let doc = rule.documentation();
        for heading in ["## What it does", "## Why is this bad?", "## Example", "Use instead:"] {
            assert!(doc.contains(heading), "{}: no `{heading}`", rule.id);
        }
        assert!(rule.input != Input::Host || doc.contains("## Remediation"), "{}: no remediation", rule.id);
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
