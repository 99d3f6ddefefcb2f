use super::ConfigError;
use super::hadolint::parse_yaml;
use plimsoll_engine::Date;
use serde::Deserialize;

/// An id that an ignore file names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ignored {
    /// The id as written.
    pub id: String,
    /// The files for which it holds, as globs of trivy; empty: all.
    pub paths: Vec<String>,
    /// Why, in the user's words.
    pub reason: Option<String>,
    /// The first day on which it no longer holds.
    pub expires: Option<Date>,
}

/// Reads a `.trivyignore`: an id a line, `#` begins a comment, `exp:YYYY-MM-DD` behind an id ends it. Ids of other
/// kinds of findings (CVE numbers, names of secrets) are kept: they match nothing of ours.
///
/// ```
/// let (ignored, errors) = plimsoll::config::read_trivyignore("# why\nDS-0002 exp:2030-01-01\nCVE-2024-1\n");
/// assert_eq!((ignored[0].id.as_str(), ignored[0].expires.is_some()), ("DS-0002", true));
/// assert_eq!((ignored.len(), errors.len()), (2, 0));
/// ```
pub fn read_trivyignore(text: &str) -> (Vec<Ignored>, Vec<ConfigError>) {
    let (mut ignored, mut errors) = (Vec::new(), Vec::new());
    // The comment right above an id is its reason.
    let mut reason = None;
    for (number, line) in (1..).zip(text.lines()) {
        let (words, comment) =
            line.split_once('#').map_or((line, None), |(words, comment)| (words, Some(comment.trim())));
        let mut words = words.split_whitespace();
        let Some(id) = words.next() else {
            reason = comment.filter(|comment| !comment.is_empty()).map(str::to_owned);
            continue;
        };
        let mut expires = None;
        for word in words {
            let Some(day) = word.strip_prefix("exp:") else { continue };
            expires = Date::parse(day);
            if expires.is_none() {
                errors
                    .push(ConfigError { line: Some(number), message: format!("`{day}` is no date: write YYYY-MM-DD") });
            }
        }
        let reason = comment.filter(|comment| !comment.is_empty()).map(str::to_owned).or_else(|| reason.clone());
        ignored.push(Ignored { id: id.to_owned(), paths: Vec::new(), reason, expires });
    }
    (ignored, errors)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    misconfigurations: Option<Vec<Entry>>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    id: String,
    #[serde(default)]
    paths: Option<Vec<String>>,
    #[serde(default)]
    statement: Option<String>,
    #[serde(default)]
    expired_at: Option<String>,
}

/// Reads a `.trivyignore.yaml`: its list of misconfigurations.
///
/// ```
/// let text = "misconfigurations:\n  - id: AVD-DS-0002\n    paths: [a/Dockerfile]\n    statement: agreed\n";
/// let (ignored, errors) = plimsoll::config::read_trivyignore_yaml(text);
/// assert_eq!((ignored[0].id.as_str(), ignored[0].reason.as_deref()), ("AVD-DS-0002", Some("agreed")));
/// assert!(errors.is_empty());
/// ```
pub fn read_trivyignore_yaml(text: &str) -> (Vec<Ignored>, Vec<ConfigError>) {
    let file = match parse_yaml::<Option<File>>(text) {
        Ok(file) => file.unwrap_or_default(),
        Err(error) => return (Vec::new(), vec![error]),
    };
    let (mut ignored, mut errors) = (Vec::new(), Vec::new());
    for entry in file.misconfigurations.unwrap_or_default() {
        // A time of day may follow the date.
        let expires = entry.expired_at.as_deref().map(|day| Date::parse(day.get(..10).unwrap_or(day)).ok_or(day));
        if let Some(Err(day)) = expires {
            let line = text.lines().position(|line| line.contains(day)).map(|at| at as u32 + 1);
            errors.push(ConfigError { line, message: format!("`{day}` is no date: write YYYY-MM-DD") });
        }
        ignored.push(Ignored {
            id: entry.id,
            paths: entry.paths.unwrap_or_default(),
            reason: entry.statement,
            expires: expires.and_then(Result::ok),
        });
    }
    (ignored, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_stand_beside_or_above() {
        let (ignored, _) = read_trivyignore("# above\nDS-0001\nDS-0002 # beside\n\nDS-0003\n");
        let reasons: Vec<_> = ignored.iter().map(|entry| entry.reason.as_deref()).collect();
        assert_eq!(reasons, [Some("above"), Some("beside"), None]);
    }

    #[test]
    fn wrong_dates_are_errors() {
        assert_eq!(read_trivyignore("\nDS-0001 exp:soon\n").1.first().and_then(|error| error.line), Some(2));
        let yaml = "misconfigurations:\n- id: DS-0001\n  expired_at: soon\n";
        assert_eq!(read_trivyignore_yaml(yaml).1.first().and_then(|error| error.line), Some(3));
    }
}
