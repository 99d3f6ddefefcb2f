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
pub(crate) struct ConfigFile {
    /// Its path in reports.
    pub(crate) shown: String,
    /// Whether it is hadolint's.
    pub(crate) hadolint: bool,
    /// What it says; what makes no sense in it is left out.
    pub(crate) config: Config,
    /// The files that it leaves out.
    pub(crate) exclude: PathPatterns,
    /// The files in which it ignores ids.
    pub(crate) per_file_ignores: Vec<(PathPatterns, Vec<String>)>,
    /// What makes no sense in it.
    pub(crate) errors: Vec<InputError>,
}

/// What a folder's inputs get.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folder {
    /// The position of their configuration file.
    pub(crate) config: Option<usize>,
    /// The root of their project: fingerprints name paths from there.
    pub(crate) root: Option<PathBuf>,
}

/// The configuration files in use.
#[derive(Debug)]
pub(crate) struct ConfigFiles {
    current: PathBuf,
    source: ConfigSource,
    files: Vec<ConfigFile>,
    known: HashMap<PathBuf, usize>,
    folders: HashMap<PathBuf, Nearest>,
    /// The folder that was asked for last: inputs come folder by folder.
    last: Option<(PathBuf, Folder)>,
}

#[derive(Debug)]
enum ConfigSource {
    /// None is read.
    Nothing,
    /// One file for all.
    Given(usize),
    /// The nearest upward.
    Nearest,
    /// The nearest upward, else hadolint's: the one in the current folder, as hadolint does, else the nearest upward.
    NearestOrHadolint(Option<PathBuf>),
}

/// What stands in a folder or, else, in the nearest folder above it.
#[derive(Debug, Clone, Default)]
struct Nearest {
    /// The folder with a `plimsoll.toml`.
    own: Option<PathBuf>,
    /// The path of a `.hadolint.yaml`.
    hadolint: Option<PathBuf>,
    /// The folder with a `.git`.
    repository: Option<PathBuf>,
}

impl ConfigFiles {
    /// Settles where configuration comes from. `current` is the current folder, absolute and without links.
    pub(crate) fn new(current: &Path, flags: &SettingsFlags) -> Self {
        let mut files = Self {
            current: current.to_owned(),
            source: ConfigSource::Nothing,
            files: Vec::new(),
            known: HashMap::new(),
            folders: HashMap::new(),
            last: None,
        };
        files.source = match &flags.config {
            Some(path) => {
                let hadolint = matches!(path.extension().and_then(|ending| ending.to_str()), Some("yaml" | "yml"));
                // Patterns of a file that is named hold for the current folder, wherever the file stands.
                ConfigSource::Given(files.load(&current.join(path), shown(path), hadolint, current))
            }
            None if flags.no_config => ConfigSource::Nothing,
            None if flags.preset.is_some() => ConfigSource::Nearest,
            None => ConfigSource::NearestOrHadolint(hadolint_in(current)),
        };
        files
    }

    /// What the inputs in a folder get; the folder is absolute.
    pub(crate) fn folder(&mut self, folder: &Path) -> Folder {
        if let Some((last, found)) = &self.last
            && last.as_os_str() == folder.as_os_str()
        {
            return found.clone();
        }
        let found = self.look_up(folder);
        self.last = Some((folder.to_owned(), found.clone()));
        found
    }

    fn look_up(&mut self, folder: &Path) -> Folder {
        let nearest = self.nearest(folder);
        let root = nearest.own.clone().or(nearest.repository);
        let hadolint = match &self.source {
            ConfigSource::Nothing => return Folder { config: None, root },
            ConfigSource::Given(given) => return Folder { config: Some(*given), root },
            ConfigSource::Nearest => None,
            ConfigSource::NearestOrHadolint(here) => here.clone().or(nearest.hadolint),
        };
        let (path, hadolint) = match (nearest.own, hadolint) {
            (Some(own), _) => (own.join(OWN_NAME), false),
            (None, Some(hadolint)) => (hadolint, true),
            (None, None) => return Folder { config: None, root },
        };
        let patterns_root = path.parent().unwrap_or(&path).to_owned();
        let config = self.load(&path, shown_from(&self.current, &path), hadolint, &patterns_root);
        Folder { config: Some(config), root }
    }

