//! Finds the inputs: what the command line names, and the Dockerfiles and Compose files in the folders that it names.

use crate::git_index::tracked_files;
use crate::names::{is_input_name, shown};
use crate::read::{io_message, irregular};
use globset::{GlobBuilder, GlobMatcher};
use ignore::{DirEntry, WalkBuilder};
use plimsoll::engine::InputError;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A file to check, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    /// The path in reports.
    pub(crate) shown: String,
    /// Where it stands: absolute, its folder without links. Configuration is looked for from here upward.
    pub(crate) place: PathBuf,
    /// Where its text is.
    pub(crate) source: Source,
    /// Whether a Compose file named it as another.
    pub(crate) is_compose: bool,
}

impl Input {
    /// What its path leads to, as bytes, which compare faster than paths; none for standard input.
    fn target(&self) -> Option<&OsStr> {
        match &self.source {
            Source::Stdin => None,
            Source::File { target, .. } => Some(target.as_os_str()),
        }
    }

    fn is_link(&self) -> bool {
        self.target().is_some_and(|target| target != self.place.as_os_str())
    }
}

/// Where a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File {
        /// What `place` leads to, without links.
        target: PathBuf,
        /// The folder that was named: links out of it are not followed when files are written.
        tree: PathBuf,
    },
}

/// What the command line leads to.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The inputs, each once, sorted by path.
    pub(crate) inputs: Vec<Input>,
    /// What could not be found or looked into, with its place.
    pub(crate) errors: Vec<(PathBuf, InputError)>,
    /// Links that were come by and not followed: where each stands, and what to say of it.
    pub(crate) not_followed: Vec<(PathBuf, String)>,
}

/// Finds the inputs that the paths name. `folder` is the current folder, absolute and without links. Where the user
/// named no path at all, a folder without Dockerfiles is no error (`bare`).
pub(crate) fn discover(folder: &Path, paths: &[PathBuf], stdin_name: Option<&Path>, bare: bool) -> Found {
    let mut search = Search { folder, found: Found::default() };
    for path in paths {
        if path.as_os_str() == "-" {
            search.stdin(stdin_name);
        } else {
            search.path(path, bare);
        }
    }
    let Found { mut inputs, mut errors, mut not_followed } = search.found;
    // A file is checked once, under its own name rather than that of a link to it.
    inputs.sort_by(|a, b| a.target().cmp(&b.target()).then_with(|| a.is_link().cmp(&b.is_link())));
    inputs.dedup_by(|later, first| later.target() == first.target());
    inputs.sort_by(|a, b| a.shown.cmp(&b.shown));
    errors.sort_by(|(_, a), (_, b)| a.cmp(b));
    errors.dedup_by(|(_, a), (_, b)| a == b);
    not_followed.sort();
    not_followed.dedup();
    Found { inputs, errors, not_followed }
}

struct Search<'a> {
    folder: &'a Path,
    found: Found,
}

