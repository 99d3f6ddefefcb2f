//! The recorded scenarios of testdata/host: every answer is the expected one; and docs/host-checks.md, which lays ours
//! beside docker-bench's. `UPDATE=1` writes it.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::rc::Rc;
use support::docker_bench::{Word, says};
use support::engine_shapes::shapes;
use support::host_scenarios::{Scenario, audit, bundle, recorded, rows, scenarios, told};

/// What we answer, by the check's names, with its evidence.
type Told = BTreeMap<String, (&'static str, String)>;

/// Each scenario with what we answer.
fn answered() -> Vec<(Scenario, Told)> {
    let mut last: Option<(Rc<_>, plimsoll::engine::Report)> = None;
    let mut all = Vec::new();
    for scenario in scenarios() {
        // Containers and images share a bundle.
        if last.as_ref().is_none_or(|(files, _)| !Rc::ptr_eq(files, &scenario.files)) {
            last = Some((scenario.files.clone(), audit(&bundle(&scenario.files))));
        }
        let told = told(&last.as_ref().expect("a report").1, &scenario);
        all.push((scenario, told));
    }
    all
}

#[test]
fn recorded_engines_answer_as_the_tables_say() {
    let mut wrong = String::new();
    for (scenario, told) in answered() {
        for (check, expected) in scenario.expected.iter().filter(|(_, answer)| *answer != "machine") {
            let got = told.get(check);
            if got.is_none_or(|(answer, _)| answer != expected) {
                let _ = writeln!(wrong, "{}: {check} must be {expected}, and is {got:?}", scenario.name);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Each of the containers and images in the words of later engines.
#[test]
fn later_engines_are_understood() {
    let told_by_20_10: Vec<Scenario> = scenarios().into_iter().filter(|scenario| !scenario.target.is_empty()).collect();
    let own = recorded("docker-20.10-containers");
    let shapes = shapes(own);
    assert_eq!(shapes.len(), 7);
    let mut wrong = String::new();
    for (engine, files) in shapes {
        let report = audit(&bundle(&files));
        assert!(report.errors.is_empty(), "{engine}: {:?}", report.errors);
        for scenario in told_by_20_10.iter().filter(|scenario| is_plain(scenario)) {
            let told = told(&report, scenario);
            for (check, expected) in scenario.expected.iter().filter(|(_, answer)| *answer != "machine") {
                let got = told.get(check);
                if got.is_none_or(|(answer, _)| answer != expected) {
                    let _ = writeln!(wrong, "{engine}: {}: {check} must be {expected}, and is {got:?}", scenario.name);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Whether a scenario is one of what 20.10 told.
fn is_plain(scenario: &Scenario) -> bool {
    !scenario.name.starts_with("podman-") && !scenario.name.starts_with("docker-2")
}

/// How often docker-bench is right, and where it is not.
#[derive(Default)]
struct Beside {
    compared: usize,
    misses: Vec<String>,
    alarms: Vec<String>,
    hides: Vec<String>,
}

fn beside() -> BTreeMap<String, Beside> {
    let mut table: BTreeMap<String, Beside> = BTreeMap::new();
    // What real dockerds told; it knows no podman.
    let is_other = |name: &str| name.starts_with("podman-") || name.starts_with("docker-2");
    for scenario in scenarios().into_iter().filter(|scenario| !is_other(&scenario.name)) {
        for (check, expected) in &scenario.expected {
            let Some(word) = says(check, &scenario.target, &scenario.files) else { continue };
            let number = check.split('/').next().unwrap_or(check).to_owned();
            let row = table.entry(number).or_default();
            if expected == "machine" {
                continue;
            }
            row.compared += 1;
            let list = match (expected.as_str(), word) {
                // Of some checks it never says more than INFO.
                ("fail", Word::Warn | Word::Info | Word::Note) => continue,
                ("fail", _) => &mut row.misses,
                (_, Word::Warn) => &mut row.alarms,
                ("manual", Word::Pass) => &mut row.hides,
                _ => continue,
            };
            if !list.contains(&scenario.name) {
                list.push(scenario.name.clone());
            }
        }
    }
    table
}

#[test]
fn the_table_beside_docker_bench_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/host-checks.md");
    let text = document();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &text).expect("it is written");
    }
    let there = std::fs::read_to_string(path).expect("the table");
    assert!(
        there == text,
        "docs/host-checks.md is not up to date: UPDATE=1 cargo test -p plimsoll-rules --test host_scenarios"
    );
}

fn document() -> String {
    let beside = beside();
    let (compared, wrong) = beside.values().fold((0, 0), |(compared, wrong), row| {
        (compared + row.compared, wrong + row.misses.len() + row.alarms.len() + row.hides.len())
    });
    let compared_names = |name: &String| !name.starts_with("podman-") && !name.starts_with("docker-2");
    let names: BTreeSet<String> =
        scenarios().into_iter().map(|scenario| scenario.name).filter(compared_names).collect();
    let mut text = format!(
        "\
# Checks of hosts

Every check of docker-bench-security 1.6.0 (the numbers are those of the CIS Docker Benchmark 1.6), the rule that answers
it, and where docker-bench answers wrongly. `check_5_5` works where `5.5` does. `CIS-1.1.0-N` are the numbers of
docker-bench 1.3.4; `guide-N` the sections of an older guide that follows them.

`scenarios` counts on how many of the {} daemons, containers, images and sets of audit rules of `testdata/host` both were
asked; what is right was written down before anything ran, from the benchmark and the engines' documentation, and
`plimsoll host` answers all of them so. docker-bench's answers are those of its conditions, stated anew in
`rules/tests/support/docker_bench.rs`, and are wrong in {wrong} of {compared} comparisons: `misses` are failures that it
does not warn of, `false` warnings of what is well, `hides` what it passes and a person has to decide. Besides, it looks at
running containers only, and reads what it could not read as one or the other.

| number | rule | scenarios | docker-bench 1.6.0 is wrong on | because it |
| --- | --- | --- | --- | --- |
",
        names.len()
    );
    let words: BTreeMap<String, String> = rows("docker-bench.txt")
        .into_iter()
        .flat_map(|row| row[0].split(' ').map(|number| (number.to_owned(), row[1].clone())).collect::<Vec<_>>())
        .collect();
    for number in numbers() {
        let rules = plimsoll::rules().into_iter().filter(|rule| rule.aliases.contains(&number.as_str()));
        let rules: Vec<String> = rules
            .filter(|rule| rule.input == plimsoll::engine::Input::Host)
            .map(|rule| format!("`{}`", rule.id))
            .collect();
        assert!(!rules.is_empty(), "{number}");
        let row = beside.get(&number);
        let compared = row.map_or(String::new(), |row| row.compared.to_string());
        let lists = row.map(|row| [("misses", &row.misses), ("false", &row.alarms), ("hides", &row.hides)]);
        let lists: Vec<String> = lists
            .into_iter()
            .flatten()
            .filter(|(_, names)| !names.is_empty())
            .map(|(what, names)| format!("{what}: {}", listed(names)))
            .collect();
        let why = words.get(&number).map_or("", String::as_str);
        let _ = writeln!(text, "| {number} | {} | {compared} | {} | {why} |", rules.join(", "), lists.join("; "));
    }
    let mut own: Vec<&str> = plimsoll::rules()
        .into_iter()
        .filter(|rule| rule.input == plimsoll::engine::Input::Host)
        .filter(|rule| !rule.aliases.iter().any(|alias| numbers().contains(&(*alias).to_owned())))
        .map(|rule| rule.id)
        .collect();
    own.sort_unstable();
    let own: Vec<String> = own.into_iter().map(|id| format!("`{id}`")).collect();
    let _ = writeln!(text, "\nBeyond docker-bench: {}.", own.join(", "));
    text.push_str("\n## Retired advice\n\nWhat guides ask for and nobody should obey any more.\n\n");
    text.push_str("| advice | rule | what `plimsoll host` says |\n| --- | --- | --- |\n");
    for row in rows("retired.txt") {
        let [advice, rule, says] = &row[..] else { panic!("three fields: {row:?}") };
        let is_there = plimsoll::rules().into_iter().any(|other| other.id == rule);
        assert!(rule.is_empty() || is_there, "{rule}");
        let rule = if rule.is_empty() { String::new() } else { format!("`{rule}`") };
        let _ = writeln!(text, "| {advice} | {rule} | {says} |");
    }
    text
}

fn listed(names: &[String]) -> String {
    const MOST: usize = 4;
    let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
    names.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ") + &more
}

/// docker-bench's checks, in its order.
fn numbers() -> Vec<String> {
    let section = |number: &str, last: u32| (1..=last).map(|check| format!("{number}.{check}")).collect::<Vec<_>>();
    let sections = [
        section("1.1", 18),
        section("1.2", 2),
        section("2", 18),
        section("3", 24),
        section("4", 12),
        section("5", 32),
        section("6", 2),
        section("7", 9),
        section("8.1", 7),
    ];
    let rest = ["8.2.1", "C.2", "C.5.3.1", "C.5.3.2", "C.5.3.3", "C.5.3.4"].map(str::to_owned);
    sections.into_iter().flatten().chain(rest).collect()
}

/// Each defect and each correction that is listed names the tests that hold us to the right answer, and they are there.
#[test]
fn each_defect_and_each_correction_has_a_test() {
    let read = |file: &str| {
        std::fs::read_to_string(format!("{}/tests/{file}", env!("CARGO_MANIFEST_DIR"))).expect("the tests")
    };
    let tests = read("host.rs") + &read("host_engines.rs");
    let names: BTreeSet<String> = scenarios().into_iter().map(|scenario| scenario.name).collect();
    for row in rows("docker-bench.txt").iter().chain(&rows("corrections.txt")) {
        let named = row.last().expect("the tests").split_whitespace();
        assert!(named.clone().count() > 0, "{row:?}");
        for test in named {
            assert!(tests.contains(&format!("fn {test}()")) || names.contains(test), "{}: no test {test}", row[0]);
        }
    }
}
