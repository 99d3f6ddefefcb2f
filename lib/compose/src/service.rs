use crate::container::{self, Places};
use crate::fields::{Entry, Layers, Reader, Value};
use crate::volumes;
use crate::yaml::{NodeKind, Yaml, YamlError};
use plimsoll_base::Span;
use plimsoll_host::{Container, Volume};
use std::collections::HashMap;

/// A Compose file.
#[derive(Debug, Clone, Default)]
pub struct Compose<'t> {
    /// The text as a tree.
    pub yaml: Yaml<'t>,
    /// The services, in the file's order.
    pub services: Vec<Service>,
    /// The volumes that the file declares.
    pub volumes: Vec<Volume>,
}

/// A service of a Compose file.
#[derive(Debug, Clone, Default)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// The container that it will be.
    pub container: Container,
    /// Whether part of it stands in another file, so that what is missing here may be there: it extends a service of
    /// another file, or has neither `image` nor `build`.
    pub is_partial: bool,
    /// Its image's name, where nothing is left open in it.
    pub image: Option<Setting>,
    /// Whether it is built or never pulled, so that its image's name is what the build is called.
    pub is_built: bool,
    /// The arguments of its build, where nothing is left open in them.
    pub build_arguments: Vec<Setting>,
    /// The variables of its environment that the file gives a value in which nothing is left open.
    pub environment: Vec<Setting>,
    pub(crate) places: Places,
}

/// Something that a file sets, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting {
    /// What is set: a variable's name, or the key.
    pub name: String,
    /// To what.
    pub value: String,
    /// Where: the key, or the item of a list.
    pub span: Span,
    /// Where the value stands.
    pub value_span: Span,
}

impl Service {
    /// Where the file says a field of the container: `HostConfig.Privileged`; with `item` an element of a list. `None`
    /// where the file does not say it.
    pub fn place(&self, field: &str, item: Option<usize>) -> Option<Span> {
        self.places.get(field, item)
    }
}

impl<'t> Compose<'t> {
    /// Reads a file. The error is that of a text that is no YAML, or stands for more than a file may.
    pub fn parse(text: &'t str) -> Result<Self, YamlError> {
        let yaml = Yaml::parse(text)?;
        let reader = Reader::new(&yaml);
        let mut services = Vec::new();
        let mut volumes = Vec::new();
        for &root in &yaml.roots {
            let top = reader.entries(root);
            let get = |key: &str| top.iter().find(|(name, _)| *name == key).map(|(_, entry)| entry.value);
            let entries = match get("services") {
                Some(services) => reader.entries(services),
                // The first format had services at its top.
                None if is_first_format(&reader, &top) => top.clone(),
                None => Vec::new(),
            };
            let by_name: HashMap<&str, Entry> = entries.iter().copied().collect();
            for (name, entry) in entries {
                services.push(service(&reader, &by_name, name, entry));
            }
            if let Some(declared) = get("volumes") {
                volumes.extend(volumes::declared(&reader, declared));
            }
        }
        reader.check()?;
        Ok(Self { yaml, services, volumes })
    }
}

/// Whether the mappings at the top are services, as before there was a key for them.
fn is_first_format(reader: &Reader<'_, '_>, top: &[(&str, Entry)]) -> bool {
    const KEYS: [&str; 8] = ["version", "name", "include", "networks", "volumes", "configs", "secrets", "models"];
    let is_service = |entry: &Entry| {
        let fields = reader.entries(entry.value);
        fields.iter().any(|(key, _)| matches!(*key, "image" | "build"))
    };
    !top.is_empty() && top.iter().all(|(key, entry)| !KEYS.contains(key) && is_service(entry))
}

fn service<'y>(reader: &Reader<'y, '_>, all: &HashMap<&'y str, Entry>, name: &'y str, entry: Entry) -> Service {
    let layers = Layers::of(reader, all, name);
    let (container, places) = container::of(reader, &layers, name);
    let image = layers.first("image").and_then(|entry| match reader.value(entry.value) {
        Value::Known(value) => Some(Setting {
            name: "image".to_owned(),
            value: value.into_owned(),
            span: reader.span(entry.value),
            value_span: reader.span(entry.value),
        }),
        _ => None,
    });
    let environment = layers.all("environment").flat_map(|entry| variables(reader, entry.value)).collect();
    let mut build_arguments = Vec::new();
    for build in layers.all("build") {
        let fields = reader.entries(build.value);
        for (_, entry) in fields.iter().filter(|(key, _)| *key == "args") {
            build_arguments.extend(variables(reader, entry.value));
        }
    }
    Service {
        name: name.to_owned(),
        span: entry.key,
        container,
        is_partial: layers.is_partial,
        image,
        is_built: layers.first("build").is_some() || is_never_pulled(reader, &layers),
        build_arguments,
        environment,
        places,
    }
}

fn is_never_pulled(reader: &Reader<'_, '_>, layers: &Layers<'_>) -> bool {
    let policy = layers.first("pull_policy").map(|entry| reader.value(entry.value));
    matches!(policy, Some(Value::Known(word)) if matches!(&*word, "never" | "build"))
}

/// Variables with a value in which nothing is left open: a mapping, or a list of `NAME=value`.
pub(crate) fn variables(reader: &Reader<'_, '_>, node: crate::NodeId) -> Vec<Setting> {
    let mut found = Vec::new();
    for (name, entry) in reader.entries(node) {
        if let Value::Known(value) = reader.value(entry.value) {
            found.push(Setting {
                name: name.to_owned(),
                value: value.into_owned(),
                span: entry.key,
                value_span: reader.span(entry.value),
            });
        }
    }
    for &item in reader.items(node) {
        let span = reader.span(item);
        let NodeKind::Scalar(text, _) = &reader.yaml.node(item).kind else { continue };
        let (Value::Known(pair), Some(_)) = (reader.value(item), text.split_once('=')) else { continue };
        let Some((name, value)) = pair.split_once('=') else { continue };
        found.push(Setting { name: name.to_owned(), value: value.to_owned(), span, value_span: span });
    }
    found
}
