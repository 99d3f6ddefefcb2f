//! The secrets whose values stand in a Compose file, for the mask that keeps them out of every report. Here doubt
//! masks: the rules that report secrets are stricter.

use crate::secrets::{is_hidden, is_to_be_masked, place};
use crate::support::{named_values, url_passwords};
use plimsoll_base::Span;
use plimsoll_compose::{Compose, NodeKind};

/// Finds the values, by rising place: what shows by its form, passwords in URLs, what stands under a key or behind a flag
/// with a secret's name, and variables of such a name.
pub(crate) fn find(compose: &Compose<'_>, source: &str) -> Vec<Span> {
    let found = plimsoll_secrets::scan(source.as_bytes());
    let mut spans: Vec<Span> = found.iter().filter(|found| is_hidden(found)).map(place).collect();
    spans.extend(url_passwords::find(source));
    for node in compose.yaml.nodes() {
        match &node.kind {
            NodeKind::Mapping(pairs) => {
                for &(key, value) in pairs {
                    if let (Some(name), NodeKind::Scalar(text, _)) =
                        (compose.yaml.text(key), &compose.yaml.raw(value).kind)
                        && is_to_be_masked(&snake(name), text)
                    {
                        spans.push(unquoted(compose.yaml.raw(value).span, source));
                    }
                }
            }
            NodeKind::Scalar(text, _) if text.contains(['=', ' ', ':']) => {
                let span = unquoted(node.span, source);
                let raw = span.text(source);
                spans.extend(variable(raw).map(|value| within(span, value)));
                // `/etc/passwd:/etc/passwd:ro` is no password.
                if raw.starts_with('/') && !raw.contains([' ', '=']) {
                    continue;
                }
                spans.extend(
                    named_values::find(raw, |name, value| is_to_be_masked(&snake(name), value))
                        .into_iter()
                        .map(|value| within(span, value)),
                );
            }
            _ => {}
        }
    }
    spans.retain(|span| !span.is_empty());
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// A name with `_` between its words.
fn snake(name: &str) -> String {
    name.replace(['-', '.'], "_")
}

/// The value of `NAME=value`, which may hold blanks.
fn variable(raw: &str) -> Option<Span> {
    let (name, value) = raw.split_once('=')?;
    is_to_be_masked(name, value).then(|| Span::from(name.len() + 1..raw.len()))
}

fn within(outer: Span, inner: Span) -> Span {
    Span::new(outer.start + inner.start, outer.start + inner.end)
}

/// A scalar's place without the quotes around it.
fn unquoted(span: Span, source: &str) -> Span {
    let raw = span.text(source);
    let is_quoted = raw.len() >= 2 && raw.starts_with(['"', '\'']) && raw.ends_with(['"', '\'']);
    if is_quoted { Span::new(span.start + 1, span.end - 1) } else { span }
}
