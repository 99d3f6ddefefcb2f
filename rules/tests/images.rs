//! Rules on images: their examples, and `testdata/rules/<rule-id>.md`. Each `image` fence holds a recipe, from which an
//! image is built in memory and checked by that rule alone; lines of `#^ PLACE: MESSAGE` mark what must be found, and
//! nothing else may be. `UPDATE=1` rewrites the marks. A `toml` fence before it sets options.

mod support;

use plimsoll::engine::{Date, Input, RuleMeta, SelectionSpec};
use plimsoll::{ImageChecked, ImageChecker, Options, Settings};
use std::fmt::Write;
use support::recipe::{expected, image, listed, marks, planted, same};
use support::{fences, root};

#[test]
fn examples_hold() {
    for rule in rules() {
        let doc = rule.documentation();
        let (mut findings, mut cleans) = (0, 0);
        for fence in fences(&doc) {
            let expects = match fence.info.as_str() {
                "image,finding" => true,
                "image,clean" => false,
                _ => continue,
            };
            let checked = check(rule, Options::default(), &fence.text);
            assert_eq!(!checked.findings.is_empty(), expects, "{}:\n{}{:#?}", rule.id, fence.text, checked.findings);
            if expects { findings += 1 } else { cleans += 1 }
        }
        assert!(findings > 0 && cleans > 0, "{}: an example that fires and one that does not", rule.id);
    }
}

#[test]
fn fixtures_hold() {
    let mut failures = String::new();
    for rule in rules() {
        let path = root().join("testdata/rules").join(format!("{}.md", rule.id));
        let Ok(text) = std::fs::read_to_string(&path) else {
            let _ = writeln!(failures, "{}: no fixture", rule.id);
            continue;
        };
        let mut fresh = text.clone();
        let all = fences(&text);
        let (mut fire, mut clean) = (0, 0);
        for (position, fence) in all.iter().enumerate().filter(|(_, fence)| fence.info == "image") {
            let toml = position.checked_sub(1).map(|before| &all[before]).filter(|before| before.info == "toml");
            let options = toml.map(|fence| options(&fence.text)).unwrap_or_default();
            let checked = check(rule, options, &fence.text);
            let found = marks(&checked.findings);
            if found.is_empty() {
                clean += 1;
            } else {
                fire += 1;
            }
            if std::env::var_os("UPDATE").is_some() {
                let recipe: String =
                    fence.text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("#^ ")).collect();
                fresh = fresh.replacen(&fence.text, &(recipe + &listed(&found)), 1);
            } else if !same(&expected(&fence.text), &found) {
                let _ = writeln!(failures, "{} (fence at line {}):\n{}", rule.id, fence.line, listed(&found));
            }
            shows_nothing(rule, &checked, &fence.text);
        }
        if fire == 0 || clean == 0 {
            let _ = writeln!(failures, "{}: the fixture needs a fence with a finding and one without", rule.id);
        }
        if fresh != text {
            std::fs::write(&path, fresh).expect("the fixture can be written");
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

fn rules() -> Vec<&'static RuleMeta> {
    let only = std::env::var("RULE").ok();
    let is_meant = |rule: &&RuleMeta| only.as_deref().is_none_or(|only| only == rule.id);
    plimsoll::rules().into_iter().filter(|rule| rule.input == Input::Image).filter(is_meant).collect()
}

fn check(rule: &RuleMeta, options: Options, recipe: &str) -> ImageChecked {
    let spec = SelectionSpec { select: Some(vec![rule.id.to_owned()]), ..SelectionSpec::default() };
    let today = Some(Date { year: 2026, month: 6, day: 1 });
    let settings = Settings { spec, options, today, ..Settings::default() };
    ImageChecker::new(&settings).expect("the rule exists").check("app.tar", &image(recipe))
}

fn options(toml: &str) -> Options {
    let (config, errors) = plimsoll::config::Config::from_toml(toml);
    assert!(errors.is_empty(), "{errors:?}");
    config.options
}

fn shows_nothing(rule: &RuleMeta, checked: &ImageChecked, recipe: &str) {
    let shown = format!("{checked:?}");
    for value in planted(recipe) {
        assert!(!shown.contains(&value), "{}: a planted value is shown", rule.id);
    }
}

#[test]
fn dockle_s_preset_has_its_severities() {
    let spec = SelectionSpec { preset: Some(plimsoll::engine::Preset::Dockle), ..SelectionSpec::default() };
    let checker = ImageChecker::new(&Settings { spec, ..Settings::default() }).expect("known ids");
    let recipe = r#"
name = "app:latest"
config = { Volumes = { "/sys" = {} } }
[[step]]
by = "RUN /bin/sh -c sudo make # buildkit"
files = ["4755 0:0 usr/bin/tool x", "640 0:0 etc/shadow root::1::::::"]
"#;
    let checked = checker.check("app.tar", &image(recipe));
    let found = |alias: &str| {
        let of = |finding: &&plimsoll::engine::Finding| finding.alias_names().any(|name| name == alias);
        checked.findings.iter().find(of).map(|finding| finding.severity.name())
    };
    assert_eq!(found("CIS-DI-0001"), Some("warning"));
    assert_eq!(found("CIS-DI-0006"), Some("info"));
    assert_eq!(found("CIS-DI-0008"), Some("info"));
    assert_eq!(found("DKL-DI-0001"), Some("error"));
    assert_eq!(found("DKL-DI-0002"), Some("error"));
    assert_eq!(found("DKL-DI-0006"), Some("warning"));
    assert_eq!(found("DKL-LI-0001"), Some("error"));
    assert_eq!(checked.findings.len(), 7);
}
