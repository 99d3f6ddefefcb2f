use std::fmt;
use std::str::FromStr;

/// How much a finding matters, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Broken, or a hole: the build fails, a secret is public.
    Error,
    /// Likely wrong, or risky.
    Warning,
    /// Worth knowing.
    Info,
    /// A matter of taste or convention.
    Style,
}

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Style];

    /// The word that stands in reports and configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Style => "style",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.name() == word)
            .ok_or_else(|| format!("`{word}` is no severity: error, warning, info or style"))
    }
}

/// How sure a rule is that a finding is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Follows from the text.
    High,
    /// Follows from what is usual.
    Medium,
    /// A hint.
    Low,
}

impl Confidence {
    /// The word that stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// From which severity on findings make the exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailLevel {
    /// Findings of this severity or worse fail.
    From(Severity),
    /// Findings never fail.
    Never,
}

impl FailLevel {
    /// Whether a finding of that severity fails.
    pub fn fails(self, severity: Severity) -> bool {
        matches!(self, Self::From(level) if severity <= level)
    }
}

impl fmt::Display for FailLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::From(level) => level.name(),
            Self::Never => "never",
        })
    }
}

impl Default for FailLevel {
    fn default() -> Self {
        Self::From(Severity::Warning)
    }
}

impl FromStr for FailLevel {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        if word == "never" {
            return Ok(Self::Never);
        }
        word.parse()
            .map(Self::From)
            .map_err(|_| format!("`{word}` is no fail level: error, warning, info, style or never"))
    }
}
