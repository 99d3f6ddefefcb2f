use crate::flags::{self, Kind};
use crate::{Fact, Unknown};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The daemon's settings: its command line and its configuration file together, as dockerd reads them.
#[derive(Debug, Clone, Default)]
pub struct Daemon {
    settings: BTreeMap<String, Setting>,
    /// Why the command line is not known.
    args: Option<Unknown>,
    /// Why the file is not known.
    file: Option<Unknown>,
    conflicts: Vec<String>,
    unread: Vec<String>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// What it says, as in the configuration file. Options of the command line that may be repeated are lists.
    pub value: Value,
    /// Where it stands.
    pub origin: Origin,
}

/// Where a setting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    CommandLine,
    /// In the configuration file.
    File,
}

impl Setting {
    /// The setting as evidence: where it stands and what it says.
    pub fn evidence(&self, name: &str) -> String {
        match self.origin {
            Origin::CommandLine => format!("the command line says {}", self.option(name)),
            Origin::File => format!("daemon.json says \"{name}\": {}", self.value),
        }
    }

    /// The setting as options of the command line.
    pub(crate) fn option(&self, name: &str) -> String {
        let flag = flag_name(name);
        let one = |value: &Value| match value {
            Value::String(text) => format!("--{flag}={text}"),
            value => format!("--{flag}={value}"),
        };
        match &self.value {
            Value::Array(values) => values.iter().map(one).collect::<Vec<_>>().join(" "),
            value => one(value),
        }
    }

    /// A switch: `true`, `false`, or as the command line has it.
    pub fn bool(&self, name: &str) -> Result<bool, Unknown> {
        match &self.value {
            Value::Bool(value) => Ok(*value),
            Value::String(word) => parse_bool(word).ok_or_else(|| wrong_type(name)),
            _ => Err(wrong_type(name)),
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<&str, Unknown> {
        self.value.as_str().ok_or_else(|| wrong_type(name))
    }

    /// A list of texts; one text is a list of one, nothing is an empty one.
    pub fn list(&self, name: &str) -> Result<Vec<&str>, Unknown> {
        match &self.value {
            Value::Null => Ok(Vec::new()),
            Value::String(word) => Ok(vec![word]),
            Value::Array(values) => values.iter().map(|value| value.as_str().ok_or_else(|| wrong_type(name))).collect(),
            _ => Err(wrong_type(name)),
        }
    }

    /// Named values: an object, or a list of `NAME=value`.
    pub fn map(&self, name: &str) -> Result<BTreeMap<String, String>, Unknown> {
        if let Value::Object(map) = &self.value {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            return Ok(map.iter().map(|(key, value)| (key.clone(), text(value))).collect());
        }
        let pair = |word: &str| {
            word.split_once('=')
                .map_or((word.to_owned(), String::new()), |(key, value)| (key.to_owned(), value.to_owned()))
        };
        Ok(self.list(name)?.into_iter().map(pair).collect())
    }

    /// Whether it sets nothing: null, an empty text, list or object.
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(values) => values.is_empty(),
            Value::Object(map) => map.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        }
    }
}

impl Daemon {
    /// Merges an argument vector, its program's name first, and a configuration file.
    ///
    /// ```
    /// use plimsoll_host::{Daemon, Fact};
    /// let args = ["dockerd", "--icc=false", "-H", "unix:///run/docker.sock"].map(str::to_owned).to_vec();
    /// let daemon = Daemon::new(&Fact::Known(args), &Fact::Absent);
    /// assert_eq!(daemon.switch("icc", true).unwrap(), false);
    /// assert_eq!(daemon.switch("userland-proxy", true).unwrap(), true);
    /// ```
    pub fn new(args: &Fact<Vec<String>>, file: &Fact<serde_json::Map<String, Value>>) -> Self {
        let mut daemon = Self::default();
        match args {
            Fact::Known(args) => daemon.read_args(args.get(1..).unwrap_or_default()),
            Fact::Absent => daemon.args = Some(Unknown::new("no dockerd is seen to run")),
            Fact::Denied(why) => daemon.args = Some(why.clone()),
        }
        match file {
            Fact::Known(file) => daemon.read_file(file),
            Fact::Absent => {}
            Fact::Denied(why) => daemon.file = Some(why.clone()),
        }
        daemon
    }

