//! What SARIF 2.1.0 requires of a log beyond its being JSON.

mod common;

use common::{RULES, report, written};
use plimsoll_engine::{InputKind, Report, Severity};
use plimsoll_report::sarif;
use serde_json::Value;

fn run() -> Value {
    let mut log: Value = serde_json::from_str(&written(|out| sarif(&report(), &RULES, out))).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-schema-2.1.0.json")));
    log["runs"][0].take()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn assert_region(region: &Value) {
    let at = |name: &str| region[name].as_u64().unwrap_or_else(|| panic!("no {name} in {region}"));
    assert!(at("startLine") >= 1 && at("startColumn") >= 1 && at("endColumn") >= 1);
    assert!((at("startLine"), at("startColumn")) <= (at("endLine"), at("endColumn")), "{region}");
}

fn assert_artifact(artifact: &Value) {
    let uri = artifact["uri"].as_str().expect("a URI");
    assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)), "{uri}");
    assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
}

#[test]
fn every_active_rule_is_described() {
    let run = run();
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "plimsoll");
    assert!(is_text(&driver["version"]));
    assert!(run["originalUriBaseIds"]["%SRCROOT%"].is_object());
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = list(&driver["rules"]);
    assert_eq!(rules.len(), RULES.len());
    for (rule, meta) in rules.iter().zip(RULES) {
        assert_eq!(rule["id"], meta.id);
        for text in [&rule["shortDescription"]["text"], &rule["fullDescription"]["text"], &rule["help"]["text"]] {
            assert!(is_text(text), "{rule}");
        }
        assert!(is_text(&rule["help"]["markdown"]));
        let level = match meta.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Style => "note",
        };
        assert_eq!(rule["defaultConfiguration"]["level"], level);
        assert_eq!(list(&rule["properties"]["aliases"]).len(), meta.aliases.len());
        assert_eq!(rule["properties"]["category"], meta.category.name());
        assert_eq!(rule["properties"]["precision"], meta.confidence.name());
    }
}

#[test]
fn every_result_is_complete() {
    let run = run();
    let rules = list(&run["tool"]["driver"]["rules"]);
    let results = list(&run["results"]);
    assert_eq!(results.len(), 6);
    for result in results {
        if let Some(index) = result.get("ruleIndex") {
            let index = index.as_u64().and_then(|index| usize::try_from(index).ok()).expect("an index");
            assert_eq!(rules[index]["id"], result["ruleId"]);
        } else {
            assert_eq!(result["ruleId"], "not-active");
        }
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        assert!(is_text(&result["message"]["text"]));
        let related = result.get("relatedLocations").map(list).into_iter().flatten();
        let ids: Vec<_> = related.clone().map(|location| location["id"].as_u64()).collect();
        assert_eq!(ids, (1..=ids.len() as u64).map(Some).collect::<Vec<_>>());
        for location in list(&result["locations"]).iter().chain(related) {
            assert_artifact(&location["physicalLocation"]["artifactLocation"]);
            assert_region(&location["physicalLocation"]["region"]);
        }
        for fix in result.get("fixes").map(list).into_iter().flatten() {
            assert!(is_text(&fix["description"]["text"]));
            for change in list(&fix["artifactChanges"]) {
                assert_artifact(&change["artifactLocation"]);
                assert!(!list(&change["replacements"]).is_empty());
                for replacement in list(&change["replacements"]) {
                    assert_region(&replacement["deletedRegion"]);
                }
            }
        }
        for suppression in list(&result["suppressions"]) {
            assert!(["inSource", "external"].contains(&suppression["kind"].as_str().expect("a kind")));
        }
    }
    let silenced = |result: &&Value| !list(&result["suppressions"]).is_empty();
    assert_eq!(results.iter().filter(silenced).count(), 2);
    assert_eq!(results[0]["partialFingerprints"]["plimsoll/v1"], "00aa");
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "app/100%25%2C%20a%3Ab/Dockerfile"
    );
    let deleted = &results[2]["fixes"][0]["artifactChanges"][0]["replacements"][1];
    assert_eq!(deleted.get("insertedContent"), None);
}

/// Services that show logs take no result without a line.
#[test]
fn what_is_no_text_has_a_line() {
    let mut report = report();
    report.files[0].kind = InputKind::Image;
    let log: Value = serde_json::from_str(&written(|out| sarif(&report, &RULES, out))).expect("JSON");
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region, &serde_json::json!({ "startLine": 1 }));
}

#[test]
fn what_could_not_be_read_is_told() {
    let run = run();
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notifications = list(&invocation["toolExecutionNotifications"]);
    assert_eq!(notifications.len(), 3);
    assert!(
        notifications
            .iter()
            .all(|notification| notification["level"] == "error" && is_text(&notification["message"]["text"]))
    );
    assert_eq!(notifications[0].get("locations"), None);
    assert_eq!(notifications[2]["locations"][0]["physicalLocation"]["region"]["startLine"], 7);
}

#[test]
fn absolute_paths_are_file_uris() {
    for (path, uri) in
        [("/srv/a b/Dockerfile", "file:///srv/a%20b/Dockerfile"), ("C:/a:b/Dockerfile", "file:///C:/a%3Ab/Dockerfile")]
    {
        let mut report = report();
        path.clone_into(&mut report.files[0].path);
        let report = Report { files: vec![report.files.swap_remove(0)], ..Report::default() };
        let log: Value = serde_json::from_str(&written(|out| sarif(&report, &RULES, out))).expect("JSON");
        let artifact = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(artifact["uri"], uri);
        assert_eq!(artifact.get("uriBaseId"), None);
    }
}
