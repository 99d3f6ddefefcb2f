//! What rules say of a secret that `plimsoll-secrets` found, and how loud they are.

use plimsoll_engine::{Confidence, Finding, Severity};
use plimsoll_secrets as secrets;

/// What was found, in words, without its value.
pub(crate) fn describe(found: &secrets::Match) -> String {
    let encoding = found.encoding.map(|encoding| match encoding {
        secrets::Encoding::Base64 => "in base64",
        secrets::Encoding::Gzip => "in gzip",
        secrets::Encoding::Utf16 => "in UTF-16",
        secrets::Encoding::Pyc => "in compiled Python",
        _ => "encoded",
    });
    let notes: Vec<String> =
        encoding.map(str::to_owned).into_iter().chain(found.notes.iter().map(secrets::Note::text)).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(": {}", notes.join(", ")) };
    // The names of kinds begin with those of companies.
    format!("found: {} `{}`{notes}", found.kind.name, found.shown)
}

/// Sets severity and confidence by how sure it is.
pub(crate) fn grade(finding: &mut Finding, found: &secrets::Match) {
    let (severity, confidence) = match found.confidence {
        secrets::Confidence::High => (Severity::Error, Confidence::High),
        secrets::Confidence::Medium => (Severity::Warning, Confidence::Medium),
        secrets::Confidence::Low => (Severity::Info, Confidence::Low),
    };
    finding.severity(severity).confidence(confidence);
}

/// Whether its own form tells it, and nothing says that it is an example.
pub(crate) fn is_token(found: &secrets::Match) -> bool {
    found.kind.is_told_by_form()
        && !found.notes.iter().any(|note| matches!(note, secrets::Note::Documented | secrets::Note::PublicTestKey))
}
