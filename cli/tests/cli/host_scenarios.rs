//! A real dockerd: daemons with different options, containers and images that each break one thing, swarms. What each
//! check must answer stands in testdata/host, and was written before anything ran.
//!
//! `RECORD=1` writes what the engines said to testdata/host/recorded, which tests elsewhere read without an engine.
#![cfg(unix)]

use crate::dockerd::{Dockerd, cannot_run, words};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Answers by the check's number or id.
pub(crate) type Answers = BTreeMap<String, String>;

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/host").join(name)
}

/// The rows of a table: what stands between `|`.
pub(crate) fn rows(name: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(testdata(name)).expect("a table");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('|').map(|field| field.trim().to_owned()).collect()).collect()
}

pub(crate) fn answers(field: &str) -> Answers {
    let pair = |word: &str| {
        let (check, answer) = word.split_once('=').expect("CHECK=ANSWER");
        (check.to_owned(), answer.to_owned())
    };
    field.split_whitespace().map(pair).collect()
}

fn with(base: &Answers, other: &Answers) -> Answers {
    base.iter().chain(other).map(|(check, answer)| (check.clone(), answer.clone())).collect()
}

/// What a report answers for a target, by each of the check's names.
fn told(report: &Value, is_target: impl Fn(&str) -> bool) -> BTreeMap<String, (String, String)> {
    let mut told = BTreeMap::new();
    for check in report["checks"].as_array().expect("checks") {
        let text = |name: &str| check[name].as_str().expect("a text").to_owned();
        let target = text("target");
        if !is_target(&target) {
            continue;
        }
        let aliases = check["aliases"].as_array().expect("aliases").iter().filter_map(Value::as_str);
        for name in aliases.chain([text("rule").as_str()]) {
            told.insert(format!("{name}/{target}"), (text("status"), text("evidence")));
            told.entry(name.to_owned()).or_insert_with(|| (text("status"), text("evidence")));
        }
    }
    told
}

/// Notes the answers that are not the expected ones.
pub(crate) fn compare(
    name: &str,
    report: &Value,
    is_target: impl Fn(&str) -> bool,
    expected: &Answers,
    wrong: &mut String,
) {
    let told = told(report, is_target);
    for (check, answer) in expected.iter().filter(|(_, answer)| *answer != "machine") {
        match told.get(check) {
            Some((status, _)) if status == answer => {}
            other => {
                let _ = writeln!(wrong, "{name}: {check} must be {answer}, and is {other:?}");
            }
        }
    }
}

