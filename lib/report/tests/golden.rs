//! The exact bytes of every format over a small report. `UPDATE=1` rewrites the files.

mod common;

use common::{COPY_NOT_ADD, PEERS, ROOT_USER, RULES, report, written};
use plimsoll_engine::Report;
use plimsoll_report::{
    TextOptions, explain, github, json, rules_json, rules_md, rules_text, sarif, text, unified_diff,
};
use std::path::Path;

fn check(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, actual).expect("a golden file is written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(actual == expected, "{name} differs (UPDATE=1 rewrites it):\n{actual}");
}

/// JSON with each field on a line of its own, in the order in which it was written.
fn fields(compact: &str) -> String {
    assert!(compact.ends_with("}\n") && compact.matches('\n').count() == 1, "one line: {compact}");
    let _: serde_json::Value = serde_json::from_str(compact).expect("JSON");
    compact.replace(",\"", ",\n\"").replace("},{", "},\n{")
}

#[test]
fn json_is_version_1() {
    check("report.json", &fields(&written(|out| json(&report(), out))));
}

#[test]
fn text_for_people() {
    check("report.txt", &written(|out| text(&report(), TextOptions::default(), out)));
    let quiet = TextOptions { quiet: true, ..TextOptions::default() };
    check("report.quiet.txt", &written(|out| text(&report(), quiet, out)));
    let loud = TextOptions { colour: true, statistics: true, quiet: false };
    check("report.colour.txt", &written(|out| text(&report(), loud, out)));
}

#[test]
fn colours_change_no_word() {
    let plain = written(|out| text(&report(), TextOptions::default(), out));
    let coloured = written(|out| text(&report(), TextOptions { colour: true, ..TextOptions::default() }, out));
    let mut rest = coloured.as_str();
    let mut words = String::new();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        words.push_str(before);
        rest = after.split_once('m').expect("a colour ends").1;
    }
    assert_ne!(plain, coloured);
    assert_eq!(words + rest, plain);
}

#[test]
fn sarif_log() {
    check("report.sarif", &fields(&written(|out| sarif(&report(), &RULES, out))));
}

#[test]
fn github_annotations() {
    check("report.github.txt", &written(|out| github(&report(), out)));
}

#[test]
fn rules_and_explanations() {
    check("rules.txt", &written(|out| rules_text(&RULES, out)));
    check("rules.md", &written(|out| rules_md(&RULES, PEERS, out)));
    check("rules.json", &fields(&written(|out| rules_json(&RULES, PEERS, out))));
    let both = written(|out| {
        explain(&COPY_NOT_ADD, PEERS, false, out)?;
        explain(&ROOT_USER, PEERS, false, out)
    });
    check("explain.txt", &both);
    check("explain.colour.txt", &written(|out| explain(&COPY_NOT_ADD, PEERS, true, out)));
}

#[test]
fn diff() {
    let before = "a\nb\nc\nd\r\ne\n::f\n\tg\nh\n";
    let after = "a\nb\nc\nD\r\ne\n::f\n\tg\nh";
    check("diff.txt", &written(|out| unified_diff("app/Dockerfile", before, after, false, out)));
    check("diff.colour.txt", &written(|out| unified_diff("app/Dockerfile", before, after, true, out)));
    assert_eq!(written(|out| unified_diff("Dockerfile", before, before, true, out)), "");
}

#[test]
fn nothing_found() {
    let empty = Report::default();
    assert_eq!(written(|out| text(&empty, TextOptions::default(), out)), "no findings in 0 files\n");
    assert_eq!(written(|out| github(&empty, out)), "");
    let document: serde_json::Value = serde_json::from_str(&written(|out| json(&empty, out))).expect("JSON");
    for list in ["findings", "checks", "suppressed", "images", "errors"] {
        assert_eq!(document[list], serde_json::json!([]), "{list}");
    }
    let log: serde_json::Value = serde_json::from_str(&written(|out| sarif(&empty, &[], out))).expect("JSON");
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert_eq!(written(|out| rules_text(&[], out)), "");
}
