//! Rules on images: their examples, and `testdata/rules/<rule-id>.md`. Each `image` fence holds a recipe, from which an
//! image is built in memory and checked by that rule alone; lines of `#^ PLACE: MESSAGE` mark what must be found, and
//! nothing else may be. `UPDATE=1` rewrites the marks. A `toml` fence before it sets options.

mod support;

use plimsoll::engine::{Date, Input, RuleMeta, SelectionSpec};
use plimsoll::{ImageChecked, ImageChecker, Options, Settings};
use support::recipe::{examples_hold, fixture_holds, image, marks, planted};

#[test]
fn examples() {
    for rule in rules() {
        examples_hold(rule, "image", |recipe| marks(&check(rule, Options::default(), recipe).findings));
    }
}

#[test]
fn fixtures() {
    let holds = |rule: &'static RuleMeta| {
        fixture_holds(rule, "image", |recipe, before| {
            let toml = before.filter(|before| before.info == "toml");
            let checked = check(rule, toml.map(|fence| options(&fence.text)).unwrap_or_default(), recipe);
            shows_nothing(rule, &checked, recipe);
            marks(&checked.findings)
        })
    };
    let failures: String = rules().into_iter().map(holds).collect();
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
