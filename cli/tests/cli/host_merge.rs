//! `plimsoll host merge`: many reports as one.

use crate::support::Project;
use serde_json::{Value, json};

fn report(host: &str, time: &str, checks: &Value) -> String {
    json!({ "version": 1, "host": { "id": host, "time": time }, "findings": [], "checks": checks }).to_string()
}

fn check(rule: &str, number: &str, target: &str, status: &str) -> Value {
    json!({ "rule": rule, "aliases": [number], "severity": "error", "status": status, "target": target })
}

#[test]
fn answers_are_counted_and_hosts_that_differ_named() {
    let project = Project::new();
    for (host, first, second) in [("a", "pass", "pass"), ("b", "pass", "fail"), ("c", "pass", "unknown")] {
        let checks = json!([
            check("container-privileged", "5.5", "container:x", first),
            check("container-privileged", "5.5", "container:y", second),
            check("userland-proxy", "2.16", "daemon", "fail"),
        ]);
        project.write(&format!("{host}.json"), report(host, "2026-01-01T00:00:00Z", &checks));
    }
    // An older report of the same host, broken ones, one of something else, one that is no file.
    project.write("a-old.json", report("a", "2025-01-01T00:00:00Z", &json!([check("x", "1", "host", "fail")])));
    project.write("cut.json", &report("z", "", &json!([]))[..30]).write("lint.json", r#"{"version": 1, "checks": []}"#);
    project.write("odd.json", report("o", "", &json!([check("x", "1", "host", "\u{1b}[31mok")])));
    project.write("later.json", r#"{"version": 2, "host": {}, "checks": []}"#).write("binary.json", b"\xff\xfe");
    let good = ["a.json", "b.json", "c.json", "a-old.json"];
    let bad = ["cut.json", "lint.json", "odd.json", "later.json", "binary.json", "nowhere.json", "."];

    let merge = |more: &[&str]| project.run(&[&["host", "merge"], more].concat());
    let run = merge(&[&["--format", "json"], &good[..], &bad].concat()).exits(2);
    let merged = run.json();
    assert_eq!(run.errors().len(), bad.len(), "{run:?}");
    assert_eq!(merged["hosts"].as_array().expect("hosts").len(), 3);
    assert_eq!(merged["superseded"], json!(["a-old.json"]));
    let rows = merged["checks"].as_array().expect("checks");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["rule"], "userland-proxy");
    assert_eq!(rows[0]["hosts"]["fail"], 3);
    assert_eq!(rows[1]["hosts"], json!({ "pass": 1, "fail": 1, "unknown": 1, "not-applicable": 0, "manual": 0 }));
    assert_eq!(rows[1]["failing_targets"], 1);
    let differ = json!([{ "host": "b", "status": "fail" }, { "host": "c", "status": "unknown" }]);
    assert_eq!(rows[1]["differ"], differ);

    // The order of the reports says nothing.
    let mut turned = [&good[..], &bad].concat();
    turned.reverse();
    assert_eq!(merge(&[&["--format", "json"], &turned[..]].concat()).stdout, run.stdout);

    merge(&good)
        .exits(1)
        .stdout_has("      3       0       0       0       0  error userland-proxy (2.16)")
        .stdout_has("      1       1       1       0       0  error container-privileged (5.5)")
        .stdout_has("fail on b\n")
        .stdout_has("3 hosts, 3 of them with failures; 2 checks, 1 of them not the same everywhere; 1 older reports");
    merge(&["a-old.json", "--fail-level", "never"]).exits(0);
    merge(&["a.json", "--format", "sarif"]).exits(2).stderr_has("text or json");
}

#[test]
fn reports_of_real_audits_are_merged() {
    let project = Project::new();
    for (host, privileged) in [("h1", false), ("h2", true), ("", true)] {
        let meta = json!({ "version": 1, "host": host, "time": "2026-01-01T00:00:00Z" });
        project.write("bundle/meta.json", meta.to_string());
        let containers = json!([{ "Id": "aa", "Name": "/web", "HostConfig": { "Privileged": privileged } }]);
        project.write("bundle/containers.json", containers.to_string());
        let output = format!("json={host}.json");
        project.run(&["host", "--from", "bundle", "--select", "5.5", "--format", &output, "--exit-zero"]).exits(0);
    }
    let run = project.run(&["host", "merge", "h1.json", "h2.json", ".json", "--format", "json"]).exits(1);
    let merged = run.json();
    let ids: Vec<&str> =
        merged["hosts"].as_array().expect("hosts").iter().map(|host| host["id"].as_str().expect("id")).collect();
    // A host without an id is known by its report.
    assert_eq!(ids, [".json", "h1", "h2"]);
    assert_eq!(merged["checks"][0]["hosts"]["fail"], 2);
    assert_eq!(merged["checks"][0]["differ"], json!([{ "host": "h1", "status": "pass" }]));
}

#[test]
fn names_of_hosts_reach_no_terminal_raw() {
    let name = "\u{1b}[31m\u{202e}::error::x";
    let checks = json!([check(name, name, "host", "fail")]);
    let project = Project::with("a.json", report(name, name, &checks));
    project.write("b.json", report("b", "", &json!([check(name, name, "host", "pass")])));
    for format in ["text", "json"] {
        let run = project.run(&["host", "merge", "a.json", "b.json", "--format", format]);
        assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{format}: {run:?}");
        assert!(!run.stdout.lines().any(|line| line.trim_start().starts_with("::error")), "{format}: {run:?}");
    }
}
