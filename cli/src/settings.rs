//! Resolves what applies to each input: the command line over the configuration file, key by key.

use crate::args::SettingsFlags;
use crate::config_files::{ConfigFile, ConfigFiles, DOCKLE_IGNORES, Folder, TRIVY_IGNORES, read_ignored};
use crate::names::shown;
use crate::patterns::PathPatterns;
use globset::{GlobBuilder, GlobMatcher};
use plimsoll::config::{Config, Ignored};
use plimsoll::engine::{Date, FailLevel, InputError, RuleMeta, SelectError, SelectionSpec, canonical_id};
use plimsoll::{ComposeLinter, Linter, Settings, SuppressedId};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What applies to some of the inputs.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Checks Dockerfiles.
    pub(crate) linter: Linter,
    /// Checks Compose files, once there is one.
    compose: OnceLock<ComposeLinter>,
    /// From which severity on their findings make the exit code 1.
    pub(crate) fail_level: FailLevel,
    /// Whether all that was asked for makes sense. Else files are not written: the mistake may have kept a fix off.
    pub(crate) sound: bool,
}

impl Profile {
    /// Checks Compose files.
    pub(crate) fn compose(&self) -> &ComposeLinter {
        self.compose.get_or_init(|| self.linter.compose())
    }

    /// The rules of which findings may have been wanted in what was checked.
    pub(crate) fn active_rules(&self) -> Vec<&'static RuleMeta> {
        let mut rules = self.linter.active_rules();
        rules.extend(self.compose.get().iter().flat_map(|compose| compose.active_rules()));
        rules
    }
}

/// What applies to one input.
#[derive(Debug)]
pub(crate) struct Applied {
    /// The position of its profile.
    pub(crate) profile: usize,
    /// Its path from its project's root, by which fingerprints name it.
    pub(crate) project_path: String,
}

/// Resolves what applies to inputs. Inputs that get the same share a profile.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    flags: &'a SettingsFlags,
    current: &'a Path,
    today: Option<Date>,
    configs: ConfigFiles,
    exclude: Option<PathPatterns>,
    ignored: Vec<TrivyIgnored>,
    profiles: Vec<Profile>,
    known: HashMap<Key, usize>,
    errors: BTreeSet<InputError>,
    /// Whether what holds for all inputs makes sense.
    sound: bool,
}

/// What makes one input's settings differ from another's: the configuration file, and which of its entries (and of the
/// ignore file's) hold for the input's path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// The position of the configuration file.
    pub(crate) config: Option<usize>,
    per_file_ignores: Vec<usize>,
    ignored: Vec<usize>,
}

#[derive(Debug)]
struct TrivyIgnored {
    suppressed: SuppressedId,
    /// Globs over the path from the current folder; none: every path.
    paths: Vec<GlobMatcher>,
}

impl<'a> Resolver<'a> {
    /// Reads what holds for all inputs. `current` is the current folder, absolute and without links; `today` is the day
    /// by which expiry dates are judged.
    pub(crate) fn new(flags: &'a SettingsFlags, current: &'a Path, today: Option<Date>) -> Self {
        let mut errors = BTreeSet::new();
        let exclude = flags.exclude.as_ref().map(|patterns| {
            let (exclude, mistakes) = PathPatterns::new(current, patterns);
            for (pattern, message) in mistakes {
                errors.insert(flag_error(format!("--exclude: `{pattern}` is no pattern: {message}")));
            }
            exclude
        });
        let (ignored, mistakes) = if flags.no_config {
            Default::default()
        } else {
            read_ignored(current, &[&TRIVY_IGNORES[..], &DOCKLE_IGNORES].concat())
        };
        errors.extend(mistakes);
        Self {
            flags,
            current,
            today,
            configs: ConfigFiles::new(current, flags),
            exclude,
            ignored: ignored.into_iter().filter_map(TrivyIgnored::new).collect(),
            profiles: Vec::new(),
            known: HashMap::new(),
            sound: errors.is_empty(),
            errors,
        }
    }

    /// Whether an input is left out, by its absolute path.
    pub(crate) fn is_excluded(&mut self, place: &Path) -> bool {
        let config = self.folder(place).config;
        self.excludes(place, config)
    }

    fn excludes(&self, place: &Path, config: Option<usize>) -> bool {
        match &self.exclude {
            Some(exclude) => exclude.matches(place),
            None => self.config(config).is_some_and(|file| file.exclude.matches(place)),
        }
    }

