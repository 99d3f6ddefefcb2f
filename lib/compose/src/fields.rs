//! Mappings as Compose reads them: merge keys followed, services that extend others laid over them.

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

/// Reads the mappings of a text. Aliases can make a small text stand for a large one, so what is read is counted.
pub(crate) struct Reader<'y, 't> {
    pub(crate) yaml: &'y Yaml<'t>,
    left: Cell<usize>,
}

/// The most entries that a text may stand for once its aliases, merge keys and `extends` are followed.
const MOST_ENTRIES: usize = 4 << 20;

impl<'y, 't> Reader<'y, 't> {
    pub(crate) fn new(yaml: &'y Yaml<'t>) -> Self {
        Self { yaml, left: Cell::new(MOST_ENTRIES) }
    }

    /// An error where more was read than a file may stand for.
    pub(crate) fn check(&self) -> Result<(), YamlError> {
        let message = || format!("its aliases and `extends` stand for more than {MOST_ENTRIES} entries");
        if self.left.get() == 0 { Err(YamlError { line: 1, message: message() }) } else { Ok(()) }
    }

    fn spend(&self, entries: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(entries));
        self.left.get() > 0
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
            NodeKind::Scalar(text, _) => interpolated(text),
            NodeKind::Reset => Value::Absent,
            _ => Value::Unknown,
        }
    }

    /// Where a node stands in the text.
    pub(crate) fn span(&self, id: NodeId) -> Span {
        self.yaml.raw(id).span
    }
}

/// A text with `$$` resolved; unknown where it holds a variable, whatever its default.
fn interpolated(text: &str) -> Value<'_> {
    if !text.contains('$') {
        return Value::Known(Cow::Borrowed(text));
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let behind = &rest[at + 1..];
        plain.push_str(&rest[..at]);
        match behind.chars().next() {
            Some('$') => {
                plain.push('$');
                rest = &behind[1..];
            }
            Some('{' | '_' | 'a'..='z' | 'A'..='Z') => return Value::Unknown,
            _ => {
                plain.push('$');
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
    Value::Known(Cow::Owned(plain))
}

/// A service's keys: its own, then those of the services that it extends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layers<'y> {
    layers: Vec<HashMap<&'y str, Entry>>,
    /// Whether something of it stands in another file.
    pub(crate) is_partial: bool,
}

impl<'y> Layers<'y> {
    /// The layers of the service that is called `name`, among all services of the file.
    pub(crate) fn of(reader: &Reader<'y, '_>, services: &HashMap<&'y str, Entry>, name: &str) -> Self {
        let mut layers = Self::default();
        let mut visited = HashSet::new();
        let mut next = services.get_key_value(name);
        while let Some((name, service)) = next {
            if !visited.insert(*name) {
                break;
            }
            let fields: HashMap<&str, Entry> = reader.entries(service.value).into_iter().collect();
            let base = fields.get("extends").map(|extends| base_of(reader, extends.value));
            layers.layers.push(fields);
            next = match base {
                None => None,
                Some(Some(base)) => services.get_key_value(base),
                Some(None) => {
                    layers.is_partial = true;
                    None
                }
            };
        }
        layers.is_partial |= layers.first("image").is_none() && layers.first("build").is_none();
        layers
    }

    /// The nearest value of a key.
    pub(crate) fn first(&self, key: &str) -> Option<Entry> {
        self.layers.iter().find_map(|layer| layer.get(key)).copied()
    }

    /// All values of a key, the service's own first: of lists and mappings all count.
    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = Entry> {
        self.layers.iter().filter_map(move |layer| layer.get(key)).copied()
    }
}

/// The service of the same file that `extends` names.
fn base_of<'y>(reader: &Reader<'y, '_>, extends: NodeId) -> Option<&'y str> {
    if let Some(name) = reader.yaml.text(extends) {
        return Some(name);
    }
    let fields = reader.entries(extends);
    let get = |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, entry)| entry.value);
    match get("file") {
        None => reader.yaml.text(get("service")?),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_unknown() {
        let known = |text: &'static str| Value::Known(Cow::Borrowed(text));
        assert_eq!(interpolated("a$$b $1 5$"), known("a$b $1 5$"));
        for text in ["$A", "${A}", "x${A:-default}", "$$$_a"] {
            assert_eq!(interpolated(text), Value::Unknown, "{text}");
        }
    }
}