impl Search<'_> {
    fn stdin(&mut self, name: Option<&Path>) {
        let place = name.map_or_else(|| self.folder.join("-"), |name| place_of(&self.folder.join(name)));
        let shown = name.map_or_else(|| "<stdin>".to_owned(), shown);
        self.found.inputs.push(Input { shown, place, source: Source::Stdin, is_compose: false });
    }

    fn path(&mut self, path: &Path, bare: bool) {
        let full = self.folder.join(path);
        let metadata = match fs::metadata(&full) {
            Ok(metadata) => metadata,
            Err(error) => {
                match Pattern::new(path) {
                    Some(Ok(pattern)) => self.glob(path, &pattern),
                    Some(Err(message)) => self.fail(&full, path, message),
                    None => self.fail(&full, path, io_message(&error)),
                }
                return;
            }
        };
        if metadata.is_file() {
            self.named_file(path, &full);
        } else if metadata.is_dir() {
            match fs::canonicalize(&full) {
                Ok(root) => {
                    let any = self.walk(&root, path, |_, name| is_input_name(name));
                    if !any && !bare {
                        self.fail(&full, path, "no Dockerfile or Compose file in this folder");
                    }
                }
                Err(error) => self.fail(&full, path, io_message(&error)),
            }
        } else {
            let kind = irregular(&metadata).unwrap_or("nothing known");
            self.fail(&full, path, not_regular(kind));
        }
    }

    /// A file that the command line names is checked whatever its name, and whatever .gitignore says.
    fn named_file(&mut self, path: &Path, full: &Path) {
        let place = place_of(full);
        match fs::canonicalize(full) {
            Ok(target) => {
                // A relative path downward stays within the current folder; others within the folder that they name.
                let downward = path.components().all(|part| matches!(part, Component::CurDir | Component::Normal(_)));
                let tree = if downward { self.folder } else { place.parent().unwrap_or(&place) }.to_owned();
                let source = Source::File { target, tree };
                self.found.inputs.push(Input { shown: shown(path), place, source, is_compose: false });
            }
            Err(error) => self.fail(full, path, io_message(&error)),
        }
    }

    fn glob(&mut self, path: &Path, pattern: &Pattern) {
        let base = self.folder.join(&pattern.base);
        let any = fs::canonicalize(base).is_ok_and(|root| {
            self.walk(&root, &pattern.base, |relative, name| {
                // A folder that matches stands for the Dockerfiles and Compose files in it.
                let in_folder = || relative.ancestors().skip(1).any(|folder| pattern.rest.is_match(folder));
                pattern.rest.is_match(relative) || is_input_name(name) && in_folder()
            })
        });
        if !any {
            self.fail(&self.folder.join(path), path, "no file matches this pattern");
        }
    }

    /// Adds the files below `root` (without links) that `wanted` accepts, by their path from there and their name;
    /// says whether there were any. `named` is how the user calls the root.
    ///
    /// Hidden folders are searched, .git is not, .gitignore is obeyed as git does: tracked files are found all the
    /// same.
    fn walk(&mut self, root: &Path, named: &Path, wanted: impl Fn(&Path, &OsStr) -> bool) -> bool {
        if let Some(folder) = root.ancestors().find(|folder| has_blocking_gitignore(folder)) {
            self.fail(folder, folder, BLOCKING_GITIGNORE);
            return true;
        }
        let repositories = Arc::new(Mutex::new(BTreeSet::new()));
        let blocking = Arc::new(Mutex::new(BTreeSet::new()));
        if let Some(above) = root.ancestors().find(|folder| folder.join(".git").exists()) {
            lock(&repositories).insert(above.to_owned());
        }
        let (seen, skipped) = (Arc::clone(&repositories), Arc::clone(&blocking));
        let walk = WalkBuilder::new(root)
            .standard_filters(false)
            .parents(true)
            .git_ignore(true)
            .git_exclude(true)
            .git_global(true)
            .filter_entry(move |entry| {
                let is_git = entry.file_name() == ".git";
                if is_git && let Some(folder) = entry.path().parent() {
                    lock(&seen).insert(folder.to_owned());
                }
                let blocks =
                    entry.file_type().is_some_and(|kind| kind.is_dir()) && has_blocking_gitignore(entry.path());
                if blocks {
                    lock(&skipped).insert(entry.path().to_owned());
                }
                !is_git && !blocks
            })
            .build();
        // Each file with whether it is a link: only links lead elsewhere, for the walk follows none.
        let mut files: Vec<(PathBuf, bool)> = Vec::new();
        let mut any = false;
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.walk_error(&error, root, named);
                    continue;
                }
            };
            let Ok(relative) = entry.path().strip_prefix(root) else { continue };
            if !wanted(relative, entry.file_name()) {
                continue;
            }
            match Entry::of(&entry, root) {
                Entry::File { is_link } => files.push((relative.to_owned(), is_link)),
                Entry::Folder => {}
                Entry::Irregular(kind) => {
                    any = true;
                    self.fail(entry.path(), &named.join(relative), not_regular(kind));
                }
                Entry::LinkAway(why) => {
                    let shown = shown(&named.join(relative));
                    self.found.not_followed.push((entry.path().to_owned(), format!("{shown} is not checked: {why}")));
                }
            }
        }
        for folder in std::mem::take(&mut *lock(&blocking)) {
            let relative = folder.strip_prefix(root).unwrap_or(&folder);
            self.fail(&folder, &named.join(relative), BLOCKING_GITIGNORE);
        }
        // By bytes: paths are slow to compare part by part.
        files.sort_unstable_by(|(a, _), (b, _)| a.as_os_str().cmp(b.as_os_str()));
        let walked = files.len();
        let repositories = std::mem::take(&mut *lock(&repositories));
        for repository in repositories {
            for tracked in tracked_files(&repository) {
                let full = repository.join(tracked);
                let Ok(relative) = full.strip_prefix(root) else { continue };
                let Some(name) = full.file_name() else { continue };
                let known = |files: &[(PathBuf, bool)]| {
                    files.binary_search_by(|(path, _)| path.as_os_str().cmp(relative.as_os_str())).is_ok()
                };
                if wanted(relative, name) && !known(&files[..walked]) && is_real_file(&full) {
                    files.push((relative.to_owned(), false));
                }
            }
        }
        files.dedup();
        any |= !files.is_empty();
        for (relative, is_link) in files {
            let place = root.join(&relative);
            let target =
                if is_link { fs::canonicalize(&place).unwrap_or_else(|_| place.clone()) } else { place.clone() };
            let source = Source::File { target, tree: root.to_owned() };
            let shown = shown(&named.join(&relative));
            self.found.inputs.push(Input { shown, place, source, is_compose: false });
        }
        any
    }

    fn walk_error(&mut self, error: &ignore::Error, root: &Path, named: &Path) {
        let mut path = root;
        let mut inner = error;
        loop {
            inner = match inner {
                ignore::Error::WithPath { path: at, err } => {
                    path = at;
                    err
                }
                ignore::Error::WithLineNumber { err, .. } | ignore::Error::WithDepth { err, .. } => err,
                ignore::Error::Partial(errors) => match errors.first() {
                    Some(first) => first,
                    None => break,
                },
                _ => break,
            };
        }
        // A pattern of .gitignore that git could not read either hides nothing, and is not ours to report.
        let ignore::Error::Io(io) = inner else { return };
        let relative = path.strip_prefix(root).map_or_else(|_| path.to_owned(), |relative| named.join(relative));
        self.fail(path, &relative, io_message(io));
    }

    fn fail(&mut self, place: &Path, path: &Path, message: impl Into<String>) {
        let error = InputError { path: shown(path), line: None, column: None, message: message.into() };
        self.found.errors.push((place_of(place), error));
    }
}