    /// What applies to the input that stands at an absolute path and is shown as `shown`.
    pub(crate) fn apply(&mut self, place: &Path, shown: &str) -> Applied {
        let folder = self.folder(place);
        let root = folder.root.as_deref().unwrap_or(self.current);
        let project_path = place.strip_prefix(root).map_or_else(|_| shown.to_owned(), crate::names::shown);
        let key = self.key(place, folder.config);
        let profile = self.known.get(&key).copied().unwrap_or_else(|| {
            let profile = self.profile(&key);
            self.profiles.push(profile);
            self.known.insert(key, self.profiles.len() - 1);
            self.profiles.len() - 1
        });
        Applied { profile, project_path }
    }

    /// The settings' key for an input.
    pub(crate) fn key_of(&mut self, place: &Path) -> Key {
        let config = self.folder(place).config;
        self.key(place, config)
    }

    /// The settings' key for an image. A file in it counts as one in a folder of that name.
    pub(crate) fn key_of_image(&mut self, place: &Path) -> Key {
        let config = self.config_of_images();
        self.key(place, config)
    }

    /// Whether an image is left out.
    pub(crate) fn is_image_excluded(&mut self, place: &Path) -> bool {
        let config = self.config_of_images();
        self.excludes(place, config)
    }

    /// That of the current folder, wherever an image lies: who hands one over hands over what lies beside it.
    fn config_of_images(&mut self) -> Option<usize> {
        self.folder(&self.current.join("image")).config
    }

    /// hadolint's configuration for the current folder, where that is what its inputs would get.
    pub(crate) fn current_hadolint(&mut self) -> Option<&Config> {
        self.configs.current_hadolint().map(|file| &file.config)
    }

    /// The configuration file at a position.
    pub(crate) fn config(&self, position: Option<usize>) -> Option<&ConfigFile> {
        position.map(|position| self.configs.get(position))
    }

    /// The profiles, the configuration files that were read, and what makes no sense in them or on the command line.
    pub(crate) fn finish(self) -> (Vec<Profile>, ConfigFiles, Vec<InputError>) {
        let mut errors = self.errors;
        errors.extend(self.configs.iter().flat_map(|file| file.errors.iter().cloned()));
        (self.profiles, self.configs, errors.into_iter().collect())
    }

    /// The selection for a key, as asked for: ids are not looked at yet.
    pub(crate) fn spec(&self, key: &Key) -> SelectionSpec {
        let file = self.config(key.config);
        let none = Config::default();
        let config = file.map_or(&none, |file| &file.config);
        let flags = self.flags;
        let ids = |flag: &Option<Vec<String>>, key: &Option<Vec<String>>| {
            flag.as_ref().or(key.as_ref()).map(|ids| ids.iter().filter(|id| !id.trim().is_empty()).cloned().collect())
        };
        // Preset and select both say what to start from: a preset on the command line is not to lose against a
        // selection in the file.
        let file_select = if flags.preset.is_some() { &None } else { &config.select };
        let mut ignore: Vec<String> = ids(&flags.ignore, &config.ignore).unwrap_or_default();
        if let Some(file) = file {
            let entries = key.per_file_ignores.iter().filter_map(|&entry| file.per_file_ignores.get(entry));
            ignore.extend(entries.flat_map(|(_, ids)| ids.iter().cloned()));
        }
        SelectionSpec {
            preset: flags.preset.or(config.preset),
            select: ids(&flags.select, file_select),
            extend_select: ids(&flags.extend_select, &config.extend_select).unwrap_or_default(),
            ignore,
            severity: config.severity.clone(),
        }
    }

    /// From which severity on findings make the exit code 1.
    pub(crate) fn fail_level(&self, key: &Key) -> FailLevel {
        let from_file = self.config(key.config).and_then(|file| file.config.effective_fail_level());
        self.flags.fail_level.or(from_file).unwrap_or_default()
    }

    fn profile(&mut self, key: &Key) -> Profile {
        let (linter, sound) = self.build(key, Linter::new);
        Profile { linter, compose: OnceLock::new(), fail_level: self.fail_level(key), sound }
    }

