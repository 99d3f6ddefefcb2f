//! `plimsoll init`: writes a configuration to start from.

use crate::Exit;
use crate::args::InitFrom;
use crate::config_files::{DOCKLE_IGNORES, HADOLINT_NAMES, IgnoreReader, OWN_NAME, TRIVY_IGNORES, read_ignored};
use crate::output::{print_error, print_note};
use crate::read::{io_message, read_file};
use plimsoll::config::{Config, Ignored};
use plimsoll::engine::{Preset, SelectionSpec};
use plimsoll::{Linter, Settings};
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// Runs the command in the current folder. An existing file is left as it is.
pub(crate) fn run(from: Option<InitFrom>) -> Exit {
    let text = match from {
        None => Ok(START.to_owned()),
        Some(InitFrom::Hadolint) => from_hadolint(),
        Some(InitFrom::Dockle) => from_ignore_files(Preset::Dockle, &DOCKLE_IGNORES),
        Some(InitFrom::Trivy) => from_ignore_files(Preset::Trivy, &TRIVY_IGNORES),
    };
    let written = text.and_then(|text| {
        let file = OpenOptions::new().write(true).create_new(true).open(OWN_NAME);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => format!("{OWN_NAME} exists already"),
            _ => format!("{OWN_NAME}: {}", io_message(&error)),
        })
    });
    match written {
        Ok(()) => {
            print_note(&format!("{OWN_NAME} is written"));
            Exit::Clean
        }
        Err(message) => {
            print_error(&message);
            Exit::Trouble
        }
    }
}

const START: &str = r#"# The rules to start from: recommended, security, cis, hadolint, buildkit, trivy or all.
preset = "recommended"

# Rules besides the preset's, and rules that are left out: ids, ids of other tools, or globs such as "DL*".
extend-select = []
ignore = []

# Exit with 1 from this severity on: error, warning, info, style or never.
fail-level = "warning"

# Files and folders that are left out, as in .gitignore.
exclude = []

# Severities by rule:
# [severity]
# copy-not-add = "error"

# Rules that are left out in some files:
# [per-file-ignores]
# "testdata/" = ["DL*"]
"#;

fn from_hadolint() -> Result<String, String> {
    let names = HADOLINT_NAMES;
    let name =
        names.into_iter().find(|name| Path::new(name).exists()).ok_or(format!("there is no {} here", names[0]))?;
    let text = read_file(Path::new(name)).map_err(|error| format!("{name}: {}", error.message))?;
    let (mut config, errors) = Config::from_hadolint(&text);
    if let Some(error) = errors.first() {
        let line = error.line.map(|line| format!(":{line}")).unwrap_or_default();
        return Err(format!("{name}{line}: {}", error.message));
    }
    let mut toml = format!("# Taken over from {name}.\n");
    let left_out = drop_unknown(&mut config);
    if !left_out.is_empty() {
        let _ = writeln!(toml, "# Plimsoll has no such checks: {}", left_out.join(", "));
    }
    if config.disable_suppressions {
        toml.push_str("# `disable-ignore-pragma` has no counterpart: comments suppress findings.\n");
    }
    config.fail_level = config.effective_fail_level();
    if config.ignore.as_ref().is_some_and(Vec::is_empty) {
        config.ignore = None;
    }
    toml.push_str(&config.to_toml());
    Ok(toml)
}

/// A tool's preset, and the ids of its ignore files. Those that end one day, or hold for some files only, stay where they
/// are, since these files are read as well.
fn from_ignore_files(preset: Preset, files: &[(&str, IgnoreReader)]) -> Result<String, String> {
    let (ignored, errors) = read_ignored(Path::new("."), files);
    if let Some(error) = errors.first() {
        let line = error.line.map(|line| format!(":{line}")).unwrap_or_default();
        return Err(format!("{}{line}: {}", error.path, error.message));
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).filter(|name| Path::new(name).exists()).collect();
    let (always, others): (Vec<_>, Vec<_>) =
        ignored.into_iter().partition(|one| one.expires.is_none() && one.paths.is_empty());
    let ids = |ignored: Vec<Ignored>| ignored.into_iter().map(|one| one.id).collect::<Vec<_>>();
    let mut config = Config { preset: Some(preset), ignore: Some(ids(always)), ..Config::default() };
    let from = if names.is_empty() { "the tool's defaults".to_owned() } else { names.join(" and ") };
    let mut toml = format!("# Taken over from {from}.\n");
    let left_out = drop_unknown(&mut config);
    if !left_out.is_empty() {
        let _ = writeln!(toml, "# Plimsoll has no such checks: {}", left_out.join(", "));
    }
    if !others.is_empty() {
        let _ = writeln!(
            toml,
            "# These end one day or hold for some files; that file is read too: {}",
            ids(others).join(", ")
        );
    }
    if config.ignore.as_ref().is_some_and(Vec::is_empty) {
        config.ignore = None;
    }
    toml.push_str(&config.to_toml());
    Ok(toml)
}

/// Takes ids that no rule has out of a configuration: hadolint does not mind them, we do.
fn drop_unknown(config: &mut Config) -> Vec<String> {
    let ids = config.ignore.iter().flatten().chain(config.severity.iter().map(|(id, _)| id));
    let spec = SelectionSpec { ignore: ids.cloned().collect(), ..SelectionSpec::default() };
    let Err(unknown) = Linter::new(&Settings { spec, ..Settings::default() }) else { return Vec::new() };
    let mut unknown: Vec<String> = unknown.into_iter().map(|error| error.id).collect();
    unknown.sort();
    unknown.dedup();
    config.ignore.iter_mut().for_each(|ids| ids.retain(|id| !unknown.contains(id)));
    config.severity.retain(|(id, _)| !unknown.contains(id));
    unknown
}
