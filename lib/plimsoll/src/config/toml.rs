use super::{Config, ConfigError};
use plimsoll_base::{LineIndex, nearest};
use plimsoll_rules::{HostOptions, LabelType, Options};
use std::fmt::{Display, Write};
use std::ops::Range;
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads a `plimsoll.toml`, with the errors in the order of their lines.
pub(super) fn read(text: &str) -> (Config, Vec<ConfigError>) {
    let (document, syntax_errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { lines: LineIndex::new(text), errors: Vec::new(), mentions: Vec::new() };
    for error in syntax_errors {
        reader.fail(error.span().unwrap_or(0..0), error.message());
    }
    let broken: Vec<Option<u32>> = reader.errors.iter().map(|error| error.line).collect();
    let mut syntax_errors = std::mem::take(&mut reader.errors);
    let mut config = reader.config(document.get_ref());
    config.mentions = reader.mentions;
    // What recovery makes of a broken line is not what somebody meant.
    reader.errors.retain(|error| !broken.contains(&error.line));
    reader.errors.append(&mut syntax_errors);
    reader.errors.sort();
    // Recovery from one mistake in the syntax reports it more than once.
    reader.errors.dedup();
    (config, reader.errors)
}

const KEYS: &[&str] = &[
    "preset",
    "select",
    "extend-select",
    "ignore",
    "fail-level",
    "exclude",
    "severity",
    "lint",
    "registries",
    "labels",
    "image",
    "host",
    "per-file-ignores",
];

type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;
type Value<'t> = Spanned<DeValue<'t>>;

struct Reader {
    lines: LineIndex,
    errors: Vec<ConfigError>,
    mentions: Vec<(String, u32)>,
}

impl Reader {
    fn config(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for (key, value) in in_order(table) {
            match &**key.get_ref() {
                "preset" => config.preset = self.parsed("preset", value),
                "select" => config.select = self.ids("select", value),
                "extend-select" => config.extend_select = self.ids("extend-select", value),
                "ignore" => config.ignore = self.ids("ignore", value),
                "fail-level" => config.fail_level = self.parsed("fail-level", value),
                "exclude" => config.exclude = self.ids("exclude", value),
                "severity" => {
                    for (id, level) in self.table("severity", value) {
                        self.mention(id.get_ref(), id.span());
                        let level = self.parsed(&format!("severity.{}", id.get_ref()), level);
                        config.severity.extend(level.map(|level| (id.get_ref().to_string(), level)));
                    }
                }
                "lint" => {
                    for (key, value) in self.table("lint", value) {
                        match &**key.get_ref() {
                            "no-shell" => config.no_shell = self.bool("lint.no-shell", value).unwrap_or_default(),
                            _ => self.unknown(key, "lint", &["no-shell"]),
                        }
                    }
                }
                "registries" => {
                    for (key, value) in self.table("registries", value) {
                        match &**key.get_ref() {
                            "trusted" => {
                                let trusted = self.strings("registries.trusted", value).unwrap_or_default();
                                config.options.trusted_registries = trusted.into_iter().map(|(name, _)| name).collect();
                            }
                            _ => self.unknown(key, "registries", &["trusted"]),
                        }
                    }
                }
                "labels" => self.labels(value, &mut config.options),
                "image" => {
                    for (key, value) in self.table("image", value) {
                        match &**key.get_ref() {
                            "max-waste" => config.options.max_image_waste = self.number("image.max-waste", value),
                            _ => self.unknown(key, "image", &["max-waste"]),
                        }
                    }
                }
                "host" => self.host(value, &mut config.host),
                "per-file-ignores" => {
                    for (glob, ids) in self.table("per-file-ignores", value) {
                        self.mention(glob.get_ref(), glob.span());
                        let ids = self.ids(&format!("per-file-ignores.{}", glob.get_ref()), ids);
                        config.per_file_ignores.extend(ids.map(|ids| (glob.get_ref().to_string(), ids)));
                    }
                }
                _ => self.unknown(key, "", KEYS),
            }
        }
        config
    }

    fn host(&mut self, value: &Value<'_>, options: &mut HostOptions) {
        for (key, value) in self.table("host", value) {
            match &**key.get_ref() {
                "trusted-users" => {
                    let users = self.strings("host.trusted-users", value).unwrap_or_default();
                    options.trusted_users = users.into_iter().map(|(name, _)| name).collect();
                }
                "published-ports" => {
                    let Some(ports) = value.get_ref().as_array() else {
                        self.wrong_type("host.published-ports", "a list of ports", value);
                        continue;
                    };
                    for port in ports {
                        let number = self.number("host.published-ports", port);
                        match number.map(u16::try_from) {
                            Some(Ok(port)) => options.published_ports.push(port),
                            Some(Err(_)) => self.wrong_type("host.published-ports", "a list of ports", port),
                            None => {}
                        }
                    }
                }
                _ => self.unknown(key, "host", &["trusted-users", "published-ports"]),
            }
        }
    }

    fn labels(&mut self, value: &Value<'_>, options: &mut Options) {
        for (key, value) in self.table("labels", value) {
            match &**key.get_ref() {
                "strict" => options.strict_labels = self.bool("labels.strict", value).unwrap_or_default(),
                "schema" => {
                    for (label, form) in self.table("labels.schema", value) {
                        let Some(word) = self.string(&format!("labels.schema.{}", label.get_ref()), form) else {
                            continue;
                        };
                        match LabelType::of(&word) {
                            Some(kind) => drop(options.label_schema.insert(label.get_ref().to_string(), kind)),
                            None => self.fail(form.span(), no_label_type(&word)),
                        }
                    }
                }
                _ => self.unknown(key, "labels", &["strict", "schema"]),
            }
        }
    }

    /// A list of ids or patterns, each remembered with its line.
    fn ids(&mut self, key: &str, value: &Value<'_>) -> Option<Vec<String>> {
        let strings = self.strings(key, value)?;
        for (word, span) in &strings {
            self.mention(word, span.clone());
        }
        Some(strings.into_iter().map(|(word, _)| word).collect())
    }

    fn strings(&mut self, key: &str, value: &Value<'_>) -> Option<Vec<(String, Range<usize>)>> {
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(key, "a list of strings", value);
            return None;
        };
        Some(array.iter().filter_map(|item| Some((self.string(key, item)?, item.span()))).collect())
    }

    fn parsed<T: FromStr<Err: Display>>(&mut self, key: &str, value: &Value<'_>) -> Option<T> {
        let word = self.string(key, value)?;
        word.parse().map_err(|error| self.fail(value.span(), format!("`{key}`: {error}"))).ok()
    }

    fn string(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong_type(key, "a string", value);
        }
        text
    }

    fn bool(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_type(key, "true or false", value);
        }
        flag
    }

    fn number(&mut self, key: &str, value: &Value<'_>) -> Option<u64> {
        let number =
            value.get_ref().as_integer().and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            self.wrong_type(key, "a number", value);
        }
        number
    }

    fn table<'v, 't>(&mut self, key: &str, value: &'v Value<'t>) -> Vec<(&'v Key<'t>, &'v Value<'t>)> {
        if let Some(table) = value.get_ref().as_table() {
            return in_order(table);
        }
        self.wrong_type(key, "a table", value);
        Vec::new()
    }

    fn mention(&mut self, word: &str, span: Range<usize>) {
        self.mentions.push((word.to_owned(), self.lines.line(span.start as u32)));
    }

    fn unknown(&mut self, key: &Key<'_>, table: &str, known: &[&str]) {
        let full = |name: &str| if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") };
        let name = key.get_ref();
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!(", did you mean `{}`?", full(near)),
            None => format!("; there are {}", known.join(", ")),
        };
        self.fail(key.span(), format!("unknown key `{}`{hint}", full(name)));
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, value: &Value<'_>) {
        self.fail(value.span(), format!("`{key}` must be {wanted}, not {}", type_name(value.get_ref())));
    }

    fn fail(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.errors.push(ConfigError { line: Some(self.lines.line(span.start as u32)), message: message.into() });
    }
}

