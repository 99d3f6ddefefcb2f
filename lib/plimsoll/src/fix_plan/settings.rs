//! The daemon's settings: what of a change belongs into its configuration file, and what onto its command line.

use plimsoll_host::{Facts, Origin};
use serde_json::{Map, Value};

/// A daemon's configuration file and command line, as they stand on disk: those of its next start, which may be others
/// than those of the daemon that runs.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) file: Map<String, Value>,
    pub(super) args: Vec<String>,
    /// What changed in the file; `null` for keys that went.
    pub(super) patch: Map<String, Value>,
    pub(super) args_changed: bool,
}

impl Settings {
    /// What the host has; else why that is not known well enough to change it.
    pub(super) fn read(facts: &Facts) -> Result<Self, String> {
        let args = match &facts.start {
            Ok(Some(start)) => Ok(&start.args),
            Ok(None) => facts.args.known("dockerd that is seen to run"),
            Err(why) => Err(why.clone()),
        };
        let args =
            args.map_err(|why| format!("which options stand on the daemon's command line is not known: {why}"))?;
        let file = match facts.daemon_json.optional() {
            Ok(file) => file.cloned().unwrap_or_default(),
            Err(why) => return Err(format!("the present daemon.json is not known: {why}")),
        };
        Ok(Self { file, args: args.clone(), patch: Map::new(), args_changed: false })
    }

    /// Sets a key where it stands now, or in the file; `Null` takes it out of both.
    pub(super) fn set(&mut self, facts: &Facts, key: &str, value: &Value) {
        let on_command_line = facts.next.get(key).ok().flatten().is_some_and(|set| set.origin == Origin::CommandLine);
        if on_command_line {
            self.args = plimsoll_host::Daemon::with_settings(&self.args, &[(key, value.clone())]);
            self.args_changed = true;
        } else if value.is_null() {
            self.unset(key);
        } else {
            self.file.insert(key.to_owned(), value.clone());
            self.patch.insert(key.to_owned(), value.clone());
        }
    }

    /// Whether a key has that value already; `Null`: that it is not set.
    pub(super) fn has(facts: &Facts, key: &str, value: &Value) -> bool {
        match facts.next.get(key) {
            Ok(Some(setting)) => setting.value == *value,
            Ok(None) => value.is_null(),
            Err(_) => false,
        }
    }

    /// Takes a key out of the file.
    pub(super) fn unset(&mut self, key: &str) {
        if self.file.remove(key).is_some() {
            self.patch.insert(key.to_owned(), Value::Null);
        }
    }

    /// Whether a secret was masked in the file: then what is here is not all of it.
    pub(super) fn file_is_masked(&self) -> bool {
        self.file.values().any(is_masked)
    }

    /// Whether the command line can be written down: nothing in it was masked, and nothing hides.
    pub(super) fn args_are_plain(&self) -> bool {
        self.args.iter().all(|word| !word.contains(crate::mask_bundle::MASK) && super::quote::is_plain(word))
    }
}

fn is_masked(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(crate::mask_bundle::MASK),
        Value::Array(values) => values.iter().any(is_masked),
        Value::Object(fields) => fields.values().any(is_masked),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
