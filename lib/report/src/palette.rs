use anstyle::{AnsiColor, Style};
use plimsoll_engine::Severity;

/// The styles of terminal output; without colour they write nothing.
///
/// `{style}` switches one on, `{style:#}` off.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Palette {
    error: Style,
    warning: Style,
    info: Style,
    style: Style,
    /// What is read first: paths, headings, the summary.
    pub(crate) strong: Style,
    /// What is read last: aliases, gutters.
    pub(crate) dim: Style,
    /// Code in prose.
    pub(crate) code: Style,
    /// Lines that come.
    pub(crate) added: Style,
    /// Lines that go.
    pub(crate) removed: Style,
}

impl Palette {
    pub(crate) fn new(colour: bool) -> Self {
        if !colour {
            return Self::default();
        }
        Self {
            error: AnsiColor::Red.on_default().bold(),
            warning: AnsiColor::Yellow.on_default().bold(),
            info: AnsiColor::Blue.on_default().bold(),
            style: AnsiColor::Cyan.on_default().bold(),
            strong: Style::new().bold(),
            dim: Style::new().dimmed(),
            code: AnsiColor::Cyan.on_default(),
            added: AnsiColor::Green.on_default(),
            removed: AnsiColor::Red.on_default(),
        }
    }

    pub(crate) fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
            Severity::Style => self.style,
        }
    }
}
