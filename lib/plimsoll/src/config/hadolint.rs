use super::{Config, ConfigError, toml::no_label_type};
use plimsoll_engine::{FailLevel, Preset, Severity};
use plimsoll_rules::{LabelType, Options};
use serde::Deserialize;
use std::collections::BTreeMap;

/// hadolint's own keys; it passes over others, and so do we.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct File {
    failure_threshold: Option<String>,
    ignored: Option<Vec<String>>,
    r#override: Option<Override>,
    #[serde(rename = "trustedRegistries")]
    trusted_registries: Option<Vec<String>>,
    label_schema: Option<BTreeMap<String, String>>,
    strict_labels: Option<bool>,
    disable_ignore_pragma: Option<bool>,
    no_fail: Option<bool>,
    no_color: Option<bool>,
    format: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Override {
    error: Option<Vec<String>>,
    warning: Option<Vec<String>>,
    info: Option<Vec<String>>,
    style: Option<Vec<String>>,
}

pub(super) fn read(text: &str) -> (Config, Vec<ConfigError>) {
    let mut errors = Vec::new();
    let file = parse(text).unwrap_or_else(|error| {
        errors.push(error);
        File::default()
    });
    let mut fail = |word: &str, message: String| errors.push(ConfigError { line: line_holding(text, word), message });

    let fail_level = match file.failure_threshold.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None => Severity::Info,
        // To hadolint these two are a severity below all others: any finding fails.
        Some("ignore" | "none") => Severity::Style,
        Some(word) => word.parse().unwrap_or_else(|_| {
            fail(
                word,
                format!("`failure-threshold`: `{word}` is none of error, warning, info, style, ignore and none"),
            );
            Severity::Info
        }),
    };
    let mut label_schema = BTreeMap::new();
    for (label, form) in file.label_schema.unwrap_or_default() {
        match LabelType::of(&form) {
            Some(kind) => drop(label_schema.insert(label, kind)),
            None => fail(&form, no_label_type(&form)),
        }
    }
    let levels = file.r#override.unwrap_or_default();
    let by_level = [
        (Severity::Style, levels.style),
        (Severity::Info, levels.info),
        (Severity::Warning, levels.warning),
        (Severity::Error, levels.error),
    ];
    let severity: Vec<(String, Severity)> = by_level
        .into_iter()
        .flat_map(|(level, ids)| ids.unwrap_or_default().into_iter().map(move |id| (id, level)))
        .collect();
    let ignore = file.ignored.unwrap_or_default();
    let ids = ignore.iter().chain(severity.iter().map(|(id, _)| id));
    let mentions = ids.filter_map(|id| Some((id.clone(), line_holding(text, id)?))).collect();
    let config = Config {
        preset: Some(Preset::Hadolint),
        ignore: Some(ignore),
        severity,
        fail_level: Some(FailLevel::From(fail_level)),
        exit_zero: file.no_fail.unwrap_or_default(),
        disable_suppressions: file.disable_ignore_pragma.unwrap_or_default(),
        no_color: file.no_color.unwrap_or_default(),
        format: file.format,
        options: Options {
            trusted_registries: file.trusted_registries.unwrap_or_default(),
            label_schema,
            strict_labels: file.strict_labels.unwrap_or_default(),
            ..Options::default()
        },
        mentions,
        ..Config::default()
    };
    (config, errors)
}

/// An empty file is an empty configuration.
fn parse(text: &str) -> Result<File, ConfigError> {
    parse_yaml::<Option<File>>(text).map(Option::unwrap_or_default)
}

/// Parses YAML that may come from a stranger: aliases are counted, and errors never show the file's content.
pub(super) fn parse_yaml<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, ConfigError> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_aliases: 100, max_anchors: 100, max_depth: 16, max_events: 100_000 },
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map(|location| location.line() as u32).filter(|line| *line > 0);
        ConfigError { line, message: format!("not valid: {}", first_line(&error.to_string())) }
    })
}

fn first_line(message: &str) -> &str {
    message.lines().next().unwrap_or_default()
}

/// The first line that holds a word that the parser found.
fn line_holding(text: &str, word: &str) -> Option<u32> {
    text.lines().position(|line| line.contains(word)).map(|at| at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key() {
        let (config, errors) = read(
            "failure-threshold: warning\nignored:\n  - DL3008\noverride:\n  error: [DL3015]\n  style: [DL3059]\ntrustedRegistries: [docker.io]\nlabel-schema:\n  maintainer: text\n  link: url\nstrict-labels: true\ndisable-ignore-pragma: true\nno-fail: true\nno-color: true\nformat: tty\nelse: 1\n",
        );
        assert_eq!(errors, []);
        assert_eq!(config.preset, Some(Preset::Hadolint));
        assert_eq!(config.fail_level, Some(FailLevel::From(Severity::Warning)));
        assert_eq!(config.ignore.as_deref(), Some(&["DL3008".to_owned()][..]));
        assert_eq!(config.severity, [("DL3059".to_owned(), Severity::Style), ("DL3015".to_owned(), Severity::Error)]);
        assert_eq!(config.options.trusted_registries, ["docker.io"]);
        assert_eq!(config.options.label_schema.get("link"), Some(&LabelType::Url));
        assert!(config.options.strict_labels && config.disable_suppressions && config.exit_zero && config.no_color);
        assert_eq!((config.line_of("DL3015"), config.format.as_deref()), (Some(5), Some("tty")));
    }

    #[test]
    fn empty_is_hadolint_s_default() {
        for text in ["", "# nothing\n", "---\n"] {
            let (config, errors) = read(text);
            assert_eq!(errors, [], "{text:?}");
            assert_eq!(config.fail_level, Some(FailLevel::From(Severity::Info)));
        }
    }

    #[test]
    fn mistakes_have_lines_and_show_no_content() {
        let (_, errors) = read("ignored: [DL3008]\nno-fail: secretvalue\n");
        assert_eq!(errors.first().and_then(|error| error.line), Some(2), "{errors:?}");
        assert!(!errors.iter().any(|error| error.message.contains("secretvalue")), "{errors:?}");
        let (config, errors) = read("ignored: [DL3008]\nfailure-threshold: loud\nlabel-schema: {a: wrong}\n");
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [Some(2), Some(3)]);
        assert_eq!(config.ignore.map(|ids| ids.len()), Some(1));
    }

    #[test]
    fn alias_bombs_end_quickly() {
        let level =
            |level: u32| format!("a{}: &a{} [{}]\n", level + 1, level + 1, vec![format!("*a{level}"); 9].join(", "));
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        bomb.extend((0..30).map(level));
        bomb.push_str("ignored: *a30\n");
        let (_, errors) = read(&bomb);
        assert_eq!(errors.len(), 1);
    }
}
