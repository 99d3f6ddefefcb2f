use crate::places::{Places, Region};
use crate::sanitize;
use plimsoll_base::Position;
use plimsoll_engine::{Edit, FileReport, Finding, Fix, InputError, Report, Severity, Suppressed};
use serde::{Serialize, Serializer};
use std::io;

/// Writes a report as JSON, version 1: one compact document and a line break.
///
/// Lines and columns start at 1, columns count Unicode characters, ends are exclusive.
pub fn json(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        version: 1,
        tool: Tool::THIS,
        findings: report,
        checks: [],
        suppressed: report,
        images: [],
        errors: &report.errors,
        summary: Summary::new(report),
    };
    sanitize::write_json(&document, out)?;
    out.write_all(b"\n")
}

/// Field by field what users rely on: fields may be added, none removed or renamed.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    #[serde(serialize_with = "findings")]
    findings: &'a Report,
    /// Only host audits have checks, only image scans have images: a Dockerfile's report says that there are none.
    checks: [(); 0],
    #[serde(serialize_with = "suppressed")]
    suppressed: &'a Report,
    images: [(); 0],
    #[serde(serialize_with = "errors")]
    errors: &'a [InputError],
    summary: Summary,
}

/// The program that made the document.
#[derive(Serialize)]
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    pub(crate) const THIS: Self = Self { name: "plimsoll", version: env!("CARGO_PKG_VERSION") };
}

fn findings<S: Serializer>(report: &Report, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(report.files.iter().flat_map(|file| {
        let mut places = Lookup::new(file);
        file.findings.iter().map(move |finding| FindingRow::new(file, finding, &mut places))
    }))
}

/// Findings are sorted, other places follow an order of their own: each has its own look-up.
struct Lookup<'a> {
    findings: Places<'a>,
    related: Places<'a>,
    edits: Places<'a>,
}

impl<'a> Lookup<'a> {
    fn new(file: &'a FileReport) -> Self {
        Self { findings: Places::new(file), related: Places::new(file), edits: Places::new(file) }
    }
}

#[derive(Serialize)]
struct FindingRow<'a> {
    rule: &'static str,
    #[serde(serialize_with = "aliases")]
    aliases: &'a Finding,
    severity: &'static str,
    confidence: &'static str,
    message: &'a str,
    path: &'a str,
    start: Place,
    end: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    instruction: Option<Line>,
    related: Vec<RelatedRow<'a>>,
    fixes: Vec<FixRow<'a>>,
    fingerprint: &'a str,
}

impl<'a> FindingRow<'a> {
    fn new(file: &'a FileReport, finding: &'a Finding, places: &mut Lookup<'a>) -> Self {
        let Region { start, end } = places.findings.region(finding.span);
        let related = finding.related.iter().map(|related| {
            let Region { start, end } = places.related.region(related.span);
            RelatedRow { path: &file.path, start: Place(start), end: Place(end), message: &related.message }
        });
        Self {
            rule: finding.rule.id,
            aliases: finding,
            severity: finding.severity.name(),
            confidence: finding.confidence.name(),
            message: &finding.message,
            path: &file.path,
            start: Place(start),
            end: Place(end),
            instruction: finding.instruction.map(|span| Line { line: file.lines.line(span.start) }),
            related: related.collect(),
            fixes: finding.fixes.iter().map(|fix| FixRow::new(file, fix, &mut places.edits)).collect(),
            fingerprint: &finding.fingerprint,
        }
    }
}

fn aliases<S: Serializer>(finding: &Finding, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(finding.alias_names())
}

#[derive(Serialize)]
struct RelatedRow<'a> {
    path: &'a str,
    start: Place,
    end: Place,
    message: &'a str,
}

#[derive(Serialize)]
struct FixRow<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<EditRow<'a>>,
}

impl<'a> FixRow<'a> {
    fn new(file: &'a FileReport, fix: &'a Fix, places: &mut Places<'a>) -> Self {
        let edit = |edit: &'a Edit| {
            let Region { start, end } = places.region(edit.span);
            EditRow { path: &file.path, start: Place(start), end: Place(end), text: &edit.text }
        };
        Self { title: &fix.title, safety: fix.safety.name(), edits: fix.edits.iter().map(edit).collect() }
    }
}

#[derive(Serialize)]
struct EditRow<'a> {
    path: &'a str,
    start: Place,
    end: Place,
    text: &'a str,
}

struct Place(Position);

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut place = serializer.serialize_struct("Place", 2)?;
        place.serialize_field("line", &self.0.line)?;
        place.serialize_field("column", &self.0.column)?;
        place.end()
    }
}

/// Where the finding's instruction begins: the place that line-based tools name.
#[derive(Serialize)]
struct Line {
    line: u32,
}

fn suppressed<S: Serializer>(report: &Report, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Row<'a> {
        rule: &'static str,
        path: &'a str,
        start: Place,
        by: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        expires: Option<&'a str>,
    }

    serializer.collect_seq(report.files.iter().flat_map(|file| {
        let mut places = Places::new(file);
        file.suppressed.iter().map(move |Suppressed { rule, span, by, reason, expires }| Row {
            rule,
            path: &file.path,
            start: Place(places.region(*span).start),
            by: by.name(),
            reason: reason.as_deref(),
            expires: expires.as_deref(),
        })
    }))
}

fn errors<S: Serializer>(errors: &[InputError], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Row<'a> {
        path: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u32>,
        message: &'a str,
    }

    serializer.collect_seq(errors.iter().map(|InputError { path, line, message }| Row { path, line: *line, message }))
}

/// `inputs` counts what was checked; what could not be is counted by the rows of `errors`.
#[derive(Serialize)]
struct Summary {
    inputs: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    styles: usize,
    suppressed: usize,
    unknown: usize,
}

impl Summary {
    fn new(report: &Report) -> Self {
        Self {
            inputs: report.files.len(),
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            infos: report.count(Severity::Info),
            styles: report.count(Severity::Style),
            suppressed: report.suppressed(),
            unknown: 0,
        }
    }
}