    /// hadolint's configuration for the current folder, where that is what its inputs would get.
    pub(crate) fn current_hadolint(&mut self) -> Option<&ConfigFile> {
        let current = self.current.clone();
        let may_be = match &self.source {
            ConfigSource::Given(_) => true,
            ConfigSource::NearestOrHadolint(_) => self.nearest(&current).own.is_none(),
            ConfigSource::Nothing | ConfigSource::Nearest => false,
        };
        let config = if may_be { self.folder(&current).config } else { None };
        config.map(|config| self.get(config)).filter(|file| file.hadolint)
    }

    /// The configuration file at a position.
    pub(crate) fn get(&self, position: usize) -> &ConfigFile {
        &self.files[position]
    }

    /// Those that were read, in the order in which they were needed.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &ConfigFile> {
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
        // Whether or not it is read: it marks the root of a project.
        if folder.join(OWN_NAME).exists() {
            found.own = Some(folder.to_owned());
        }
        if matches!(self.source, ConfigSource::NearestOrHadolint(_)) {
            found.hadolint = hadolint_in(folder).or(found.hadolint);
        }
        self.folders.insert(folder.to_owned(), found.clone());
        found
    }

    fn load(&mut self, path: &Path, shown: String, hadolint: bool, root: &Path) -> usize {
        if let Some(&known) = self.known.get(path) {
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
            errors.push(InputError {
                path: shown.clone(),
                line,
                column: None,
                message: format!("`{pattern}` is no pattern: {message}"),
            });
        };
        let (exclude, mistakes) = PathPatterns::new(root, config.exclude.iter().flatten());
        mistakes.into_iter().for_each(&mut pattern_error);
        let mut per_file_ignores = Vec::new();
        for (pattern, ids) in &config.per_file_ignores {
            let (patterns, mistakes) = PathPatterns::new(root, [pattern]);
            mistakes.into_iter().for_each(&mut pattern_error);
            per_file_ignores.push((patterns, ids.clone()));
        }
        let position = self.files.len();
        self.files.push(ConfigFile { shown, hadolint, config, exclude, per_file_ignores, errors });
        self.known.insert(path.to_owned(), position);
        position
    }
}

fn hadolint_in(folder: &Path) -> Option<PathBuf> {
    HADOLINT_NAMES.iter().map(|name| folder.join(name)).find(|path| path.exists())
}

/// The name of our own configuration file.
pub(crate) const OWN_NAME: &str = "plimsoll.toml";

/// The names of hadolint's, the first one that exists counts.
pub(crate) const HADOLINT_NAMES: [&str; 2] = [".hadolint.yaml", ".hadolint.yml"];

/// A path as reports show it: from the folder where it lies below that.
pub(crate) fn shown_from(folder: &Path, path: &Path) -> String {
    shown(path.strip_prefix(folder).unwrap_or(path))
}

/// Reads such a file.
pub(crate) type IgnoreReader = fn(&str) -> (Vec<Ignored>, Vec<ConfigError>);

/// The ignore files of trivy.
pub(crate) const TRIVY_IGNORES: [(&str, IgnoreReader); 2] =
    [(".trivyignore", read_trivyignore), (".trivyignore.yaml", read_trivyignore_yaml)];

/// That of dockle, which has the form of trivy's first: an id a line, and comments.
pub(crate) const DOCKLE_IGNORES: [(&str, IgnoreReader); 1] = [(".dockleignore", read_trivyignore)];

/// The ids that ignore files in a folder name, and what makes no sense in them.
pub(crate) fn read_ignored(folder: &Path, files: &[(&str, IgnoreReader)]) -> (Vec<Ignored>, Vec<InputError>) {
    let (mut ignored, mut errors) = (Vec::new(), Vec::new());
    for (name, reader) in files {
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
                errors.push(InputError {
                    path: (*name).to_owned(),
                    line: error.line,
                    column: None,
                    message: error.message,
                });
            }
        }
    }
    (ignored, errors)
}

fn in_file(shown: &str, mistakes: Vec<ConfigError>) -> Vec<InputError> {
    let row = |mistake: ConfigError| InputError {
        path: shown.to_owned(),
        line: mistake.line,
        column: None,
        message: mistake.message,
    };
    mistakes.into_iter().map(row).collect()
}