    /// The setting of that name in the configuration file's spelling; `None` where nobody set it.
    pub fn get(&self, name: &str) -> Result<Option<&Setting>, Unknown> {
        if let Some(setting) = self.settings.get(name) {
            return Ok(Some(setting));
        }
        // What one source does not set the other one may.
        match self.args.as_ref().or(self.file.as_ref()) {
            Some(why) => Err(why.clone()),
            None => Ok(None),
        }
    }

    /// A switch, or what it is where nobody set it.
    pub fn switch(&self, name: &str, default: bool) -> Result<bool, Unknown> {
        self.get(name)?.map_or(Ok(default), |setting| setting.bool(name))
    }

    /// Options that stand both on the command line and in the file, with which dockerd does not start.
    pub fn conflicts(&self) -> &[String] {
        &self.conflicts
    }

    /// An argument vector, its program's name first, with other values for some keys of the configuration file; `null`
    /// takes an option out.
    ///
    /// ```
    /// use plimsoll_host::Daemon;
    /// let args = ["dockerd", "-H", "fd://", "--icc", "-D"].map(str::to_owned);
    /// let changed = Daemon::with_settings(&args, &[("icc", false.into()), ("debug", ().into())]);
    /// assert_eq!(changed, ["dockerd", "--host=fd://", "--icc=false"]);
    /// ```
    pub fn with_settings(args: &[String], changes: &[(&str, Value)]) -> Vec<String> {
        let (program, options) = args.split_at(args.len().min(1));
        program.iter().cloned().chain(flags::rewrite(options, changes)).collect()
    }

    /// Words of the command line that are no known option.
    pub fn unknown_arguments(&self) -> &[String] {
        &self.unread
    }

    /// The settings by name.
    pub fn settings(&self) -> impl Iterator<Item = (&str, &Setting)> {
        self.settings.iter().map(|(name, setting)| (name.as_str(), setting))
    }

    fn read_args(&mut self, args: &[String]) {
        let mut seen = BTreeSet::new();
        for argument in flags::parse(args) {
            let Some(flag) = argument.flag else {
                self.unread.push(argument.text);
                continue;
            };
            let name = flag.key.to_owned();
            let value = match flag.kind {
                // dockerd does not start with another word: what it runs with is then not known.
                Kind::Switch => parse_bool(&argument.text).map_or(Value::String(argument.text), Value::Bool),
                Kind::Text => Value::String(argument.text),
                Kind::List => {
                    let mut list = match self.settings.remove(&name) {
                        Some(Setting { value: Value::Array(list), .. }) if seen.contains(&name) => list,
                        _ => Vec::new(),
                    };
                    list.push(Value::String(argument.text));
                    Value::Array(list)
                }
            };
            seen.insert(name.clone());
            self.settings.insert(name, Setting { value, origin: Origin::CommandLine });
        }
    }

    fn read_file(&mut self, file: &serde_json::Map<String, Value>) {
        for (name, value) in file {
            // dockerd joins what both sources say of these.
            let joined = matches!(name.as_str(), "runtimes" | "default-network-opts" | "features");
            if self.settings.contains_key(name) {
                if !joined {
                    self.conflicts.push(name.clone());
                }
                continue;
            }
            self.settings.insert(name.clone(), Setting { value: value.clone(), origin: Origin::File });
        }
    }
}

fn flag_name(key: &str) -> &str {
    flags::FLAGS.iter().find(|flag| flag.key == key).map_or(key, |flag| flag.name)
}

fn wrong_type(name: &str) -> Unknown {
    Unknown::malformed(format!("the daemon's setting {name} is of a type that it should not have"))
}

/// The words that the daemon's flag parser takes for a switch.
fn parse_bool(word: &str) -> Option<bool> {
    match word {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
