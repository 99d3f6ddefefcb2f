use crate::places::{Places, Region};
use crate::sanitize::printable;
use plimsoll_engine::{Finding, InputKind, Report, Severity};
use std::io;

/// Writes a report as workflow commands, from which GitHub makes annotations: one line for each finding and for each
/// input that could not be read.
///
/// Each line is a command of our own, and what stands in it is escaped, so an input cannot smuggle in another one.
pub fn github(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    for file in &report.files {
        let mut places = Places::new(file);
        let path = property(&file.path);
        for finding in &file.findings {
            write!(out, "::{} file={path}", command(finding.severity))?;
            if file.kind == InputKind::Text {
                let Region { start, end } = places.region(finding.span);
                write!(out, ",line={},endLine={}", start.line, end.line)?;
                // The runner refuses columns where the lines differ.
                if start.line == end.line {
                    write!(out, ",col={},endColumn={}", start.column, end.column)?;
                }
            }
            writeln!(out, ",title={}::{}", property(finding.rule.id), data(&message(finding)))?;
        }
    }
    for error in &report.errors {
        out.write_all(b"::error ")?;
        if !error.path.is_empty() {
            write!(out, "file={},", property(&error.path))?;
        }
        if let Some(line) = error.line {
            write!(out, "line={line},")?;
        }
        if let Some(column) = error.column {
            write!(out, "col={column},")?;
        }
        writeln!(out, "title=plimsoll::{}", data(&error.message))?;
    }
    Ok(())
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Style => "notice",
    }
}

fn message(finding: &Finding) -> String {
    let aliases: Vec<&str> = finding.alias_names().collect();
    let mut message = finding.message.clone();
    if !aliases.is_empty() {
        message = format!("{message} ({})", aliases.join(", "));
    }
    match &finding.image {
        Some(place) => format!("{message}, {}", place.words()),
        None => message,
    }
}

/// What stands after a command's `::`.
fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands after a property's `=`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