/// The message for a word that names no form of labels.
pub(super) fn no_label_type(word: &str) -> String {
    format!("`{word}` is no form of a label: text, url, semver, hash, rfc3339, spdx or email")
}

/// The entries as they stand in the file: the parser sorts them by key.
fn in_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<(&'v Key<'t>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Writes a `plimsoll.toml`.
pub(super) fn write(config: &Config) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: String| {
        let _ = writeln!(text, "{key} = {value}");
    };
    if let Some(preset) = config.preset {
        line("preset", quoted(preset.name()));
    }
    for (key, ids) in [
        ("select", &config.select),
        ("extend-select", &config.extend_select),
        ("ignore", &config.ignore),
        ("exclude", &config.exclude),
    ] {
        if let Some(ids) = ids {
            line(key, list(ids));
        }
    }
    if let Some(level) = config.fail_level {
        line("fail-level", quoted(&level.to_string()));
    }
    let mut table = |name: &str, entries: Vec<(String, String)>| {
        if !entries.is_empty() {
            let _ = writeln!(text, "\n[{name}]");
            for (key, value) in entries {
                let _ = writeln!(text, "{key} = {value}");
            }
        }
    };
    table("severity", config.severity.iter().map(|(id, level)| (quoted(id), quoted(level.name()))).collect());
    table("lint", config.no_shell.then(|| ("no-shell".to_owned(), "true".to_owned())).into_iter().collect());
    let options = &config.options;
    let trusted = (!options.trusted_registries.is_empty()).then(|| list(&options.trusted_registries));
    table("registries", trusted.map(|names| ("trusted".to_owned(), names)).into_iter().collect());
    table("labels", options.strict_labels.then(|| ("strict".to_owned(), "true".to_owned())).into_iter().collect());
    let waste = options.max_image_waste;
    table("image", waste.map(|waste| ("max-waste".to_owned(), waste.to_string())).into_iter().collect());
    let users = (!config.host.trusted_users.is_empty()).then(|| ("trusted-users", list(&config.host.trusted_users)));
    let ports = &config.host.published_ports;
    let ports = (!ports.is_empty()).then(|| ("published-ports", format!("{ports:?}")));
    table("host", users.into_iter().chain(ports).map(|(key, value)| (key.to_owned(), value)).collect());
    let schema = options.label_schema.iter();
    table("labels.schema", schema.map(|(label, form)| (quoted(label), quoted(label_type_name(*form)))).collect());
    let per_file = config.per_file_ignores.iter();
    table("per-file-ignores", per_file.map(|(glob, ids)| (quoted(glob), list(ids))).collect());
    text
}

