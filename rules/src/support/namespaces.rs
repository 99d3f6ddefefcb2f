//! Containers in namespaces of the host.

use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::{Container, NamespaceKind};

/// Fails where the container is in the host's namespace of that kind, itself or through other containers.
pub(crate) fn not_the_hosts(cx: &Cx<'_>, container: &Container, kind: NamespaceKind) -> Outcome {
    let namespace = cx.facts.namespaces().of(container, kind)?;
    let through = namespace.through.as_ref().map(|name| format!(" through the container {name}")).unwrap_or_default();
    let evidence = format!("{} is {:?}{through}", kind.field(), namespace.mode);
    Ok(Verdict::passes_if(namespace.mode != "host", evidence).at(kind.field()))
}
