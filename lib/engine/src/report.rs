use crate::{Answer, Check, FailLevel, Finding, ImageSummary, Severity};
use plimsoll_base::{LineIndex, Span};

/// What one run found, ready for any report format: secrets are masked, findings are sorted.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The inputs, sorted by path.
    pub files: Vec<FileReport>,
    /// The host that was audited, where one was.
    pub host: Option<HostSummary>,
    /// The answers of a host audit, by target and rule.
    pub checks: Vec<Check>,
    /// The images that were scanned, by path, name and platform.
    pub images: Vec<ImageSummary>,
    /// Inputs, configuration or arguments that could not be read, sorted by path.
    pub errors: Vec<InputError>,
}

impl Report {
    /// Whether any finding is at or above the level.
    pub fn fails(&self, level: FailLevel) -> bool {
        self.findings().any(|(_, finding)| level.fails(finding.severity))
    }

    /// Every finding with its file.
    pub fn findings(&self) -> impl Iterator<Item = (&FileReport, &Finding)> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |finding| (file, finding)))
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|(_, finding)| finding.severity == severity).count()
    }

    /// What to do about the finding of a host audit; empty for others.
    pub fn remediation(&self, file: &FileReport, finding: &Finding) -> &str {
        // Checks are sorted by target and rule. Several answers of one rule differ in their aliases.
        let key = (file.path.as_str(), finding.rule.id);
        let first = self.checks.partition_point(|check| (check.target.as_str(), check.rule.id) < key);
        let mine = self.checks[first..].iter().take_while(|check| (check.target.as_str(), check.rule.id) == key);
        let mut same = mine.filter(|check| check.evidence == finding.message && check.aliases == finding.aliases);
        same.next().map_or("", |check| check.remediation.as_str())
    }

    /// How many checks have an answer.
    pub fn answered(&self, answer: Answer) -> usize {
        self.checks.iter().filter(|check| check.answer == answer).count()
    }

    /// How many findings were suppressed.
    pub fn suppressed(&self) -> usize {
        self.files.iter().map(|file| file.suppressed.len()).sum()
    }
}

/// Which host was audited, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostSummary {
    /// An id that stays, and tells nothing else; empty where the host has none.
    pub id: String,
    /// When its facts were read, RFC 3339 in UTC.
    pub time: String,
    /// What it calls itself, as the engine tells it.
    pub name: Option<String>,
    /// The engine's address.
    pub engine: Option<String>,
    /// The engine's version.
    pub version: Option<String>,
    /// How many containers were read.
    pub containers: Option<usize>,
    /// How many images were read.
    pub images: Option<usize>,
}

/// One input and what was found in it.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// The path as reports show it: no leading `./`, `/` between parts, what is not UTF-8 percent-encoded.
    pub path: String,
    /// What it is: only texts have lines and columns.
    pub kind: InputKind,
    /// The text with secrets masked; offsets are those of the text itself. Empty where the input is no text.
    pub source: String,
    /// Where its lines start.
    pub lines: LineIndex,
    /// What was found, sorted by place, then rule, then message.
    pub findings: Vec<Finding>,
    /// What was found and silenced.
    pub suppressed: Vec<Suppressed>,
}

/// What an input is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum InputKind {
    /// A text; spans of findings are places in it.
    #[default]
    Text,
    /// An image or an archive of images; findings have an [`ImagePlace`](crate::ImagePlace) and empty spans.
    Image,
    /// A target of a host audit, such as `container:web`; findings have empty spans.
    Target,
}

/// A finding that something silenced.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// The finding's rule id.
    pub rule: &'static str,
    /// Where the finding stands.
    pub span: Span,
    /// What silenced it.
    pub by: SuppressedBy,
    /// The reason that was given.
    pub reason: Option<String>,
    /// The day, `YYYY-MM-DD`, from which on it is no longer silenced.
    pub expires: Option<String>,
}

/// What silenced a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressedBy {
    /// A comment in the input.
    Comment,
    /// A configuration or ignore file.
    Config,
}

impl SuppressedBy {
    /// The word that stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Config => "config",
        }
    }
}

/// An input that could not be read, or a configuration or argument that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputError {
    /// The path as reports show it; empty where it is about none.
    pub path: String,
    /// The line, from 1, where there is one.
    pub line: Option<u32>,
    /// The column, from 1 in characters, where there is one.
    pub column: Option<u32>,
    /// One line for a person.
    pub message: String,
}
