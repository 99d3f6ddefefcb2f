//! Secrets in units of systemd: the values of variables go, but for those that stand on the daemon's command line.

use crate::mask_bundle::{MASK, environment_value, masked_text};
use plimsoll_host::units::words;
use serde_json::Value;
use std::collections::BTreeSet;

/// Masks units, drop-ins and files of variables by path.
pub(crate) fn mask(units: &mut Value) {
    let Value::Object(files) = units else { return };
    let texts = files.values().filter_map(Value::as_str);
    let lines = texts.flat_map(str::lines).filter(|line| !is_variables(line));
    let used: BTreeSet<String> = lines.flat_map(variables).map(str::to_owned).collect();
    for (path, file) in files {
        let Value::String(text) = file else { continue };
        let is_unit = path.ends_with(".conf") || path.ends_with(".service") || path.ends_with(".socket");
        // A line that goes on would hide what it sets.
        let joined = text.replace("\\\n", " ");
        let lines = joined.lines().map(|line| match line.trim_start().strip_prefix("Environment=") {
            Some(values) if is_unit => {
                let pairs = words(values).iter().map(|word| quoted(&masked(word, &used))).collect::<Vec<_>>();
                format!("Environment={}", pairs.join(" "))
            }
            _ if is_unit || line.trim_start().starts_with(['#', ';']) => masked_text(line),
            _ => masked(line, &used),
        });
        *text = lines.flat_map(|line| [line, "\n".to_owned()]).collect();
    }
}

fn is_variables(line: &str) -> bool {
    line.trim_start().starts_with("Environment")
}

/// The names behind `$` and `${`.
fn variables(line: &str) -> impl Iterator<Item = &str> {
    line.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())]
    })
}

/// `NAME=value` without the value; of a variable with options only what is secret in them goes.
fn masked(word: &str, used: &BTreeSet<String>) -> String {
    match word.split_once('=') {
        Some((name, value)) if used.contains(name.trim()) => format!("{name}={}", masked_text(value)),
        Some((name, value)) => format!("{name}={}", environment_value(name.trim(), value)),
        None if word.trim().is_empty() => word.to_owned(),
        None => MASK.to_owned(),
    }
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn options_stay_and_secrets_go() {
        let unit = "[Service]\nEnvironment=\"OPTS=-D --label a=b\" TOKEN=hunter2 \\\n  \"X=hunter2 hunter2\"\nExecStart=/usr/bin/dockerd $OPTS --log-opt splunk-token=hunter2 ${MORE}\n";
        let file = "# a note\nOTHER=hunter2\nMORE=\"--http-proxy http://u:hunter2@p --icc=false\"\nhunter2\n";
        let mut units = json!({ "/lib/systemd/system/docker.service": unit, "/etc/default/docker": file });
        mask(&mut units);
        let text = units.to_string();
        assert!(!text.contains("hunter2"), "{text}");
        for kept in ["-D --label a=b", "--icc=false", "dockerd $OPTS --log-opt splunk-token=***", "\\\"TOKEN=***\\\""] {
            assert!(text.contains(kept), "{kept}: {text}");
        }
    }
}