#[test]
fn containers_and_images_answer_as_the_tables_say() {
    if cannot_run() {
        return;
    }
    let dockerd = Dockerd::start("--add-runtime other=/usr/sbin/runc", "").expect("dockerd runs");
    dockerd.make_image();
    let (mut base, mut expected, mut hardened) = (Vec::new(), Vec::new(), Answers::new());
    for row in rows("containers.txt") {
        let first = row[0].replace("$DIR", &dockerd.path().display().to_string());
        let docker = |arguments: &[String]| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            dockerd.docker(&arguments).unwrap_or_else(|error| panic!("docker {arguments:?}: {error}"));
        };
        if let Some(command) = first.strip_prefix('!') {
            docker(&words(command));
        } else if let Some(option) = first.strip_prefix('=') {
            base.push(words(option));
        } else {
            let [_, without, besides, differing] = &row[..] else { panic!("four fields: {row:?}") };
            let name = first.trim_start_matches('+');
            let mut arguments = vec!["create".to_owned(), "--name".to_owned(), name.to_owned()];
            if first.starts_with('+') {
                arguments.splice(..1, ["run".to_owned(), "-d".to_owned()]);
            }
            let without = words(without);
            arguments.extend(base.iter().filter(|option| !without.contains(&option[0])).flatten().cloned());
            arguments.extend(words(&besides.replace("$DIR", &dockerd.path().display().to_string())));
            arguments.push("box:1".to_owned());
            docker(&arguments);
            if name == "hardened" {
                hardened = answers(differing);
            }
            expected.push((name.to_owned(), with(&hardened, &answers(differing))));
        }
    }
    assert!(expected.len() > 60, "{}", expected.len());
    let mut images: Vec<(String, Answers)> = Vec::new();
    for row in rows("images.txt") {
        let [name, instructions, differing] = &row[..] else { panic!("three fields: {row:?}") };
        let own = answers(differing);
        if !instructions.is_empty() {
            dockerd.folder.write(&format!("{name}/file"), "x");
            dockerd
                .folder
                .write(&format!("{name}/Dockerfile"), format!("FROM box:1\n{}\n", instructions.replace(" ; ", "\n")));
            let (tag, folder) = (format!("{name}:1"), dockerd.path().join(name).display().to_string());
            dockerd.docker(&["build", "--network", "none", "-t", &tag, &folder]).expect("an image");
        }
        let base = images.first().map_or(Answers::new(), |(_, base)| base.clone());
        images.push((name.clone(), with(&base, &own)));
    }

    let live = dockerd.host(&["--preset", "all", "--format", "json"]).exits(1);
    let report = live.json();
    assert!(live.errors().is_empty(), "{:?}", live.errors());
    let mut wrong = String::new();
    for (name, expected) in &expected {
        compare(name, &report, |target| target == format!("container:{name}"), expected, &mut wrong);
    }
    for (name, expected) in &images {
        compare(name, &report, |target| target == format!("image:{name}:1"), expected, &mut wrong);
    }
    for name in told(&report, |target| target == "container:hardened").into_keys() {
        let is_rule = name.contains("container-") && !name.contains('/');
        let rule = plimsoll::rules().into_iter().find(|rule| rule.id == name);
        let is_there =
            rule.is_none_or(|rule| rule.aliases.iter().chain([&rule.id]).any(|id| hardened.contains_key(*id)));
        if is_rule && !is_there {
            let _ = writeln!(wrong, "containers.txt does not say what {name} answers");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");

    // The bundle tells the same, and no secret.
    dockerd.host(&["collect", "-o", "bundle"]).exits(0);
    let from = dockerd.folder.run(&["host", "--from", "bundle", "--preset", "all", "--format", "json"]).exits(1);
    assert_eq!(steady(&report), steady(&from.json()));
    for file in std::fs::read_dir(dockerd.path().join("bundle")).expect("the bundle") {
        let text = std::fs::read_to_string(file.expect("an entry").path()).expect("a text");
        assert!(!text.contains("hunter2") && !text.contains("wz0zi4kkd6"));
    }
    assert!(!live.stdout.contains("hunter2") && !live.stdout.contains("wz0zi4kkd6"));
    if std::env::var_os("RECORD").is_some() {
        write_recorded("docker-20.10-containers", &recorded(&dockerd));
    }
}

#[test]
fn daemons_answer_as_the_table_says() {
    if cannot_run() {
        return;
    }
    let rows = rows("daemons.txt");
    let plain = answers(&rows[0][4]);
    let (next, wrong, bundles) = (AtomicUsize::new(0), Mutex::new(String::new()), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut own = String::new();
                    if let Some(bundle) = daemon(row, &plain, &mut own) {
                        bundles.lock().expect("bundles").insert(row[0].clone(), bundle);
                    }
                    wrong.lock().expect("texts").push_str(&own);
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("texts");
    assert!(wrong.is_empty(), "{wrong}");
    if std::env::var_os("RECORD").is_some() {
        write_recorded("docker-20.10-daemons", &only_what_differs(bundles.into_inner().expect("bundles")));
    }
}

/// Starts a row's daemon, does what the row says and compares. Gives what was recorded, where that is asked for.
fn daemon(row: &[String], plain: &Answers, wrong: &mut String) -> Option<Map<String, Value>> {
    let [name, arguments, config, steps, differing] = row else { panic!("five fields: {row:?}") };
    let dockerd = Dockerd::start(arguments, config).unwrap_or_else(|log| panic!("{name}: {log}"));
    if steps.contains("service") {
        dockerd.make_image();
    }
    for step in steps.split(" ; ").filter(|step| !step.is_empty()) {
        let step = step.replace("$DIR", &dockerd.path().display().to_string());
        let command = match step.strip_prefix("write ") {
            Some(path) => vec!["sh".to_owned(), "-c".to_owned(), format!("mkdir -p $(dirname {path}); echo > {path}")],
            None => words(&step),
        };
        dockerd.inside(&command).unwrap_or_else(|error| panic!("{name}: {step}: {error}"));
    }
    let run = dockerd.host(&["--preset", "all", "--format", "json"]);
    let (report, errors) = (run.json(), run.errors());
    if !errors.is_empty() {
        let _ = writeln!(wrong, "{name}: {errors:?}");
    }
    let is_target = |target: &str| !target.starts_with("container:") && !target.starts_with("image:");
    compare(name, &report, is_target, &with(plain, &answers(differing)), wrong);
    std::env::var_os("RECORD").map(|_| {
        dockerd.host(&["collect", "-o", "bundle"]).exits(0);
        recorded(&dockerd)
    })
}

#[test]
fn dockerd_refuses_an_option_that_stands_twice() {
    if cannot_run() {
        return;
    }
    let log = Dockerd::start("--icc=false", r#"{"icc": false}"#).err().expect("it does not start");
    assert!(log.contains("specified both as a flag and in the configuration file: icc"), "{log}");
}

/// The report without what may change between two looks at the host: which other programs listen.
fn steady(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().expect("checks");
    checks.iter().filter(|check| check["rule"] != "host-hardening").map(ToString::to_string).collect()
}

/// A daemon's bundle without what is this machine's or this moment's.
fn recorded(dockerd: &Dockerd) -> Map<String, Value> {
    const OF_THE_MOMENT: [&str; 14] = [
        "ID",
        "SystemTime",
        "NFd",
        "NGoroutines",
        "NEventsListener",
        "Name",
        "MemTotal",
        "NCPU",
        "KernelVersion",
        "Created",
        "CreatedAt",
        "UpdatedAt",
        "host",
        "time",
    ];
    fn strip(value: &mut Value, top: bool) {
        match value {
            Value::Object(fields) => {
                fields.retain(|key, _| !(top && OF_THE_MOMENT.contains(&key.as_str())));
                fields.values_mut().for_each(|value| strip(value, false));
            }
            Value::Array(values) => values.iter_mut().for_each(|value| strip(value, false)),
            _ => {}
        }
    }
    /// Of the accounts those that the tables speak of.
    const ACCOUNTS: [&str; 4] = ["root:", "docker:", "mapped:", "ann:"];
    let mut files = Map::new();
    let own = dockerd.path().display().to_string();
    for file in std::fs::read_dir(dockerd.path().join("bundle")).expect("the bundle").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(file.path()).expect("a text").replace(&own, "/opt/engine");
        let value = match name.as_str() {
            "group" | "passwd" => {
                let is_meant = |line: &&str| ACCOUNTS.iter().any(|name| line.starts_with(name));
                json!(text.lines().filter(is_meant).flat_map(|line| [line, "\n"]).collect::<String>())
            }
            // What else is mounted is the machine's.
            "mounts.txt" => {
                json!(
                    text.lines()
                        .filter(|line| !line.contains(" /mnt/"))
                        .flat_map(|line| [line, "\n"])
                        .collect::<String>()
                )
            }
            _ => match serde_json::from_str::<Value>(&text) {
                Ok(mut value) => {
                    strip(&mut value, matches!(name.as_str(), "info.json" | "meta.json"));
                    value
                }
                Err(_) => json!(text),
            },
        };
        files.insert(name, value);
    }
    files
}

/// Of all but the plain daemon only the files that are not as its are.
fn only_what_differs(mut bundles: BTreeMap<String, Map<String, Value>>) -> Map<String, Value> {
    let plain = bundles.get("plain").cloned().unwrap_or_default();
    for (_, files) in bundles.iter_mut().filter(|(name, _)| *name != "plain") {
        files.retain(|file, value| plain.get(file) != Some(value));
    }
    bundles.into_iter().map(|(name, files)| (name, Value::Object(files))).collect()
}

fn write_recorded(name: &str, value: &Map<String, Value>) {
    // A line for each entry of the outer object keeps changes readable.
    let lines: Vec<String> = value.iter().map(|(key, value)| format!("{}: {value}", json!(key))).collect();
    std::fs::create_dir_all(testdata("recorded")).expect("a folder");
    std::fs::write(testdata(&format!("recorded/{name}.json")), format!("{{\n{}\n}}\n", lines.join(",\n")))
        .expect("it is written");
}