    /// Builds what checks inputs of a key; ids that no rule has are errors, and left out. Also whether all that was
    /// asked for makes sense.
    pub(crate) fn build<T>(&mut self, key: &Key, new: impl Fn(&Settings) -> Result<T, Vec<SelectError>>) -> (T, bool) {
        let file = self.config(key.config);
        let config = file.map(|file| &file.config);
        let mut settings = Settings {
            spec: self.spec(key),
            options: config.map(|config| config.options.clone()).unwrap_or_default(),
            ignore_comments: config.is_some_and(|config| config.disable_suppressions),
            today: self.today,
            suppress: key
                .ignored
                .iter()
                .filter_map(|&entry| self.ignored.get(entry))
                .map(|entry| entry.suppressed.clone())
                .collect(),
        };
        let no_shell = self.flags.no_shell || config.is_some_and(|config| config.no_shell);
        if no_shell {
            settings.spec.ignore.push(SHELL_CHECKS.to_owned());
        }
        let mut sound = self.sound && file.is_none_or(|file| file.errors.is_empty());
        loop {
            match new(&settings) {
                Ok(built) => return (built, sound),
                Err(unknown) => {
                    let errors: Vec<InputError> = unknown.iter().filter_map(|error| self.unknown(error, key)).collect();
                    sound &= errors.is_empty();
                    self.errors.extend(errors);
                    without(&mut settings.spec, &unknown);
                }
            }
        }
    }

    /// The error for an id that no rule has, where it is one.
    fn unknown(&self, error: &SelectError, key: &Key) -> Option<InputError> {
        let flags = self.flags;
        let lists =
            [("--select", &flags.select), ("--extend-select", &flags.extend_select), ("--ignore", &flags.ignore)];
        let named = lists.into_iter().find(|(_, ids)| ids.as_ref().is_some_and(|ids| ids.contains(&error.id)));
        if let Some((flag, _)) = named {
            return Some(flag_error(format!("{flag}: {error}")));
        }
        // Ours, not the user's: there may be no such check.
        let file = self.config(key.config).filter(|_| error.id != SHELL_CHECKS)?;
        // hadolint takes any id of its own or of ShellCheck's, and so do files that people have.
        if file.hadolint && is_hadolint_id(&error.id) {
            return None;
        }
        let line = file.config.line_of(&error.id);
        Some(InputError { path: file.shown.clone(), line, column: None, message: error.to_string() })
    }

    fn key(&self, place: &Path, config: Option<usize>) -> Key {
        let entries = self.config(config).map_or(&[][..], |file| &file.per_file_ignores);
        let hold = entries.iter().enumerate().filter(|(_, (patterns, _))| patterns.matches(place));
        let from_here = place.strip_prefix(self.current).unwrap_or(place);
        let ignored = self.ignored.iter().enumerate().filter(|(_, entry)| entry.holds_for(from_here));
        Key {
            config,
            per_file_ignores: hold.map(|(entry, _)| entry).collect(),
            ignored: ignored.map(|(entry, _)| entry).collect(),
        }
    }

    fn folder(&mut self, place: &Path) -> Folder {
        self.configs.folder(place.parent().unwrap_or(place))
    }
}

/// ShellCheck's ids.
const SHELL_CHECKS: &str = "SC[0-9]*";

impl TrivyIgnored {
    /// `None` where the entry names no check of Dockerfiles or images.
    fn new(entry: Ignored) -> Option<Self> {
        let id = canonical_id(&entry.id);
        if !["ds-", "cis-di-", "dkl-"].iter().any(|start| id.starts_with(start)) {
            return None;
        }
        let paths = entry.paths.iter().filter_map(|path| GlobBuilder::new(path).literal_separator(true).build().ok());
        let paths: Vec<GlobMatcher> = paths.map(|glob| glob.compile_matcher()).collect();
        let nowhere = paths.is_empty() && !entry.paths.is_empty();
        let suppressed = SuppressedId { id, reason: entry.reason, expires: entry.expires };
        (!nowhere).then_some(Self { suppressed, paths })
    }

    fn holds_for(&self, path: &Path) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|glob| glob.is_match(path))
    }
}

fn is_hadolint_id(id: &str) -> bool {
    let digits = id.strip_prefix("DL").or_else(|| id.strip_prefix("SC"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Takes unknown ids out of a selection.
fn without(spec: &mut SelectionSpec, unknown: &[SelectError]) {
    let known = |id: &String| !unknown.iter().any(|error| error.id == *id);
    spec.select.iter_mut().for_each(|ids| ids.retain(known));
    spec.extend_select.retain(known);
    spec.ignore.retain(known);
    spec.severity.retain(|(id, _)| known(id));
}

/// An error of the command line: it has no path.
pub(crate) fn flag_error(message: String) -> InputError {
    InputError { path: String::new(), line: None, column: None, message }
}

/// The absolute path of the current folder, without links.
pub(crate) fn current_folder() -> Result<PathBuf, String> {
    let folder = std::env::current_dir().and_then(std::fs::canonicalize);
    folder.map_err(|error| format!("the current folder cannot be read: {}", shown(Path::new(&error.to_string()))))
}
