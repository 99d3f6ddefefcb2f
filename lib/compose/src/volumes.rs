//! Volumes: the short form `SOURCE:TARGET:OPTIONS`, the long form, and those that the file declares.

use crate::environment::Origin;
use crate::fields::{Entry, Reader, Value};
use crate::yaml::{NodeId, NodeKind};
use plimsoll_base::Span;
use plimsoll_host::{Field, Mount, Volume};
use std::collections::BTreeMap;

/// A service's mount and where it stands; `None` where something is left open, and for volumes without a name.
pub(crate) fn mount(reader: &Reader<'_, '_>, item: NodeId) -> Option<(Mount, Span)> {
    match &reader.yaml.node(item).kind {
        NodeKind::Scalar(text, _) => Some((short(reader, item, text)?, reader.span(item))),
        NodeKind::Mapping(_) => long(reader, item),
        _ => None,
    }
}

fn short(reader: &Reader<'_, '_>, item: NodeId, text: &str) -> Option<Mount> {
    let known = match reader.value(item) {
        Value::Known(text) => text.into_owned(),
        // Where a variable stands in the target, the source is known all the same.
        _ => text.split_once(':').filter(|(source, _)| !source.contains('$'))?.0.to_owned() + ":?",
    };
    let mut parts = known.split(':');
    let mut source = parts.next()?.to_owned();
    let mut target = parts.next()?;
    // `C:\data:/data`
    let is_drive = source.len() == 1 && source.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_drive && target.starts_with(['\\', '/']) && known.matches(':').count() > 1 {
        source = format!("{source}:{target}");
        target = parts.next()?;
    }
    let options: Vec<&str> = parts.next().unwrap_or_default().split(',').collect();
    let is_bind = source.starts_with(['/', '.', '~']) || source.contains(['/', '\\']);
    let propagation = options.iter().find(|option| option.ends_with("shared") || option.ends_with("slave"));
    Some(Mount {
        kind: Field::Known(if is_bind { "bind" } else { "volume" }.to_owned()),
        name: Field::Known(if is_bind { String::new() } else { source.clone() }),
        source: Field::Known(source),
        destination: Field::Known(target.to_owned()),
        rw: Field::Known(!options.contains(&"ro")),
        propagation: Field::Known(propagation.map_or_else(String::new, |word| (*word).to_owned())),
    })
}

fn long(reader: &Reader<'_, '_>, item: NodeId) -> Option<(Mount, Span)> {
    let fields: BTreeMap<&str, Entry> = reader.entries(item).into_iter().collect();
    let text = |key: &str| match fields.get(key).map(|entry| reader.value(entry.value)) {
        Some(Value::Known(text)) => Field::Known(text.into_owned()),
        None | Some(Value::Absent) => Field::Missing,
        Some(Value::Unknown) => Field::Undecided,
    };
    let (kind, source) = (text("type"), text("source"));
    let (Field::Known(kind), Field::Known(source)) = (kind, source) else { return None };
    let read_only = match text("read_only") {
        Field::Known(word) => crate::units::switch(&word).map_or(Field::Undecided, Field::Known),
        Field::Missing => Field::Known(false),
        _ => Field::Undecided,
    };
    let bind = fields.get("bind").map(|entry| reader.entries(entry.value)).unwrap_or_default();
    let propagation = bind.iter().find(|(key, _)| *key == "propagation").map(|(_, entry)| reader.value(entry.value));
    let mount = Mount {
        name: Field::Known(if kind == "volume" { source.clone() } else { String::new() }),
        kind: Field::Known(kind),
        source: Field::Known(source),
        destination: text("target"),
        rw: match read_only {
            Field::Known(read_only) => Field::Known(!read_only),
            other => other,
        },
        propagation: match propagation {
            Some(Value::Known(word)) => Field::Known(word.into_owned()),
            Some(Value::Unknown) => Field::Undecided,
            Some(Value::Absent) | None => Field::Known(String::new()),
        },
    };
    let place = fields.get("source").map_or_else(|| reader.span(item), |entry| reader.span(entry.value));
    Some((mount, place))
}

/// The volumes that the file declares, with their driver's options.
pub(crate) fn declared(reader: &Reader<'_, '_>, node: NodeId) -> Vec<Volume> {
    let volume = |(name, entry): (&str, Entry)| {
        let fields = reader.entries(entry.value);
        let get = |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, entry)| entry.value);
        let mut options = BTreeMap::new();
        for (name, entry) in get("driver_opts").map(|options| reader.entries(options)).unwrap_or_default() {
            // What comes from `.env` could be shown with the mount, and is not for showing.
            if let (Value::Known(value), true) =
                (reader.value(entry.value), reader.origin(entry.value) < Origin::Environment)
            {
                options.insert(name.to_owned(), value.into_owned());
            }
        }
        let driver = match get("driver").map(|driver| reader.value(driver)) {
            Some(Value::Known(driver)) => Field::Known(driver.into_owned()),
            Some(Value::Unknown) => Field::Undecided,
            Some(Value::Absent) | None => Field::Known("local".to_owned()),
        };
        Volume { name: Field::Known(name.to_owned()), driver, options: Field::Known(options), ..Volume::default() }
    };
    reader.entries(node).into_iter().map(volume).collect()
}
