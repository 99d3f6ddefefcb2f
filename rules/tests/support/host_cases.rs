//! Hosts as bundles of a few facts, and what a check answers.

use plimsoll::engine::{Report, SelectionSpec};
use plimsoll::host::Bundle;
use plimsoll::{AuditSettings, Auditor, Settings};
use serde_json::{Value, json};

/// The report on a host, of the checks with that number.
pub fn report(id: &str, files: &Value) -> Report {
    let spec = SelectionSpec { select: Some(vec![id.to_owned()]), ..SelectionSpec::default() };
    let settings = Settings { spec, ..Settings::default() };
    let auditor = Auditor::new(&settings, &AuditSettings::default()).expect("the number is known");
    let mut bundle = Bundle::default();
    for (name, content) in files.as_object().expect("files by name") {
        let text = content.as_str().map_or_else(|| content.to_string(), str::to_owned);
        assert!(Bundle::FILES.contains(&name.as_str()), "{name}");
        bundle.files.insert(name.clone(), text);
    }
    auditor.audit(&bundle)
}

/// What the first of the checks with that number rests on.
pub fn evidence(id: &str, files: &Value) -> String {
    report(id, files).checks[0].evidence.clone()
}

/// The answers of the checks with that number, as words, in the order of their targets.
pub fn answers(id: &str, files: &Value) -> Vec<&'static str> {
    report(id, files).checks.iter().map(|check| check.answer.name()).collect()
}

pub fn says(id: &str, files: &Value, expected: &str) {
    assert_eq!(answers(id, files), [expected], "{id}: {files}");
}

pub fn container(id: &str, more: &Value, expected: &str) {
    let mut container = json!({ "Id": "aa", "Name": "/c" });
    merge(&mut container, more);
    says(
        id,
        &json!({ "containers.json": [container], "info.json": { "SecurityOptions": ["name=seccomp,profile=default"] } }),
        expected,
    );
}

pub fn host_config(id: &str, config: &Value, expected: &str) {
    container(id, &json!({ "HostConfig": config }), expected);
}

pub fn mount(id: &str, source: &str, rw: bool, expected: &str) {
    container(
        id,
        &json!({ "Mounts": [{ "Type": "bind", "Source": source, "Destination": "/d", "RW": rw }] }),
        expected,
    );
}

pub fn merge(into: &mut Value, more: &Value) {
    for (key, value) in more.as_object().expect("an object") {
        into[key] = value.clone();
    }
}

/// A daemon's command line and configuration file; `null` for a file that is not there.
pub fn daemon(id: &str, args: &[&str], file: &Value, expected: &str) {
    let mut all = vec!["/usr/bin/dockerd"];
    all.extend(args);
    let files = match file {
        Value::Null => json!({ "dockerd.args.json": all, "meta.json": { "unread": { "daemon.json": "absent" } } }),
        file => json!({ "dockerd.args.json": all, "daemon.json": file }),
    };
    says(id, &files, expected);
}

pub fn file(id: &str, path: &str, mode: &str, expected: &str) {
    let files = json!({ "files.json": { path: { "type": "file", "mode": mode, "uid": 0, "gid": 0, "user": "root", "group": "root" } }, "dockerd.args.json": ["dockerd", "--tlskey", "/k"] });
    says(id, &files, expected);
}