fn label_type_name(form: LabelType) -> &'static str {
    match form {
        LabelType::Text => "text",
        LabelType::Url => "url",
        LabelType::Semver => "semver",
        LabelType::Hash => "hash",
        LabelType::Rfc3339 => "rfc3339",
        LabelType::Spdx => "spdx",
        LabelType::Email => "email",
    }
}

fn list(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", "))
}

/// A basic string of TOML.
fn quoted(word: &str) -> String {
    let mut text = String::from('"');
    for c in word.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(text, "\\u{:04X}", c as u32);
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_reported_with_its_line() {
        let text = "presets = \"all\"\nselect = \"DL3008\"\nfail-level = \"loud\"\n\n[severity]\nDL3008 = \"fatal\"\n\n[labels]\nstrict = 1\nscheme = {}\n\n[labels.schema]\nmaintainer = \"e-mail\"\n\n[lint]\nxyzzy = 1\n";
        let (_, errors) = read(text);
        let shown: Vec<String> = errors.iter().map(|error| format!("{:?} {}", error.line, error.message)).collect();
        assert_eq!(
            shown,
            [
                "Some(1) unknown key `presets`, did you mean `preset`?",
                "Some(2) `select` must be a list of strings, not a string",
                "Some(3) `fail-level`: `loud` is no fail level: error, warning, info, style or never",
                "Some(6) `severity.DL3008`: `fatal` is no severity: error, warning, info or style",
                "Some(9) `labels.strict` must be true or false, not a number",
                "Some(10) unknown key `labels.scheme`, did you mean `labels.schema`?",
                "Some(13) `e-mail` is no form of a label: text, url, semver, hash, rfc3339, spdx or email",
                "Some(16) unknown key `lint.xyzzy`; there are no-shell",
            ]
        );
    }

    #[test]
    fn broken_syntax_keeps_what_can_be_read() {
        let (config, errors) = read("preset = \"all\"\nignore = [\"DL3008\"\n\nfail-level = \"error\"\n");
        assert_eq!(config.preset.map(plimsoll_engine::Preset::name), Some("all"));
        assert!(errors.iter().all(|error| error.line.is_some()) && !errors.is_empty(), "{errors:?}");
    }

    #[test]
    fn a_broken_line_is_reported_once() {
        for text in ["preset = \"all\"\n[\n", "x\n", "= 1\n", "select = [\"a\" \"b\"]\n", "[lint\nno-shell = true\n"] {
            let (_, errors) = read(text);
            let lines: Vec<_> = errors.iter().map(|error| error.line).collect();
            assert!(lines.len() == 1 || lines.windows(2).all(|pair| pair[0] != pair[1]), "{text:?}: {errors:?}");
        }
    }

    #[test]
    fn entries_keep_the_order_of_the_file_and_ids_their_lines() {
        let (config, errors) = read(
            "[severity]\n\"SC*\" = \"info\"\nDL3008 = \"error\"\n[per-file-ignores]\n\"z/**\" = [\"a\"]\n\"b\" = [\"c\"]\n",
        );
        assert_eq!(errors, []);
        assert_eq!(config.severity.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["SC*", "DL3008"]);
        assert_eq!(config.per_file_ignores.iter().map(|(glob, _)| glob.as_str()).collect::<Vec<_>>(), ["z/**", "b"]);
        assert_eq!((config.line_of("DL3008"), config.line_of("c"), config.line_of("other")), (Some(3), Some(6), None));
    }

    #[test]
    fn what_is_written_reads_back() {
        let text = "preset = \"hadolint\"\nselect = [\"a\"]\nignore = [\"DL3008\", \"q\\\"\\\\\\u0007\"]\nexclude = [\"x/\"]\nfail-level = \"never\"\n[severity]\n\"DL*\" = \"style\"\n[lint]\nno-shell = true\n[registries]\ntrusted = [\"docker.io\"]\n[labels]\nstrict = true\n[labels.schema]\n\"org.label\" = \"url\"\n[per-file-ignores]\n\"a b\" = [\"DL3000\"]\n";
        let (config, errors) = read(text);
        assert_eq!(errors, []);
        let (again, errors) = read(&write(&config));
        assert_eq!(errors, []);
        assert_eq!(Config { mentions: Vec::new(), ..again }, Config { mentions: Vec::new(), ..config });
    }
}
