//! Mappings as Compose reads them: merge keys followed, services that extend others laid over them.

use crate::environment::{Environment, Origin};
use crate::files::{Files, Table, base_of, beside_of};
use crate::service::{Setting, variables};
use crate::yaml::{NodeId, NodeKind, Yaml, YamlError};
use plimsoll_base::Span;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{HashMap, HashSet};

/// A key and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Where the key stands.
    pub(crate) key: Span,
    pub(crate) value: NodeId,
}

/// What a value tells without the environment in which the file will be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'y> {
    /// Nothing stands there.
    Absent,
    /// A variable decides, or it is no scalar.
    Unknown,
    /// This.
    Known(Cow<'y, str>),
}

/// Reads the mappings of a text.
pub(crate) struct Reader<'y, 't> {
    pub(crate) yaml: &'y Yaml<'t>,
    environment: &'y Environment,
    left: &'y Budget,
}

/// How many entries may still be read. Aliases can make a small text stand for a large one, so what is read is counted.
#[derive(Debug)]
pub(crate) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(MOST_ENTRIES))
    }
}

impl Budget {
    /// An error where more was read than a file may stand for.
    pub(crate) fn check(&self) -> Result<(), YamlError> {
        let message = || format!("its aliases and `extends` stand for more than {MOST_ENTRIES} entries");
        if self.0.get() == 0 { Err(YamlError { line: 1, column: 1, message: message() }) } else { Ok(()) }
    }
}

/// The most entries that a text may stand for once its aliases, merge keys and `extends` are followed.
const MOST_ENTRIES: usize = 4 << 20;

impl<'y, 't> Reader<'y, 't> {
    pub(crate) fn new(yaml: &'y Yaml<'t>, environment: &'y Environment, left: &'y Budget) -> Self {
        Self { yaml, environment, left }
    }

    fn spend(&self, entries: usize) -> bool {
        self.left.0.set(self.left.0.get().saturating_sub(entries));
        self.left.0.get() > 0
    }

    /// The entries of a mapping in their order, each key once; none where it is no mapping. A key of the mapping itself
    /// wins over those that `<<` brings, and the first of these over the others.
    pub(crate) fn entries(&self, id: NodeId) -> Vec<(&'y str, Entry)> {
        let mut found = Vec::new();
        let mut keys = HashSet::new();
        let mut visited = HashSet::new();
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            let NodeKind::Mapping(pairs) = &self.yaml.node(id).kind else { continue };
            let at: *const _ = pairs;
            if !visited.insert(at) || !self.spend(pairs.len() + 1) {
                continue;
            }
            let mut merged = Vec::new();
            for &(key, value) in pairs {
                let Some(name) = self.yaml.text(key) else { continue };
                let is_plain = matches!(self.yaml.node(key).kind, NodeKind::Scalar(_, true));
                if name == "<<" && is_plain {
                    match &self.yaml.node(value).kind {
                        NodeKind::Sequence(items) => merged.extend(items.iter().copied()),
                        _ => merged.push(value),
                    }
                } else if keys.insert(name) {
                    found.push((name, Entry { key: self.yaml.raw(key).span, value }));
                }
            }
            todo.extend(merged.into_iter().rev());
        }
        found
    }

    /// The items of a sequence; none where it is none.
    pub(crate) fn items(&self, id: NodeId) -> &'y [NodeId] {
        match &self.yaml.node(id).kind {
            NodeKind::Sequence(items) if self.spend(items.len() + 1) => items,
            _ => &[],
        }
    }

    /// What a node says as a scalar.
    pub(crate) fn value(&self, id: NodeId) -> Value<'y> {
        match &self.yaml.node(id).kind {
            NodeKind::Scalar(text, is_plain) if *is_plain && matches!(&**text, "" | "~" | "null") => Value::Absent,
            NodeKind::Scalar(text, _) => {
                self.environment.expand(text).map_or(Value::Unknown, |(text, _)| Value::Known(text))
            }
            NodeKind::Reset => Value::Absent,
            _ => Value::Unknown,
        }
    }

    /// Where the value of a scalar comes from; as it is written where it is not known.
    pub(crate) fn origin(&self, id: NodeId) -> Origin {
        let text = self.yaml.text(id).and_then(|text| self.environment.expand(text));
        text.map_or(Origin::Written, |(_, origin)| origin)
    }

    /// Where a node stands in the text.
    pub(crate) fn span(&self, id: NodeId) -> Span {
        self.yaml.raw(id).span
    }
}

