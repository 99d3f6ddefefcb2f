//! The scenarios of testdata/host: what engines told, and what each check must answer.

use plimsoll::engine::{Report, SelectionSpec};
use plimsoll::host::Bundle;
use plimsoll::{AuditSettings, Auditor, Settings};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Answers by the check's number or id.
pub type Answers = BTreeMap<String, String>;
/// The files of a bundle: a text, or what JSON holds.
pub type Files = Map<String, Value>;

/// One thing that is looked at, and what must be said of it.
pub struct Scenario {
    pub name: String,
    /// `container:NAME`, `image:NAME`; empty for the host, its daemon and its swarm.
    pub target: String,
    pub files: std::rc::Rc<Files>,
    pub expected: Answers,
}

pub fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/host").join(name)
}

/// The rows of a table: what stands between `|`.
pub fn rows(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(testdata(name)).expect("a table");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('|').map(|field| field.trim().to_owned()).collect()).collect()
}

pub fn answers(field: &str) -> Answers {
    let pair = |word: &str| {
        let (check, answer) = word.split_once('=').expect("CHECK=ANSWER");
        (check.to_owned(), answer.to_owned())
    };
    field.split_whitespace().map(pair).collect()
}

pub fn recorded(name: &str) -> Files {
    let text = std::fs::read_to_string(testdata(&format!("recorded/{name}.json"))).expect("a recorded bundle");
    serde_json::from_str(&text).expect("JSON")
}

pub fn bundle(files: &Files) -> Bundle {
    let mut bundle = Bundle::default();
    for (name, content) in files {
        bundle.files.insert(name.clone(), content.as_str().map_or_else(|| content.to_string(), str::to_owned));
    }
    bundle
}

pub fn audit(bundle: &Bundle) -> Report {
    let spec = SelectionSpec { select: Some(vec!["*".to_owned()]), ..SelectionSpec::default() };
    let settings = Settings { spec, ..Settings::default() };
    Auditor::new(&settings, &AuditSettings::default()).expect("the preset exists").audit(bundle)
}

/// All scenarios, in the tables' order.
pub fn scenarios() -> Vec<Scenario> {
    let containers = std::rc::Rc::new(recorded("docker-20.10-containers"));
    let mut all = Vec::new();
    for (table, kind) in [("containers.txt", "container"), ("images.txt", "image")] {
        let mut base = None;
        for row in rows(table).iter().filter(|row| !row[0].starts_with(['!', '='])) {
            let name = row[0].trim_start_matches('+').to_owned();
            let own = answers(row.last().expect("answers"));
            let base: &Answers = base.get_or_insert_with(|| own.clone());
            let target = if kind == "image" { format!("image:{name}:1") } else { format!("container:{name}") };
            all.push(Scenario { name, target, files: containers.clone(), expected: with(base, &own) });
        }
    }
    let daemons = recorded("docker-20.10-daemons");
    let plain = daemons["plain"].as_object().expect("a bundle").clone();
    let table = rows("daemons.txt");
    let base = answers(&table[0][4]);
    for row in &table {
        let mut files = plain.clone();
        files.extend(daemons[&row[0]].as_object().expect("a bundle").clone());
        let expected = with(&base, &answers(&row[4]));
        all.push(Scenario { name: row[0].clone(), target: String::new(), files: files.into(), expected });
    }
    let podman: std::rc::Rc<Files> = recorded("podman-4.3").into();
    for row in rows("podman.txt") {
        let target = if row[0] == "host" { String::new() } else { format!("container:{}", row[0]) };
        all.push(Scenario {
            name: format!("podman-{}", row[0]),
            target,
            files: podman.clone(),
            expected: answers(&row[2]),
        });
    }
    for row in rows("engines.txt") {
        let name = format!("{} {}", row[0], row[1]);
        all.push(Scenario {
            name,
            target: row[1].clone(),
            files: recorded(&row[0]).into(),
            expected: answers(&row[3]),
        });
    }
    for row in rows("audits.txt") {
        let mut files = plain.clone();
        let there = [
            "/run/containerd",
            "/var/lib/docker",
            "/etc/docker",
            "/etc/docker/daemon.json",
            "/usr/sbin/dockerd",
            "/usr/bin/containerd",
            "/usr/bin/containerd-shim",
            "/usr/bin/containerd-shim-runc-v1",
            "/usr/bin/containerd-shim-runc-v2",
            "/usr/sbin/runc",
        ];
        let file = json!({ "type": "file", "mode": "0755", "uid": 0, "gid": 0 });
        let mut table: Map<String, Value> = plain["files.json"].as_object().expect("files").clone();
        table.extend(there.map(|path| (path.to_owned(), file.clone())));
        files.insert("files.json".to_owned(), Value::Object(table));
        files.insert("audit.rules".to_owned(), json!(row[1].replace(" ; ", "\n")));
        files["info.json"]["DockerRootDir"] = json!("/var/lib/docker");
        let name = format!("audit-{}", row[0]);
        all.push(Scenario { name, target: String::new(), files: files.into(), expected: answers(&row[2]) });
    }
    all
}

fn with(base: &Answers, other: &Answers) -> Answers {
    base.iter().chain(other).map(|(check, answer)| (check.clone(), answer.clone())).collect()
}

/// What a report answers for a scenario, by each of the check's names.
pub fn told(report: &Report, scenario: &Scenario) -> BTreeMap<String, (&'static str, String)> {
    let mut told = BTreeMap::new();
    for check in &report.checks {
        let is_its = match scenario.target.as_str() {
            "" => !check.target.starts_with("container:") && !check.target.starts_with("image:"),
            target => check.target == target,
        };
        if !is_its {
            continue;
        }
        for name in check.aliases.names(check.rule).chain([check.rule.id]) {
            let answer = (check.answer.name(), check.evidence.clone());
            told.insert(format!("{name}/{}", check.target), answer.clone());
            told.entry(name.to_owned()).or_insert(answer);
        }
    }
    told
}
