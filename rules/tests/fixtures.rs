//! `testdata/rules/<rule-id>.md`: each `dockerfile` fence is linted with that rule; lines of `^^^ rule-id: message` mark
//! what must be found, and nothing else may be; in a `dockerfile,quiet` fence all of it is quiet. ShellCheck's rules share `shellcheck.md`. A `toml` fence before it sets options. A `fixed` fence behind it is
//! what `--fix` gives, a `fixed-unsafe` fence what `--fix-unsafe` gives; `UPDATE=1` rewrites both. In `compose` fences
//! stand Compose files, for rules on these.

mod support;

use plimsoll::engine::{Input, Safety};
use std::fmt::Write;
use support::{Fence, Mark, compose_linter, fences, fixtures, linter, mark_of, options, root, strip_marks};

#[test]
fn fixtures_hold() {
    let only = std::env::var("RULE").ok();
    let mut failures = String::new();
    let mut count = 0;
    for (name, selection) in fixtures() {
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        let path = root().join("testdata/rules").join(format!("{name}.md"));
        let Ok(text) = std::fs::read_to_string(&path) else {
            let _ = writeln!(failures, "{name}: no fixture");
            continue;
        };
        count += 1;
        let checked = check(name, selection, &text, &mut failures);
        if std::env::var_os("UPDATE").is_some() && checked != text {
            std::fs::write(&path, checked).expect("the fixture can be written");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(count > 0);
}

#[test]
fn every_fixture_has_a_rule() {
    let fixtures = fixtures();
    let others = plimsoll::rules().into_iter().filter(|rule| rule.input != Input::Dockerfile);
    let others: Vec<&str> = others.map(|rule| rule.id).collect();
    for entry in std::fs::read_dir(root().join("testdata/rules")).expect("the fixtures") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        let id = name.strip_suffix(".md").expect("fixtures are Markdown");
        assert!(
            fixtures.iter().any(|(name, _)| *name == id) || others.contains(&id) || id == "shellcheck",
            "{name} has no rule"
        );
    }
}

#[test]
fn compose_fixtures_hold() {
    let only = std::env::var("RULE").ok();
    let mut failures = String::new();
    for rule in plimsoll::compose_rules() {
        if only.as_deref().is_some_and(|only| only != rule.id) {
            continue;
        }
        let path = root().join("testdata/rules").join(format!("{}.md", rule.id));
        let Ok(text) = std::fs::read_to_string(&path) else {
            let _ = writeln!(failures, "{}: no fixture", rule.id);
            continue;
        };
        let linter = compose_linter(rule.id);
        let (mut clean, mut found) = (0, 0);
        for fence in fences(&text).iter().filter(|fence| fence.info == "compose") {
            let (source, expected) = strip_marks(&fence.text);
            let report = linter.lint("compose.yaml", &source).unwrap_or_else(|error| panic!("{}: {error:?}", rule.id));
            let actual: Vec<Mark> = report.findings.iter().map(|finding| mark_of(finding, &source)).collect();
            if !same(&expected, &actual) {
                let (id, line) = (rule.id, fence.line);
                let _ =
                    writeln!(failures, "{id} (fence at line {line}):\n  expected {expected:#?}\n  found {actual:#?}");
            }
            if actual.is_empty() { clean += 1 } else { found += 1 }
        }
        if found == 0 || clean == 0 {
            let _ = writeln!(failures, "{}: it needs a fence with a finding, and one of near misses", rule.id);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

/// Checks a fixture with the rules that `selection` names; gives its text with fresh `fixed` fences.
fn check(rule: &str, selection: &str, markdown: &str, failures: &mut String) -> String {
    let all = fences(markdown);
    let mut fresh = markdown.to_owned();
    let mut clean = 0;
    let mut found = 0;
    for (position, fence) in all.iter().enumerate() {
        if !matches!(fence.info.as_str(), "dockerfile" | "dockerfile,quiet") {
            continue;
        }
        let toml = position.checked_sub(1).map(|before| &all[before]).filter(|before| before.info == "toml");
        let (rule_options, context) = options(toml.map(|fence| fence.text.as_str()));
        let linter = linter(selection, rule_options);
        let (source, expected) = strip_marks(&fence.text);
        let report = linter.lint_in("Dockerfile", &source, &context);
        let actual: Vec<Mark> = report.findings.iter().map(|finding| mark_of(finding, &source)).collect();
        if !same(&expected, &actual) {
            let _ = writeln!(
                failures,
                "{rule} (fence at line {}):\n  expected {expected:#?}\n  found {actual:#?}",
                fence.line
            );
        }
        if fence.info.ends_with("quiet") && !report.findings.iter().all(|finding| finding.quiet) {
            let _ = writeln!(failures, "{rule} (fence at line {}): not all findings are quiet", fence.line);
        }
        if actual.is_empty() {
            clean += 1;
        } else {
            found += 1;
        }
        for behind in all[position + 1..].iter().take_while(|behind| behind.info.starts_with("fixed")) {
            let allowed = if behind.info == "fixed" { Safety::Safe } else { Safety::Unsafe };
            let fixed = linter.fix("Dockerfile", &source, &context, allowed);
            if fixed.text != behind.text {
                if std::env::var_os("UPDATE").is_some() {
                    fresh = replace_fence(&fresh, behind, &fixed.text);
                } else {
                    let _ = writeln!(failures, "{rule} (fence at line {}): fixed is\n{}", behind.line, fixed.text);
                }
            }
            assert_eq!(
                linter.fix("Dockerfile", &fixed.text, &context, allowed).count,
                0,
                "{rule}: a second run changes nothing"
            );
        }
    }
    if found == 0 || clean == 0 {
        let _ = writeln!(failures, "{rule}: the fixture needs a fence with a finding, and one of near misses without");
    }
    fresh
}

fn same(expected: &[Mark], actual: &[Mark]) -> bool {
    let mut expected = expected.to_vec();
    let mut actual = actual.to_vec();
    expected.sort();
    actual.sort();
    let matches = |(e, a): (&Mark, &Mark)| {
        (e.line, e.column, e.width, &e.rule) == (a.line, a.column, a.width, &a.rule) && a.message.contains(&e.message)
    };
    expected.len() == actual.len() && expected.iter().zip(&actual).all(matches)
}

fn replace_fence(markdown: &str, fence: &Fence, text: &str) -> String {
    markdown.replacen(&format!("```{}\n{}```", fence.info, fence.text), &format!("```{}\n{text}```", fence.info), 1)
}
