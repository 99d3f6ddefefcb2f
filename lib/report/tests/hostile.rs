//! What an input says must not be obeyed by a terminal or by a build runner, nor change a report's structure.

mod common;

use common::{COPY_NOT_ADD, file, written};
use plimsoll_base::Span;
use plimsoll_engine::{Edit, Finding, Fix, InputError, Report, Suppressed, SuppressedBy};
use plimsoll_report::{TextOptions, github, json, sarif, text, unified_diff};

/// Terminal sequences, marks that reorder and hide, commands of runners, and markup.
const HOSTILE: &str = concat!(
    "\u{1b}[2J\u{1b}]0;title\u{7}\u{8}\0\u{7f}\u{9b}31m\u{202e}\u{2066}\u{200f}\u{61c}\u{200b}\u{200d}\u{2060}",
    "\u{feff}\u{2028}\u{85}\r##vso[task.complete]##[add-path]x##teamcity[message]</script>[a](http://b)",
);

fn hostile() -> Report {
    let start = "::stop-commands::token ";
    let line = format!("{start}{HOSTILE}");
    let source = format!("{line}\n\t{line}\n");
    let words = |message: &str| {
        let mut finding = Finding::new(&COPY_NOT_ADD, Span::new(0, line.len() as u32), message);
        finding.related(Span::new(3, source.len() as u32), message);
        finding.fix(Fix::safe(message, Edit::replace(Span::new(0, 2), message)));
        finding
    };
    // Messages hold one line; here an input got a line break into one.
    let findings = vec![words(&line), words(&format!("a\n{line}"))];
    let suppressed = Suppressed {
        rule: "copy-not-add",
        span: Span::new(0, 1),
        by: SuppressedBy::Comment,
        reason: Some(line.clone()),
        expires: None,
    };
    let error = |path: String| InputError { path, line: None, column: None, message: format!("a\n{line}") };
    Report {
        files: vec![file(&line, &source, findings, vec![suppressed])],
        errors: vec![error(String::new()), error(format!(" {line}")), error(format!("a\n{line}"))],
        ..Report::default()
    }
}

fn assert_harmless(output: &str) {
    for (number, line) in output.split('\n').enumerate() {
        let shown = line.escape_debug();
        let bad = line
            .chars()
            .find(|&character| character.is_control() || HOSTILE.contains(character) && !character.is_ascii());
        assert_eq!(bad, None, "line {number}: {shown}");
        assert!(!line.trim_start().starts_with("::stop"), "line {number}: {shown}");
        for command in ["##vso[", "##teamcity[", "##["] {
            assert!(!line.contains(command), "line {number}: {shown}");
        }
    }
}

#[test]
fn nothing_is_obeyed() {
    let report = hostile();
    assert_harmless(&written(|out| json(&report, out)));
    assert_harmless(&written(|out| sarif(&report, &[&COPY_NOT_ADD], out)));
    assert_harmless(&written(|out| text(&report, TextOptions::default(), out)));
    assert_harmless(&written(|out| text(&report, TextOptions { quiet: true, ..TextOptions::default() }, out)));
    let annotations = written(|out| github(&report, out));
    assert_harmless(&annotations);
    assert_eq!(annotations.lines().count(), 5);
    for line in annotations.lines() {
        assert!(line.starts_with("::warning file=") || line.starts_with("::error "), "{line}");
        let properties = line[2..].split_once("::").expect("a command").0;
        assert!(!properties.contains("stop-commands:"), "{line}");
    }
    let path = &report.files[0].path;
    let diff = written(|out| unified_diff(path, &format!("::a\r{HOSTILE}\n::b\nc\n"), "::d\n::b\nc\n", false, out));
    assert_harmless(&diff);
    assert!(diff.contains("\n \\u{3a}:b\n") && diff.contains("\n+::d\n"), "{diff}");
}

#[test]
fn json_loses_nothing() {
    let report = hostile();
    let document: serde_json::Value = serde_json::from_str(&written(|out| json(&report, out))).expect("JSON");
    let finding = &document["findings"][0];
    assert_eq!(finding["message"], report.files[0].findings[0].message);
    assert_eq!(finding["path"], report.files[0].path);
    assert_eq!(finding["fixes"][0]["edits"][0]["text"], report.files[0].findings[0].fixes[0].edits[0].text);
}

#[test]
fn sarif_messages_hold_no_links() {
    let log: serde_json::Value =
        serde_json::from_str(&written(|out| sarif(&hostile(), &[&COPY_NOT_ADD], out))).expect("JSON");
    let result = &log["runs"][0]["results"][0];
    let message = result["message"]["text"].as_str().expect("text");
    assert!(message.contains("\\[a\\](http://b)") && message.contains("\\u{202e}"), "{message}");
    assert_eq!(result["message"].as_object().map(serde_json::Map::len), Some(1), "plain text only");
    // What a tool would write into the file is what the fix says.
    let inserted = &result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"];
    assert_eq!(inserted, &hostile().files[0].findings[0].fixes[0].edits[0].text);
}

#[test]
fn spans_that_fit_no_character_do_no_harm() {
    let source = "FROM é\n\u{1f512}";
    let mut findings = Vec::new();
    for start in 0..source.len() as u32 + 3 {
        for end in start..source.len() as u32 + 3 {
            let mut finding = Finding::new(&COPY_NOT_ADD, Span::new(start, end), "odd");
            finding.related(Span::new(start, end), "odd");
            finding.fix(Fix::safe("mend", Edit::delete(Span::new(start, end))));
            findings.push(finding);
        }
    }
    // An end before the start, which only a literal can make.
    findings.push(Finding::new(&COPY_NOT_ADD, Span { start: 9, end: 2 }, "odd"));
    for source in [source, ""] {
        let report =
            Report { files: vec![file("Dockerfile", source, findings.clone(), Vec::new())], ..Report::default() };
        for output in [
            written(|out| json(&report, out)),
            written(|out| text(&report, TextOptions::default(), out)),
            written(|out| sarif(&report, &[], out)),
            written(|out| github(&report, out)),
        ] {
            assert!(output.matches("odd").count() >= findings.len(), "every finding is written");
        }
    }
}
