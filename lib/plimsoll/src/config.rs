/*!
Configuration files, as text: `plimsoll.toml`, hadolint's `.hadolint.yaml`, trivy's `.trivyignore`. Where they are
found, and how the command line overrides them, is the program's business.

Reading never fails as a whole: what makes no sense is an error with its line, and the rest still holds.
*/

mod hadolint;
mod toml;
mod trivyignore;

pub use trivyignore::{Ignored, read_trivyignore, read_trivyignore_yaml};

use plimsoll_engine::{FailLevel, Preset, Severity};
use plimsoll_rules::{HostOptions, Options};

/// What one configuration file says. A key that it does not have is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The preset to start from.
    pub preset: Option<Preset>,
    /// Instead of the preset's rules.
    pub select: Option<Vec<String>>,
    /// Besides them.
    pub extend_select: Option<Vec<String>>,
    /// Removed last.
    pub ignore: Option<Vec<String>>,
    /// Severities by id, in the file's order.
    pub severity: Vec<(String, Severity)>,
    /// From which severity on findings make the exit code 1.
    pub fail_level: Option<FailLevel>,
    /// Whether findings never make the exit code 1.
    pub exit_zero: bool,
    /// Files and folders that are left out: patterns of .gitignore, relative to the configuration's folder.
    pub exclude: Option<Vec<String>>,
    /// Ids that are ignored in some files: such a pattern with its ids, in the file's order.
    pub per_file_ignores: Vec<(String, Vec<String>)>,
    /// Whether checks of shell code are left out.
    pub no_shell: bool,
    /// Whether comments in the input suppress nothing.
    pub disable_suppressions: bool,
    /// Whether reports have no colours.
    pub no_color: bool,
    /// The format of reports, in hadolint's words.
    pub format: Option<String>,
    /// What rules can be told.
    pub options: Options,
    /// What the audit of hosts can be told.
    pub host: HostOptions,
    /// The ids and patterns that the file mentions, each with its line: errors found later name the line too.
    pub mentions: Vec<(String, u32)>,
}

/// Something in a configuration file that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigError {
    /// The line, from 1, where there is one.
    pub line: Option<u32>,
    /// One line for a person.
    pub message: String,
}

impl Config {
    /// Reads a `plimsoll.toml`.
    ///
    /// ```
    /// use plimsoll::config::Config;
    /// let (config, errors) = Config::from_toml("fail-level = \"error\"\nignor = [\"DL3008\"]\n");
    /// assert_eq!(config.fail_level, Some("error".parse().unwrap()));
    /// assert_eq!(errors[0].line, Some(2));
    /// assert_eq!(errors[0].message, "unknown key `ignor`, did you mean `ignore`?");
    /// ```
    pub fn from_toml(text: &str) -> (Self, Vec<ConfigError>) {
        toml::read(text)
    }

    /// Reads a `.hadolint.yaml`: hadolint's preset, and its failure threshold (else info) as fail level.
    ///
    /// ```
    /// use plimsoll::config::Config;
    /// let (config, errors) = Config::from_hadolint("ignored: [DL3008]\nfailure-threshold: warning\n");
    /// assert_eq!(config.ignore.as_deref(), Some(&["DL3008".to_owned()][..]));
    /// assert_eq!(config.fail_level, Some("warning".parse().unwrap()));
    /// assert!(errors.is_empty());
    /// ```
    pub fn from_hadolint(text: &str) -> (Self, Vec<ConfigError>) {
        hadolint::read(text)
    }

    /// Writes the configuration as a `plimsoll.toml` that reads back as the same. What only `.hadolint.yaml` can say
    /// (`exit_zero`, `no_color`, `format`, `disable_suppressions`) is left out.
    pub fn to_toml(&self) -> String {
        toml::write(self)
    }

    /// From which severity on findings make the exit code 1, `exit_zero` taken into account.
    pub fn effective_fail_level(&self) -> Option<FailLevel> {
        if self.exit_zero { Some(FailLevel::Never) } else { self.fail_level }
    }

    /// The line that mentions an id or a pattern first.
    pub fn line_of(&self, word: &str) -> Option<u32> {
        self.mentions.iter().find(|(mentioned, _)| mentioned == word).map(|(_, line)| *line)
    }
}
