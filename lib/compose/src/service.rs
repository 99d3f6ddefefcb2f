use crate::container::{self, Places};
use crate::environment::Origin;
use crate::fields::{Budget, Entry, Layers, Reader, Value};
use crate::files::{Files, Surroundings, Table, environment};
use crate::volumes;
use crate::yaml::{NodeKind, Yaml, YamlError};
use plimsoll_base::Span;
use plimsoll_host::{Container, Volume};

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
    /// Whether what is missing here may stand in another file, or is told there: it extends a service of a file that was
    /// not read, has neither `image` nor `build`, or is laid over a service of another file.
    pub is_partial: bool,
    /// Its image's name, where nothing is left open in it.
    pub image: Option<Setting>,
    /// Whether it is built or never pulled, so that its image's name is what the build is called.
    pub is_built: bool,
    /// The arguments of its build in which no variable stands.
    pub build_arguments: Vec<Setting>,
    /// The variables of its environment that the file gives a value in which no variable stands.
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
    /// Where the value comes from.
    pub origin: Origin,
}

impl Service {
    /// Where the file says a field of the container: `HostConfig.Privileged`; with `item` an element of a list. `None`
    /// where the file does not say it.
    pub fn place(&self, field: &str, item: Option<usize>) -> Option<Span> {
        self.places.get(field, item)
    }

    /// Whether another file says it.
    pub fn is_elsewhere(&self, field: &str, item: Option<usize>) -> bool {
        self.places.is_elsewhere(field, item)
    }
}

impl<'t> Compose<'t> {
    /// Reads a file by itself. The error is that of a text that is no YAML, or stands for more than a file may.
    pub fn parse(text: &'t str) -> Result<Self, YamlError> {
        Self::parse_in(text, &Surroundings::NONE)
    }

    /// Reads a file with what is beside it: the values of `.env`, the services that it extends in other files, and the
    /// file that Compose merges with it. Of files that cannot be read nothing is known; an error is this text's alone.
    ///
    /// What this file says is judged as it stands here, also where the override beside it says something else; what it
    /// lacks may be there. What other files say has no place.
    ///
    /// ```
    /// use plimsoll_compose::{Compose, Surroundings};
    /// let read = |path: &str| (path == "common.yml").then(|| "services: {base: {mem_limit: 1g, pid: host}}".to_owned());
    /// let text = "services:\n  web:\n    image: nginx:1.29\n    extends: {file: common.yml, service: base}\n";
    /// let file = Compose::parse_in(text, &Surroundings { name: "compose.yaml", read: &read }).expect("YAML");
    /// let host = file.services[0].container.host_config().expect("services have one");
    /// assert_eq!(host.memory.known("memory"), Ok(&(1 << 30)));
    /// assert!(file.services[0].place("HostConfig.PidMode", None).is_none());
    /// assert!(file.services[0].is_elsewhere("HostConfig.PidMode", None));
    /// ```
    pub fn parse_in(text: &'t str, surroundings: &Surroundings<'_>) -> Result<Self, YamlError> {
        let mut yaml = Yaml::parse(text)?;
        let environment = environment(surroundings);
        let budget = Budget::default();
        let end = text.len() as u32;
        let files = Files::load(&mut yaml, end.saturating_add(1), &environment, &budget, surroundings);
        let reader = Reader::new(&yaml, &environment, &budget);
        let others = files.tables(&reader);
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
            let by_name: Table<'_> = entries.iter().copied().collect();
            for (name, entry) in entries {
                let layers = Layers::of(&reader, &by_name, &others, &files, name);
                services.push(service(&reader, &layers, name, entry, end));
            }
        }
        for &root in yaml.roots.iter().chain(files.counterpart_roots()) {
            let top = reader.entries(root);
            for (_, declared) in top.iter().filter(|(name, _)| *name == "volumes") {
                volumes.extend(volumes::declared(&reader, declared.value));
            }
        }
        budget.check()?;
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

/// A service of a text that ends at `end`.
fn service<'y>(reader: &Reader<'y, '_>, layers: &Layers<'y>, name: &'y str, entry: Entry, end: u32) -> Service {
    let (container, places) = container::of(reader, layers, name, end);
    let is_here = |set: &Setting| set.value_span.start <= end;
    let image = layers.first("image").and_then(|entry| match reader.value(entry.value) {
        Value::Known(value) => Some(Setting {
            name: "image".to_owned(),
            value: value.into_owned(),
            span: reader.span(entry.value),
            value_span: reader.span(entry.value),
            origin: reader.origin(entry.value),
        }),
        _ => None,
    });
    let mut build_arguments = Vec::new();
    for build in layers.all("build") {
        let fields = reader.entries(build.value);
        for (_, entry) in fields.iter().filter(|(key, _)| *key == "args") {
            build_arguments.extend(variables(reader, entry.value).1);
        }
    }
    build_arguments.retain(is_here);
    let mut environment = layers.variables(reader, "environment");
    environment.retain(is_here);
    Service {
        name: name.to_owned(),
        span: entry.key,
        container,
        is_partial: layers.is_partial,
        image: image.filter(is_here),
        is_built: layers.first("build").is_some() || is_never_pulled(reader, layers),
        build_arguments,
        environment,
        places,
    }
}

fn is_never_pulled(reader: &Reader<'_, '_>, layers: &Layers<'_>) -> bool {
    let policy = layers.first("pull_policy").map(|entry| reader.value(entry.value));
    matches!(policy, Some(Value::Known(word)) if matches!(&*word, "never" | "build"))
}

/// The names of the variables of a mapping or a list of `NAME=value`, and those with a value in which no variable stands.
pub(crate) fn variables(reader: &Reader<'_, '_>, node: crate::NodeId) -> (Vec<String>, Vec<Setting>) {
    let mut names = Vec::new();
    let mut found = Vec::new();
    let mut add = |name: &str, value: &str, span: Span, value_span: Span| {
        let (name, value) = (name.to_owned(), value.to_owned());
        found.push(Setting { name, value, span, value_span, origin: Origin::Written });
    };
    for (name, entry) in reader.entries(node) {
        names.push(name.to_owned());
        if let (Value::Known(value), Origin::Written) = (reader.value(entry.value), reader.origin(entry.value)) {
            add(name, &value, entry.key, reader.span(entry.value));
        }
    }
    for &item in reader.items(node) {
        let span = reader.span(item);
        let NodeKind::Scalar(text, _) = &reader.yaml.node(item).kind else { continue };
        names.push(text.split('=').next().unwrap_or_default().to_owned());
        if let (Value::Known(pair), Origin::Written) = (reader.value(item), reader.origin(item))
            && let Some((name, value)) = pair.split_once('=')
        {
            add(name, value, span, span);
        }
    }
    (names, found)
}
