//! Finds and reads configuration files: the nearest upward from each input, each read once.

use crate::args::SettingsFlags;
use crate::names::shown;
use crate::patterns::PathPatterns;
use crate::read::read_file;
use plimsoll::config::{Config, ConfigError, Ignored, read_trivyignore, read_trivyignore_yaml};
use plimsoll::engine::InputError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One configuration file, read.
#[derive(Debug)]
pub struct ConfigFile {
    /// Its path in reports.
    pub shown: String,
    /// Whether it is hadolint's.
    pub hadolint: bool,
    /// What it says; what makes no sense in it is left out.
    pub config: Config,
    /// The files that it leaves out.
    pub exclude: PathPatterns,
    /// The files in which it ignores ids.
    pub per_file_ignores: Vec<(PathPatterns, Vec<String>)>,
    /// What makes no sense in it.
    pub errors: Vec<InputError>,
}

/// What a folder's inputs get.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// The position of their configuration file.
    pub config: Option<usize>,
    /// The root of their project: fingerprints name paths from there.
    pub root: Option<PathBuf>,
}

/// The configuration files in use.
#[derive(Debug)]
pub struct ConfigFiles {
    current: PathBuf,
    source: ConfigSource,
    files: Vec<ConfigFile>,
    folders: HashMap<PathBuf, Nearest>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ConfigSource {
    /// None is read.
    Nothing,
    /// One file for all.
    Given(usize),
    /// The nearest upward; hadolint's only where the command line names no preset.
    Nearest { hadolint: Option<usize>, look_for_hadolint: bool },
}

/// What stands in a folder or, else, in the nearest folder above it.
#[derive(Debug, Clone, Default)]
struct Nearest {
    /// The `plimsoll.toml` and its folder.
    own: Option<(usize, PathBuf)>,
    hadolint: Option<usize>,
    repository: Option<PathBuf>,
}

impl ConfigFiles {
    /// Settles where configuration comes from. `current` is the current folder, absolute and without links.
    pub fn new(current: &Path, flags: &SettingsFlags) -> Self {
        let nothing = ConfigSource::Nothing;
        let mut files = Self { current: current.to_owned(), source: nothing, files: Vec::new(), folders: HashMap::new() };
        files.source = match &flags.config {
            Some(path) => {
                let hadolint = matches!(path.extension().and_then(|ending| ending.to_str()), Some("yaml" | "yml"));
                // Patterns of a file that is named hold for the current folder, wherever the file stands.
                ConfigSource::Given(files.load(&current.join(path), shown(path), hadolint, current))
            }
            None if flags.no_config => nothing,
            None => {
                let look_for_hadolint = flags.preset.is_none();
                // hadolint looks in the current folder, wherever the inputs are.
                let hadolint = if look_for_hadolint { files.load_hadolint(current) } else { None };
                ConfigSource::Nearest { hadolint, look_for_hadolint }
            }
        };
        files
    }

    /// What the inputs in a folder get; the folder is absolute.
    pub fn folder(&mut self, folder: &Path) -> Folder {
        let nearest = self.nearest(folder);
        let config = match self.source {
            ConfigSource::Nothing => None,
            ConfigSource::Given(given) => Some(given),
            ConfigSource::Nearest { hadolint, .. } => {
                nearest.own.as_ref().map(|(config, _)| *config).or(hadolint).or(nearest.hadolint)
            }
        };
        Folder { config, root: nearest.own.map(|(_, folder)| folder).or(nearest.repository) }
    }

    /// The configuration file at a position.
    pub fn get(&self, position: usize) -> &ConfigFile {
        &self.files[position]
    }

    /// Those that were read, in the order in which they were found. Not all need to be in use.
    pub fn iter(&self) -> impl Iterator<Item = &ConfigFile> {
        self.files.iter()
    }

