//! Unknown is not pass: whatever is taken from a host's facts, no check answers otherwise than before but unknown.

mod support;

use plimsoll::engine::{Answer, Input, Report};
use plimsoll::host::Bundle;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use support::host_scenarios::{Files, audit, bundle, recorded};

/// Of the recorded containers those that fail, one after the other, what fails at all.
const CONTAINERS: [&str; 18] = [
    "hardened",
    "privileged",
    "cap-all",
    "host-net",
    "host-pid",
    "host-ipc-through",
    "mount-etc",
    "mount-hidden-volume",
    "mount-shared",
    "socket-docker",
    "device-rule",
    "gpus",
    "group-docker",
    "host-cgroupns",
    "port-22",
    "restart-always",
    "secret",
    "runs",
];

fn host() -> Files {
    let mut files = recorded("docker-20.10-containers");
    let containers = files["containers.json"].as_array_mut().expect("containers");
    containers.retain(|container| {
        let name = container["Name"].as_str().unwrap_or_default().trim_start_matches('/');
        CONTAINERS.contains(&name)
    });
    assert_eq!(containers.len(), CONTAINERS.len());
    files["images.json"].as_array_mut().expect("images").truncate(4);
    // A manager of a swarm with audit rules: more checks have something to say.
    let daemons = recorded("docker-20.10-daemons");
    for file in ["swarm.json", "services.json", "nodes.json", "secrets.json", "sockets.txt"] {
        files.insert(file.to_owned(), daemons["swarm"][file].clone());
    }
    files["info.json"]["Swarm"] = daemons["swarm"]["info.json"]["Swarm"].clone();
    files["networks.json"] = daemons["swarm"]["networks.json"].clone();
    files.insert("audit.rules".to_owned(), json!("-w /etc/docker -p wa\n"));
    files.insert("lsm.txt".to_owned(), json!("capability,yama"));
    files["meta.json"]["unread"] = json!({ "daemon.json": "absent" });
    files
}

