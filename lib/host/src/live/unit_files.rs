//! The units of systemd through which the engine is started.

use super::Collected;
use super::root::Host;
use crate::units::{FOLDERS, settings};
use serde_json::{Map, Value, json};
use std::fs;
use std::io;

/// Reads the daemon's unit, its socket, their drop-ins and the files of variables that they name. Gives the paths.
pub(super) fn collect(host: &Host<'_>, facts: &mut Collected) -> Vec<String> {
    let unit = facts.unit.clone().unwrap_or_else(|| "docker.service".to_owned());
    let socket = "docker.socket".to_owned();
    let mut files = Map::new();
    for name in [&unit, &socket] {
        let kind = name.rsplit('.').next().unwrap_or_default();
        for folder in FOLDERS {
            add(host, &format!("{folder}/{name}"), &mut files);
            for owner in [name.as_str(), kind] {
                drop_ins(host, &format!("{folder}/{owner}.d"), &mut files);
            }
        }
    }
    let texts = files.values().filter_map(Value::as_str);
    let named = texts.flat_map(|text| settings(text, "Service")).filter(|(key, _)| *key == "EnvironmentFile");
    let named: Vec<String> = named.map(|(_, value)| value.trim_start_matches('-').to_owned()).collect();
    for path in named.iter().filter(|path| path.starts_with('/')) {
        add(host, path, &mut files);
    }
    // What stands for a folder that could not be read is no file.
    let is_unit = |path: &&String| !named.contains(path) && !path.ends_with("/?.conf");
    let paths = files.keys().filter(is_unit).cloned().collect();
    facts.put("units.json", Value::Object(files).to_string());
    paths
}

/// The files of a folder of drop-ins. Such folders are small; of one that is not the rest is left out as unreadable.
fn drop_ins(host: &Host<'_>, folder: &str, files: &mut Map<String, Value>) {
    const MOST: usize = 500;
    let entries = match host.place(folder).and_then(fs::read_dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(error) => {
            // Somewhere in it something may be set.
            files.insert(format!("{folder}/?.conf"), json!({ "error": error.to_string() }));
            return;
        }
    };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".conf")).collect();
    names.sort_unstable();
    if names.len() > MOST {
        names.truncate(MOST);
        files.insert(format!("{folder}/?.conf"), json!({ "error": "there are too many drop-ins" }));
    }
    for name in names {
        add(host, &format!("{folder}/{name}"), files);
    }
}

fn add(host: &Host<'_>, path: &str, files: &mut Map<String, Value>) {
    // A link to nothing hides files of that name.
    let text = match host.real(path) {
        Ok(real) if real == "/dev/null" => Ok(String::new()),
        _ => host.read(path),
    };
    match text {
        Ok(text) => drop(files.insert(path.to_owned(), text.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => drop(files.insert(path.to_owned(), json!({ "error": error.to_string() }))),
    }
}
