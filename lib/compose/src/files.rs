//! The other files that a Compose file is read with: those that its services extend, and the one beside it that Compose
//! merges with it.

use crate::environment::Environment;
use crate::fields::{Budget, Entry, Reader, Value};
use crate::yaml::{NodeId, NodeKind, Yaml};
use plimsoll_base::Span;
use std::collections::HashMap;

/// What a Compose file is read with besides its own text.
#[derive(Clone, Copy)]
pub struct Surroundings<'s> {
    /// The file's name, which says what Compose merges it with: `compose.override.yaml` with `compose.yaml`.
    pub name: &'s str,
    /// Gives the text of another file, by its path from the folder of this one: `.env`, `../base/common.yml`. `None`
    /// where there is none, or none that may be read.
    pub read: &'s dyn Fn(&str) -> Option<String>,
}

impl Surroundings<'_> {
    /// No other file at all.
    pub const NONE: Surroundings<'static> = Surroundings { name: "", read: &|_| None };
}

/// Another file that a Compose file names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Its path, from the folder of the file that names it.
    pub path: String,
    /// Where the file names it.
    pub span: Span,
    /// Whether it is included as a whole; else a service extends one of its services.
    pub is_included: bool,
}

/// The most other files that are read for one.
const MOST_FILES: usize = 64;

/// The names that Compose looks for in a folder, in its order.
const BASES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The names of what it merges with them, in its order.
const OVERRIDES: [&str; 4] =
    ["compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"];

/// The services of a file by their names.
pub(crate) type Table<'y> = HashMap<&'y str, Entry>;

/// Other files, once they are behind the file's own text in its tree.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// The roots of each file by its path; `None` for one that cannot be read.
    roots: HashMap<String, Option<Vec<NodeId>>>,
    /// The path of the file that Compose merges with this one.
    pub(crate) counterpart: Option<String>,
    /// Whether this file is the one that is laid over its counterpart.
    pub(crate) is_override: bool,
}

impl Files {
    /// Reads the files that services extend, and those that these extend in turn, behind a text that ends before
    /// `start`.
    pub(crate) fn load(
        yaml: &mut Yaml<'_>,
        start: u32,
        environment: &Environment,
        budget: &Budget,
        surroundings: &Surroundings<'_>,
    ) -> Self {
        let mut files = Self::default();
        let mut start = start;
        let mut todo = vec![(String::new(), yaml.roots.clone())];
        files.is_override = OVERRIDES.contains(&surroundings.name);
        let beside: &[&str] = match files.is_override {
            true => &BASES,
            false if BASES.contains(&surroundings.name) => &OVERRIDES,
            false => &[],
        };
        for name in beside {
            if let Some(roots) = files.add(yaml, &mut start, name, surroundings) {
                files.counterpart = Some((*name).to_owned());
                todo.push(((*name).to_owned(), roots));
                break;
            }
        }
        while let Some((path, roots)) = todo.pop() {
            let reader = Reader::new(yaml, environment, budget);
            let mut wanted: Vec<String> = Vec::new();
            for (_, service) in roots.iter().flat_map(|root| services(&reader, *root)) {
                let base = base_of(&reader, service);
                wanted.extend(base.and_then(|base| base.file).map(|(file, _)| beside_of(&path, &file)));
            }
            for wanted in wanted {
                if !files.roots.contains_key(&wanted)
                    && files.roots.len() < MOST_FILES
                    && let Some(roots) = files.add(yaml, &mut start, &wanted, surroundings)
                {
                    todo.push((wanted, roots));
                }
            }
        }
        files
    }

    fn add(
        &mut self,
        yaml: &mut Yaml<'_>,
        start: &mut u32,
        path: &str,
        surroundings: &Surroundings<'_>,
    ) -> Option<Vec<NodeId>> {
        let mut read = || {
            let text = (surroundings.read)(path)?;
            let end = start.checked_add(u32::try_from(text.len()).ok()?)?.checked_add(1)?;
            let roots = yaml.absorb(Yaml::parse(&text).ok()?, *start)?;
            *start = end;
            Some(roots)
        };
        let roots = read();
        self.roots.insert(path.to_owned(), roots.clone());
        roots
    }

    /// The services of each file.
    pub(crate) fn tables<'y>(&self, reader: &Reader<'y, '_>) -> HashMap<&str, Table<'y>> {
        let table = |roots: &Vec<NodeId>| roots.iter().flat_map(|root| services(reader, *root)).collect();
        let files = self.roots.iter().filter_map(|(path, roots)| Some((path.as_str(), roots.as_ref()?)));
        files.map(|(path, roots)| (path, table(roots))).collect()
    }

    /// The roots of the file that Compose merges with this one.
    pub(crate) fn counterpart_roots(&self) -> &[NodeId] {
        let roots = self.counterpart.as_ref().and_then(|path| self.roots.get(path)?.as_deref());
        roots.unwrap_or_default()
    }
}