/// What the walk came by.
enum Entry {
    /// A regular file, or a link to one inside the folder.
    File { is_link: bool },
    /// A folder, or a link to one.
    Folder,
    /// A FIFO, a device and the like, with its article.
    Irregular(&'static str),
    /// A link that is not followed, and why.
    LinkAway(&'static str),
}

impl Entry {
    fn of(entry: &DirEntry, root: &Path) -> Self {
        let is_link = entry.path_is_symlink();
        // Regular files, nearly all there is, need no look at the disk.
        if !is_link && entry.file_type().is_some_and(|kind| kind.is_file()) {
            return Self::File { is_link };
        }
        let Ok(metadata) = fs::metadata(entry.path()) else {
            // What is no link is gone by now: reading says so.
            return if is_link { Self::LinkAway("a link that leads nowhere") } else { Self::File { is_link } };
        };
        let inside = || fs::canonicalize(entry.path()).is_ok_and(|target| target.starts_with(root));
        match irregular(&metadata) {
            _ if metadata.is_dir() => Self::Folder,
            _ if is_link && !inside() => Self::LinkAway("a link that leads out of the folder"),
            Some(kind) => Self::Irregular(kind),
            None => Self::File { is_link },
        }
    }
}

fn not_regular(kind: &str) -> String {
    format!("is {kind}, not a regular file; - reads standard input")
}

/// Whether a folder's .gitignore is a FIFO or a device: whoever opens it may wait forever.
fn has_blocking_gitignore(folder: &Path) -> bool {
    fs::metadata(folder.join(".gitignore")).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

const BLOCKING_GITIGNORE: &str = "not searched: its .gitignore is not a regular file";

/// A path with wildcards: the folder before the first one, and the rest as a glob.
struct Pattern {
    base: PathBuf,
    rest: GlobMatcher,
}

impl Pattern {
    /// `None` where the path has no wildcards.
    fn new(path: &Path) -> Option<Result<Self, String>> {
        let has_wildcard = |part: &Component<'_>| part.as_os_str().to_string_lossy().contains(['*', '?', '[', '{']);
        let parts: Vec<Component<'_>> = path.components().collect();
        let split = parts.iter().position(has_wildcard)?;
        let base: PathBuf = parts[..split].iter().collect();
        let rest: PathBuf = parts[split..].iter().collect();
        let glob = GlobBuilder::new(&rest.to_string_lossy()).literal_separator(true).build();
        Some(match glob {
            Ok(glob) => Ok(Self { base, rest: glob.compile_matcher() }),
            Err(error) => Err(format!("not a pattern: {}", error.kind())),
        })
    }
}

/// An absolute path with the links in its folder resolved; as it is where the folder does not exist.
pub(crate) fn place_of(full: &Path) -> PathBuf {
    match (full.parent(), full.file_name()) {
        (Some(folder), Some(name)) => {
            fs::canonicalize(folder).map_or_else(|_| full.to_owned(), |folder| folder.join(name))
        }
        _ => full.to_owned(),
    }
}

/// Tracked files may be gone, and folders on the way to them may be links by now.
fn is_real_file(full: &Path) -> bool {
    fs::symlink_metadata(full).is_ok_and(|metadata| metadata.is_file()) && place_of(full) == full
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
