//! The files that a Compose file is read with: `.env`, what its services extend, what it includes, the override beside it.
//! They are taken from the folder tree that was named, and from nowhere else, whatever a file says.

use crate::discover::{Found, Input, Source};
use crate::names::{is_compose_name, may_be_compose, shown};
use crate::read::{read_file, read_regular};
use plimsoll::base::LineIndex;
use plimsoll::compose::{Surroundings, references};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The most bytes that a `.env` may have.
const ENVIRONMENT_LIMIT: u64 = 1 << 20;

/// Where the files beside a Compose file are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'a> {
    /// The folder of the file.
    folder: &'a Path,
    /// The folder that everything must be in.
    tree: &'a Path,
    /// The file's name.
    name: &'a str,
}

impl<'a> Beside<'a> {
    /// What is beside an input; `None` for a standard input that has no name.
    pub(crate) fn of(input: &'a Input, current: &'a Path) -> Option<Self> {
        let folder = input.place.parent()?;
        let tree = match &input.source {
            Source::File { tree, .. } => tree,
            Source::Stdin if input.place == current.join("-") => return None,
            Source::Stdin if folder.starts_with(current) => current,
            Source::Stdin => folder,
        };
        let name = input.place.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Some(Self { folder, tree, name })
    }

    /// Hands the files to whoever reads the text.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Surroundings<'_>) -> T) -> T {
        let read = |path: &str| {
            let target = self.locate(path).ok()?;
            if path == ".env" { read_regular(&target, ENVIRONMENT_LIMIT).ok() } else { read_file(&target).ok() }
        };
        work(&Surroundings { name: self.name, read: &read })
    }

    /// The file that a path from the folder leads to, or why it is not looked at. What is out of the tree by its words
    /// alone is not even asked for.
    fn locate(&self, path: &str) -> Result<PathBuf, &'static str> {
        const OUTSIDE: &str = "it is out of the folder that was named";
        if path.contains("://") || path.starts_with("git@") {
            return Err("it is not a file of this machine");
        }
        let mut plain = PathBuf::new();
        for part in self.folder.join(path).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => drop(plain.pop()),
                part => plain.push(part),
            }
        }
        if !plain.starts_with(self.tree) {
            return Err(OUTSIDE);
        }
        let target = fs::canonicalize(plain).map_err(|_| "there is no such file")?;
        if target.starts_with(self.tree) { Ok(target) } else { Err(OUTSIDE) }
    }
}

/// Adds the files that Compose files among the inputs extend and include, and what these name in turn, but for those that
/// are left out. What is not looked at is noted.
pub(crate) fn follow(found: &mut Found, current: &Path, mut is_excluded: impl FnMut(&Path) -> bool) {
    let target_of = |input: &Input| match &input.source {
        Source::File { target, .. } => Some(target.clone()),
        Source::Stdin => None,
    };
    let mut known: BTreeSet<PathBuf> = found.inputs.iter().filter_map(target_of).collect();
    let mut at = 0;
    while let Some(input) = found.inputs.get(at) {
        at += 1;
        let Source::File { target, tree } = &input.source else { continue };
        let name = input.place.file_name().unwrap_or_default();
        let is_compose = input.is_compose || is_compose_name(name) || may_be_compose(name);
        let (Some(beside), true) = (Beside::of(input, current), is_compose) else { continue };
        if is_excluded(&input.place) {
            continue;
        }
        let Ok(text) = read_file(target) else { continue };
        let named = beside.with(|surroundings| references(&text, surroundings));
        let lines = if named.is_empty() { LineIndex::new("") } else { LineIndex::new(&text) };
        let mut inputs = Vec::new();
        for reference in named {
            match beside.locate(&reference.path) {
                Ok(target) if known.insert(target.clone()) => {
                    let relative =
                        if Path::new(&input.shown).is_relative() { target.strip_prefix(current).ok() } else { None };
                    inputs.push(Input {
                        shown: shown(relative.unwrap_or(&target)),
                        place: target.clone(),
                        source: Source::File { target, tree: tree.clone() },
                        is_compose: true,
                    });
                }
                Ok(_) => {}
                Err(why) => {
                    // As it is written: what variables make of it is not for showing.
                    let written = reference.span.text(&text).trim_matches(['"', '\'']);
                    let line = lines.line(reference.span.start);
                    let note = format!("{}:{line}: {written} is not looked at: {why}", input.shown);
                    found.not_followed.push((input.place.clone(), note));
                }
            }
        }
        found.inputs.extend(inputs);
    }
    found.inputs.sort_by(|a, b| a.shown.cmp(&b.shown));
}
