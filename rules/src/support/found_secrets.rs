//! What rules say of a secret that `plimsoll-secrets` found, and how loud they are.

use plimsoll_engine::{Confidence, Date, Finding, Severity};
use plimsoll_secrets as secrets;

/// What was found, in words, without its value. On a known day it is told which times are over.
pub(crate) fn describe(found: &secrets::Match, today: Option<Date>) -> String {
    let encoding = found.encoding.map(|encoding| match encoding {
        secrets::Encoding::Base64 => "in base64",
        secrets::Encoding::Gzip => "in gzip",
        secrets::Encoding::Utf16 => "in UTF-16",
        secrets::Encoding::Pyc => "in compiled Python",
        _ => "encoded",
    });
    let notes: Vec<String> =
        encoding.map(str::to_owned).into_iter().chain(found.notes.iter().map(|one| note(one, today))).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(": {}", notes.join(", ")) };
    // The names of kinds begin with those of companies.
    format!("found: {} `{}`{notes}", found.kind.name, found.shown)
}

/// What was proved of a secret, in words: times as days.
fn note(note: &secrets::Note, today: Option<Date>) -> String {
    match note {
        secrets::Note::Expires(seconds) => {
            let day = Date::of_unix_time(*seconds);
            format!("{} on {day}", if today.is_some_and(|today| day < today) { "expired" } else { "expires" })
        }
        note => note.text(),
    }
}

/// Whether it says itself that its time was over before that day.
pub(crate) fn is_expired(found: &secrets::Match, today: Option<Date>) -> bool {
    let is_over = |seconds: u64| today.is_some_and(|today| Date::of_unix_time(seconds) < today);
    found.notes.iter().any(|note| matches!(note, secrets::Note::Expires(seconds) if is_over(*seconds)))
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