/// A service's keys: its own, then those of the services that it extends, then those of the service of its name in the
/// file that Compose merges with this one. What stands first wins.
#[derive(Debug, Default)]
pub(crate) struct Layers<'y> {
    nearest_first: Vec<HashMap<&'y str, Entry>>,
    /// Values of layers that leave out what stands behind them.
    alone: HashSet<NodeId>,
    /// Whether something of it stands in a file that was not read, or what is missing is told elsewhere.
    pub(crate) is_partial: bool,
}

impl<'y> Layers<'y> {
    /// The layers of the service that is called `name`, among the services of the file and of the others.
    pub(crate) fn of(
        reader: &Reader<'y, '_>,
        own: &Table<'y>,
        others: &HashMap<&str, Table<'y>>,
        files: &Files,
        name: &'y str,
    ) -> Self {
        let mut layers = Self::default();
        layers.follow(reader, "", Some(own), others, name);
        if let Some(path) = &files.counterpart
            && let Some(table) = others.get(path.as_str()).filter(|table| table.contains_key(name))
        {
            layers.follow(reader, path, Some(table), others, name);
            // What is missing is told where the service begins.
            layers.is_partial |= files.is_override;
        }
        layers.is_partial |= layers.first("image").is_none() && layers.first("build").is_none();
        layers
    }

    fn follow(
        &mut self,
        reader: &Reader<'y, '_>,
        path: &str,
        own: Option<&Table<'y>>,
        others: &HashMap<&str, Table<'y>>,
        name: &'y str,
    ) {
        let mut visited = HashSet::new();
        let (mut path, mut table, mut name) = (path.to_owned(), own, name);
        while visited.insert((path.clone(), name)) {
            let Some(service) = table.and_then(|table| table.get(name)).copied() else {
                self.is_partial = true;
                return;
            };
            let fields: HashMap<&str, Entry> = reader.entries(service.value).into_iter().collect();
            self.alone
                .extend(fields.values().map(|entry| entry.value).filter(|value| reader.yaml.stands_alone(*value)));
            self.nearest_first.push(fields);
            let Some(base) = base_of(reader, service) else { return };
            let Some(next) = base.service else {
                self.is_partial = true;
                return;
            };
            if let Some((file, _)) = base.file {
                path = beside_of(&path, &file);
                table = others.get(path.as_str());
            }
            name = next;
        }
    }

    /// The nearest value of a key.
    pub(crate) fn first(&self, key: &str) -> Option<Entry> {
        self.nearest_first.iter().find_map(|layer| layer.get(key)).copied()
    }

    /// All values of a key that count, the service's own first: of lists and mappings all do, down to one that stands
    /// alone.
    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = Entry> {
        let mut ended = false;
        self.nearest_first.iter().filter_map(move |layer| layer.get(key)).copied().take_while(move |entry| {
            let goes_on = !ended;
            ended = self.alone.contains(&entry.value);
            goes_on
        })
    }

    /// The variables that a key sets, each as the first layer that has it says.
    pub(crate) fn variables(&self, reader: &Reader<'y, '_>, key: &str) -> Vec<Setting> {
        let mut found = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        for entry in self.all(key) {
            let (set, new): (Vec<String>, Vec<Setting>) = variables(reader, entry.value);
            found.extend(new.into_iter().filter(|set| !names.contains(&set.name)));
            names.extend(set);
        }
        found
    }
}