/// The other files that a text names, in its order: those that its services extend, and those that it includes. Nothing
/// where it is no YAML.
///
/// ```
/// use plimsoll_compose::{Surroundings, references};
/// let text = "include: [db/compose.yaml]\nservices:\n  web:\n    extends: {file: common.yml, service: base}\n";
/// let paths: Vec<String> = references(text, &Surroundings::NONE).into_iter().map(|reference| reference.path).collect();
/// assert_eq!(paths, ["db/compose.yaml", "common.yml"]);
/// ```
pub fn references(text: &str, surroundings: &Surroundings<'_>) -> Vec<Reference> {
    // Most files name no other, and looking for words is faster than reading YAML.
    if !text.contains("extends") && !text.contains("include") {
        return Vec::new();
    }
    let Ok(yaml) = Yaml::parse(text) else { return Vec::new() };
    let environment = environment(surroundings);
    let budget = Budget::default();
    let reader = Reader::new(&yaml, &environment, &budget);
    let mut found = Vec::new();
    for &root in &yaml.roots {
        for (key, entry) in reader.entries(root) {
            if key == "include" {
                included(&reader, entry.value, &mut found);
            }
        }
        for (_, service) in services(&reader, root) {
            let file = base_of(&reader, service).and_then(|base| base.file);
            found.extend(file.map(|(path, span)| Reference { path, span, is_included: false }));
        }
    }
    found.sort_by_key(|reference| reference.span);
    found.dedup();
    found
}

pub(crate) fn environment(surroundings: &Surroundings<'_>) -> Environment {
    Environment::parse(&(surroundings.read)(".env").unwrap_or_default())
}

/// The paths that an `include` names: texts, or mappings with a `path` that is one or a list of them.
fn included(reader: &Reader<'_, '_>, node: NodeId, found: &mut Vec<Reference>) {
    for &item in reader.items(node) {
        let path = match reader.yaml.node(item).kind {
            NodeKind::Mapping(_) => reader.entries(item).into_iter().find(|(key, _)| *key == "path"),
            _ => Some(("", Entry { key: reader.span(item), value: item })),
        };
        let Some((_, path)) = path else { continue };
        let several = reader.items(path.value);
        for &node in if several.is_empty() { std::slice::from_ref(&path.value) } else { several } {
            if let Value::Known(path) = reader.value(node) {
                found.push(Reference { path: path.into_owned(), span: reader.span(node), is_included: true });
            }
        }
    }
}

/// The services below `services` of a mapping.
fn services<'y>(reader: &Reader<'y, '_>, root: NodeId) -> Vec<(&'y str, Entry)> {
    let services = reader.entries(root).into_iter().find(|(key, _)| *key == "services");
    services.map(|(_, entry)| reader.entries(entry.value)).unwrap_or_default()
}

/// The service that another extends.
#[derive(Debug)]
pub(crate) struct Base<'y> {
    /// The file's path as it is written, and where; `None` for the same file.
    pub(crate) file: Option<(String, Span)>,
    /// Its name; `None` where it is not known, as the file then is.
    pub(crate) service: Option<&'y str>,
}

/// The service that a service extends, if it extends one.
pub(crate) fn base_of<'y>(reader: &Reader<'y, '_>, service: Entry) -> Option<Base<'y>> {
    let (_, extends) = reader.entries(service.value).into_iter().find(|(key, _)| *key == "extends")?;
    if let Some(name) = reader.yaml.text(extends.value) {
        return Some(Base { file: None, service: Some(name) });
    }
    let fields = reader.entries(extends.value);
    let get = |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, entry)| entry.value);
    let service = get("service").and_then(|name| reader.yaml.text(name));
    Some(match get("file") {
        None => Base { file: None, service },
        Some(file) => match reader.value(file) {
            Value::Known(path) => Base { file: Some((path.into_owned(), reader.span(file))), service },
            _ => Base { file: None, service: None },
        },
    })
}

/// A path that a file at `path` names, from the folder of the first file, without `.`, and without `..` but at its
/// beginning.
pub(crate) fn beside_of(path: &str, named: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if named.starts_with('/') || folder.is_empty() && !named.contains("./") {
        return named.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(named.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let root = if folder.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined() {
        for (path, named, expected) in [
            ("", "a.yml", "a.yml"),
            ("", "./a.yml", "a.yml"),
            ("", "../a/./b.yml", "../a/b.yml"),
            ("x/y.yml", "a.yml", "x/a.yml"),
            ("x/y.yml", "../../a.yml", "../a.yml"),
            ("../x/y.yml", "../a.yml", "../a.yml"),
            ("x/y.yml", "/a.yml", "/a.yml"),
            ("/x/y.yml", "a.yml", "/x/a.yml"),
        ] {
            assert_eq!(beside_of(path, named), expected, "{path} {named}");
        }
    }
}
