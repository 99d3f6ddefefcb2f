//! Published ports: the short form `[ADDRESS:][HOST:]CONTAINER[/PROTOCOL]` and the long form.

use crate::fields::{Reader, Value};
use crate::yaml::{NodeId, NodeKind};
use plimsoll_base::Span;
use plimsoll_host::{Binding, Field};
use std::net::IpAddr;

/// A published port: the container's, where it is published, and where that stands in the file.
pub(crate) struct Port {
    /// `80/tcp`, or a range.
    pub(crate) inside: String,
    pub(crate) binding: Binding,
    pub(crate) span: Span,
}

/// Reads an item of `ports`; `None` where something is left open.
pub(crate) fn port(reader: &Reader<'_, '_>, item: NodeId) -> Option<Port> {
    let span = reader.span(item);
    match &reader.yaml.node(item).kind {
        NodeKind::Scalar(..) => match reader.value(item) {
            Value::Known(text) => short(&text, span),
            _ => None,
        },
        NodeKind::Mapping(_) => long(reader, item),
        _ => None,
    }
}

fn short(text: &str, span: Span) -> Option<Port> {
    let (rest, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (rest, inside) = rest.rsplit_once(':').unwrap_or(("", rest));
    let (address, host) = match rest.rsplit_once(':') {
        // `[::1]` without a port of the host.
        _ if rest.ends_with(']') => (rest, ""),
        Some((address, host)) => (address, host),
        None if rest.contains('.') => (rest, ""),
        None => ("", rest),
    };
    let address = address.trim_start_matches('[').trim_end_matches(']');
    if !is_port(inside) || !host.is_empty() && !is_port(host) {
        return None;
    }
    Some(Port { inside: format!("{inside}/{protocol}"), binding: binding(address, host), span })
}

fn long(reader: &Reader<'_, '_>, item: NodeId) -> Option<Port> {
    let fields = reader.entries(item);
    let entry = |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, entry)| *entry);
    let text = |key: &str| match entry(key).map(|entry| reader.value(entry.value)) {
        Some(Value::Known(text)) => Some(text.into_owned()),
        None | Some(Value::Absent) => Some(String::new()),
        Some(Value::Unknown) => None,
    };
    let (target, published, address) = (text("target")?, text("published")?, text("host_ip")?);
    let protocol = text("protocol").filter(|word| !word.is_empty()).unwrap_or_else(|| "tcp".to_owned());
    // What variables make of them may be anything.
    if !is_port(&target) || !published.is_empty() && !is_port(&published) {
        return None;
    }
    if !address.is_empty() && address.parse::<IpAddr>().is_err() {
        return None;
    }
    let place = entry("published").or_else(|| entry("target")).map_or_else(|| reader.span(item), |entry| entry.key);
    Some(Port { inside: format!("{target}/{protocol}"), binding: binding(&address, &published), span: place })
}

/// Whether a text is a port, or a range of them.
fn is_port(text: &str) -> bool {
    text.split('-').all(|port| port.parse::<u16>().is_ok())
}

fn binding(address: &str, port: &str) -> Binding {
    Binding { host_ip: Field::Known(address.to_owned()), host_port: Field::Known(port.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms() {
        for (text, expected) in [
            ("80", Some(("80/tcp", "", ""))),
            ("8080:80", Some(("80/tcp", "", "8080"))),
            ("127.0.0.1:8080:80/udp", Some(("80/udp", "127.0.0.1", "8080"))),
            ("127.0.0.1::80", Some(("80/tcp", "127.0.0.1", ""))),
            ("[::1]:8080:80", Some(("80/tcp", "::1", "8080"))),
            ("8000-8010:80-90", Some(("80-90/tcp", "", "8000-8010"))),
            ("web:80", None),
            ("", None),
        ] {
            let port = short(text, Span::default());
            let told = port.as_ref().map(|port| {
                let value = |field: &'_ Field<String>| field.value().cloned().unwrap_or_default();
                (port.inside.clone(), value(&port.binding.host_ip), value(&port.binding.host_port))
            });
            let expected = expected.map(|(a, b, c): (&str, &str, &str)| (a.to_owned(), b.to_owned(), c.to_owned()));
            assert_eq!(told, expected, "{text}");
        }
    }
}
