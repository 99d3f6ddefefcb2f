//! The secrets whose values stand in a Dockerfile, for the mask that keeps them out of every report. Here doubt masks:
//! the rules that report secrets are stricter.

use crate::facts::Facts;
use crate::support::{run_secrets, secret_names, secret_values, url_passwords};
use plimsoll_base::Span;
use plimsoll_dockerfile::{Instruction, Kind, Word};
use plimsoll_secrets::{Confidence, Match};

/// A secret's value in a Dockerfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    /// The value, without quotes around it.
    pub(crate) span: Span,
}

/// Finds the values: what shows by its form, passwords in URLs, what `RUN`s are given, and the values of variables
/// with a secret's name.
pub(crate) fn find_secrets(facts: &Facts<'_>) -> Vec<Secret> {
    let source = facts.file.source;
    let mut spans: Vec<Span> = facts.matches().iter().filter(|found| is_hidden(found)).map(place).collect();
    spans.extend(url_passwords::find(source));
    spans.extend(run_secrets::in_run(facts));
    for &at in facts.instructions() {
        match &at.instruction.kind {
            Kind::Env(pairs) | Kind::Label(pairs) => {
                for pair in pairs {
                    named(at.instruction, &pair.key, &pair.value, &mut spans);
                }
            }
            Kind::Arg(declarations) => {
                for declaration in declarations {
                    if let Some(value) = &declaration.default {
                        named(at.instruction, &declaration.name, value, &mut spans);
                    }
                }
            }
            _ => {}
        }
    }
    spans.sort_unstable();
    spans.dedup();
    spans.into_iter().map(|span| Secret { span }).collect()
}

/// Whether a match is hidden: passwords that are tried first are words of which a text is full.
pub(crate) fn is_hidden(found: &Match) -> bool {
    found.kind.is_told_by_form() || found.confidence > Confidence::Low
}

/// Where a match stands in the Dockerfile.
pub(crate) fn place(found: &Match) -> Span {
    Span::new(found.start as u32, found.end as u32)
}

/// Adds the value of a variable with a secret's name, piece by piece where continuations part it.
fn named(instruction: &Instruction<'_>, name: &Word<'_>, value: &Word<'_>, spans: &mut Vec<Span>) {
    let text = value.unquoted();
    if !is_to_be_masked(name.unquoted(), text) {
        return;
    }
    let part = instruction.part(value.span);
    let quotes = u32::from(text.len() != value.text.len());
    let inner = Span::new(quotes, (part.text.len() as u32).saturating_sub(quotes));
    let inner = part.slice(inner);
    let ends = inner.segments.iter().skip(1).map(|segment| segment.at).chain([inner.text.len() as u32]);
    for (segment, end) in inner.segments.iter().zip(ends) {
        let span = Span::new(segment.source, segment.source + (end - segment.at));
        if !span.is_empty() {
            spans.push(span);
        }
    }
}

/// Whether the value of a variable may be a secret, by the variable's name and by what it looks like.
pub(crate) fn is_to_be_masked(name: &str, text: &str) -> bool {
    use secret_values::Value;
    let Some(judged) = secret_names::judge(name) else { return false };
    let only_peers = judged.strength == secret_names::Strength::Peers;
    let literal = matches!(secret_values::judge(text), Value::Literal | Value::Random)
        || !only_peers && !text.contains('$') && secret_values::is_placeholder(&text.to_ascii_lowercase());
    if !literal || only_peers && secret_values::judge(text) != Value::Random || secret_values::is_word(text, name) {
        return false;
    }
    // `GPG_KEY` and the like name public keys by their fingerprints.
    let lower = name.to_ascii_lowercase();
    !((lower.contains("gpg") || lower.contains("pgp")) && secret_values::is_hex(text))
}