type Told = BTreeMap<(String, &'static str, String), Answer>;

fn told(report: &Report) -> Told {
    let key = |check: &plimsoll::engine::Check| {
        let aliases: Vec<&str> = check.aliases.names(check.rule).collect();
        (check.target.clone(), check.rule.id, aliases.join(" "))
    };
    report.checks.iter().map(|check| (key(check), check.answer)).collect()
}

/// Notes what answers otherwise without being unknown. `excused` says where that is right.
fn compare(what: &str, before: &Told, after: &Told, excused: impl Fn(&str) -> bool, wrong: &mut String) {
    for ((target, rule, aliases), answer) in after {
        let same = before.get(&(target.clone(), rule, aliases.clone())) == Some(answer);
        if !same && *answer != Answer::Unknown && !excused(rule) {
            let _ = writeln!(wrong, "{what}: {target} {rule} {aliases} is {answer:?}");
        }
    }
}

#[test]
fn of_a_host_that_tells_nothing_nothing_is_known() {
    let report = audit(&Bundle::default());
    assert_eq!(
        report
            .checks
            .iter()
            .filter(|check| check.answer != Answer::Unknown)
            .map(|check| check.rule.id)
            .collect::<Vec<_>>(),
        Vec::<&str>::new()
    );
    let asked: std::collections::BTreeSet<&str> = report.checks.iter().map(|check| check.rule.id).collect();
    let rules = plimsoll::rules().into_iter().filter(|rule| rule.input == Input::Host).map(|rule| rule.id).collect();
    assert_eq!(asked, rules);
}

#[test]
fn a_file_that_is_denied_or_makes_no_sense_makes_unknown() {
    let files = host();
    let before = told(&audit(&bundle(&files)));
    let mut wrong = String::new();
    for name in Bundle::FILES.into_iter().filter(|name| *name != "meta.json" && files.contains_key(*name)) {
        // Which engine it is, and what it was told, decides what is asked.
        let excused = |rule: &str| match name {
            // Evidence, and severity; the answer rests on something else.
            "version.json" => matches!(rule, "legacy-registry-option"),
            // The network as it is counts; without it the daemon's own words do, and the other way round.
            "networks.json" => rule == "daemon-inter-container-traffic",
            // One fact is enough to fail.
            _ => false,
        };
        let mut denied = files.clone();
        denied.remove(name);
        denied["meta.json"]["unread"][name] = json!("denied");
        compare(&format!("{name} denied"), &before, &told(&audit(&bundle(&denied))), excused, &mut wrong);
        let is_json = name.ends_with(".json");
        if is_json {
            let mut odd = files.clone();
            odd[name] = json!(7);
            let report = audit(&bundle(&odd));
            compare(&format!("{name} of another type"), &before, &told(&report), excused, &mut wrong);
            assert!(report.errors.iter().any(|error| error.path == name), "{name}: an error says so");
            let mut cut = bundle(&files);
            let text = cut.files.get_mut(name).expect("a text");
            text.truncate(text.floor_char_boundary(text.len() / 2));
            let report = audit(&cut);
            assert!(report.errors.iter().any(|error| error.path == name), "{name}: an error says so");
            if !matches!(name, "containers.json" | "images.json" | "networks.json" | "services.json") {
                compare(&format!("{name} cut off"), &before, &told(&report), excused, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Of a list that breaks off, or has an entry that makes no sense, what could be read is checked one by one; what rests
/// on the whole list is not known.
#[test]
fn a_part_of_a_list_is_not_the_whole() {
    for (file, rule, entry) in [
        ("images.json", "image-sprawl", r#"{"Id": "sha256:a"}"#),
        (
            "containers.json",
            "image-sprawl",
            r#"{"Id": "1", "Name": "/a", "Image": "sha256:a", "State": {"Running": true}}"#,
        ),
        ("containers.json", "container-sprawl", r#"{"Id": "1", "Name": "/a", "State": {"Running": true}}"#),
        ("networks.json", "daemon-inter-container-traffic", r#"{"Id": "n", "Name": "mine"}"#),
    ] {
        let answer = |text: String| {
            let mut files = host();
            files.insert("images.json".into(), json!([{ "Id": "sha256:a" }]));
            files.insert("containers.json".into(), json!([]));
            let mut bundle = bundle(&files);
            bundle.files.insert(file.to_owned(), text);
            let report = audit(&bundle);
            report.checks.iter().find(|check| check.rule.id == rule).map(|check| check.answer)
        };
        assert_ne!(answer(format!("[{entry}]")), Some(Answer::Unknown), "{rule}");
        for broken in [format!("[{entry}, {{"), format!("[{entry}, 7]"), format!("[{entry}] x")] {
            assert_eq!(answer(broken.clone()), Some(Answer::Unknown), "{rule} of {broken}");
        }
    }
}

/// Fields that engines leave out where they are empty: that they are not there says that they are empty.
const LEFT_OUT: [&str; 17] = [
    "Healthcheck",
    "Health",
    "Sysctls",
    "Runtime",
    "Test",
    "MaximumRetryCount",
    "Options.encrypted",
    "Env",
    "ContainerSpec.Mounts",
    "Labels",
    "Config.User",
    "RestartPolicy.Condition",
    "RestartPolicy.MaxAttempts",
    "Options.device",
    "Options.o",
    "ContainerSpec",
    "Entrypoint",
];

/// Every field of every answer, taken away, `null` or of another type wherever it stands.
#[test]
fn a_field_that_is_not_there_or_makes_no_sense_makes_unknown() {
    let files = host();
    let before = told(&audit(&bundle(&files)));
    let names = [
        "info.json",
        "containers.json",
        "images.json",
        "networks.json",
        "volumes.json",
        "swarm.json",
        "services.json",
        "secrets.json",
    ];
    let mut wrong = String::new();
    for name in names {
        let mut paths = BTreeMap::new();
        collect(&files[name], String::new(), &mut paths);
        for (path, is_scalar) in paths {
            for (how, put) in [
                ("gone", None),
                ("null", Some(Value::Null)),
                ("odd", Some(if is_scalar { json!({ "odd": [7] }) } else { json!("odd") })),
            ] {
                // `null` is how engines write an empty list or map.
                if how == "null" && !is_scalar {
                    continue;
                }
                let mut changed = files.clone();
                set(changed.get_mut(name).expect("a file"), &path, put.as_ref());
                let excused = |rule: &str| excused(name, &path, how, rule);
                compare(
                    &format!("{name} {path} {how}"),
                    &before,
                    &told(&audit(&bundle(&changed))),
                    excused,
                    &mut wrong,
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{} lines\n{wrong}", wrong.lines().count());
}

fn excused(file: &str, path: &str, how: &str, rule: &str) -> bool {
    if how != "odd" && LEFT_OUT.iter().any(|field| path.ends_with(field)) {
        return true;
    }
    // What names a thing decides which thing is meant.
    let names = ["Id", "Name", "RepoTags", "RepoDigests", "Image"].iter().any(|field| path == format!("[].{field}"));
    match rule {
        _ if names => true,
        // What users called their networks is no field.
        "container-on-default-bridge" => path.contains("Networks."),
        // A text is the older form of a command.
        "image-user-root" => path.ends_with("Config.Entrypoint"),
        // Engines write `null` where nobody set a limit.
        "container-without-pids-limit" => path.ends_with("PidsLimit") && how != "odd",
        // The daemon's word counts where the network's is missing.
        "daemon-inter-container-traffic" => file == "networks.json",
        _ => false,
    }
}

/// The paths of all fields: `[]` for each element. The value says whether it is a switch, a number or a text.
fn collect(value: &Value, path: String, paths: &mut BTreeMap<String, bool>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                // Names that users chose are no fields.
                if name.contains(['/', '.', ':']) || name.len() >= 25 {
                    continue;
                }
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let is_scalar = !matches!(field, Value::Object(_) | Value::Array(_) | Value::Null);
                *paths.entry(path.clone()).or_insert(is_scalar) &= is_scalar;
                collect(field, path, paths);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, format!("{path}[]"), paths)),
        _ => {}
    }
}

/// Sets a field wherever the path leads; without a value takes it away.
fn set(value: &mut Value, path: &str, put: Option<&Value>) {
    if let Some(rest) = path.strip_prefix("[]") {
        let rest = rest.trim_start_matches('.');
        value.as_array_mut().into_iter().flatten().for_each(|element| set(element, rest, put));
        return;
    }
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, rest) = path.split_at(end);
    let Value::Object(fields) = value else { return };
    if rest.is_empty() {
        match put {
            Some(put) if fields.contains_key(name) => drop(fields.insert(name.to_owned(), put.clone())),
            Some(_) => {}
            None => drop(fields.remove(name)),
        }
    } else if let Some(field) = fields.get_mut(name) {
        set(field, rest.trim_start_matches('.'), put);
    }
}