    fn nearest(&mut self, folder: &Path) -> Nearest {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        // From the top down, so that each folder is looked into once and inherits what stands above.
        let mut found = folder.parent().map_or_else(Nearest::default, |parent| self.nearest(parent));
        if folder.join(".git").exists() {
            found.repository = Some(folder.to_owned());
        }
        if let ConfigSource::Nearest { look_for_hadolint, .. } = self.source {
            let own = folder.join(OWN_NAME);
            if own.exists() {
                let position = self.load(&own, self.shown_from_here(&own), false, folder);
                found.own = Some((position, folder.to_owned()));
            }
            if look_for_hadolint && let Some(position) = self.load_hadolint(folder) {
                found.hadolint = Some(position);
            }
        }
        self.folders.insert(folder.to_owned(), found.clone());
        found
    }

    fn load_hadolint(&mut self, folder: &Path) -> Option<usize> {
        let path = HADOLINT_NAMES.iter().map(|name| folder.join(name)).find(|path| path.exists())?;
        Some(self.load(&path, self.shown_from_here(&path), true, folder))
    }

    fn load(&mut self, path: &Path, shown: String, hadolint: bool, root: &Path) -> usize {
        if let Some(known) = self.files.iter().position(|file| file.shown == shown) {
            return known;
        }
        let (config, mistakes) = match read_file(path) {
            Ok(text) if hadolint => Config::from_hadolint(&text),
            Ok(text) => Config::from_toml(&text),
            Err(error) => (Config::default(), vec![ConfigError { line: error.line, message: error.message }]),
        };
        let mut errors = in_file(&shown, mistakes);
        let mut pattern_error = |(pattern, message): (String, String)| {
            let line = config.line_of(&pattern);
            errors.push(InputError { path: shown.clone(), line, message: format!("`{pattern}` is no pattern: {message}") });
        };
        let (exclude, mistakes) = PathPatterns::new(root, config.exclude.iter().flatten());
        mistakes.into_iter().for_each(&mut pattern_error);
        let mut per_file_ignores = Vec::new();
        for (pattern, ids) in &config.per_file_ignores {
            let (patterns, mistakes) = PathPatterns::new(root, [pattern]);
            mistakes.into_iter().for_each(&mut pattern_error);
            per_file_ignores.push((patterns, ids.clone()));
        }
        self.files.push(ConfigFile { shown, hadolint, config, exclude, per_file_ignores, errors });
        self.files.len() - 1
    }

    fn shown_from_here(&self, path: &Path) -> String {
        shown_from(&self.current, path)
    }
}

/// The name of our own configuration file.
pub const OWN_NAME: &str = "plimsoll.toml";

/// The names of hadolint's, the first one that exists counts.
pub const HADOLINT_NAMES: [&str; 2] = [".hadolint.yaml", ".hadolint.yml"];

/// A path as reports show it: from the folder where it lies below that.
pub fn shown_from(folder: &Path, path: &Path) -> String {
    shown(path.strip_prefix(folder).unwrap_or(path))
}

/// The ids that trivy's ignore files in a folder name, and what makes no sense in them.
pub fn read_trivyignores(folder: &Path) -> (Vec<Ignored>, Vec<InputError>) {
    type Reader = fn(&str) -> (Vec<Ignored>, Vec<ConfigError>);
    let readers: [(&str, Reader); 2] =
        [(".trivyignore", read_trivyignore), (".trivyignore.yaml", read_trivyignore_yaml)];
    let (mut ignored, mut errors) = (Vec::new(), Vec::new());
    for (name, reader) in readers {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        match read_file(&path) {
            Ok(text) => {
                let (ids, mistakes) = reader(&text);
                ignored.extend(ids);
                errors.extend(in_file(name, mistakes));
            }
            Err(error) => {
                errors.push(InputError { path: name.to_owned(), line: error.line, message: error.message });
            }
        }
    }
    (ignored, errors)
}

fn in_file(shown: &str, mistakes: Vec<ConfigError>) -> Vec<InputError> {
    let row = |mistake: ConfigError| InputError { path: shown.to_owned(), line: mistake.line, message: mistake.message };
    mistakes.into_iter().map(row).collect()
}
