use crate::json::Tool;
use crate::places::{Places, Region};
use crate::rules;
use crate::sanitize::{self, printable};
use plimsoll_engine::{
    Confidence, Edit, FileReport, Finding, Fix, InputError, InputKind, Report, RuleMeta, Severity, Suppressed,
    SuppressedBy,
};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;

/// Writes a report as SARIF 2.1.0, one run. `rules` are the active ones, whether they found something or not.
///
/// What an input says stands in messages as plain text: nothing in it becomes a link, and what it hides is shown.
pub fn sarif(report: &Report, rules: &[&'static RuleMeta], out: &mut dyn io::Write) -> io::Result<()> {
    let index = RuleIndex(rules.iter().enumerate().map(|(index, rule)| (rule.id, (index, *rule))).collect());
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: SarifTool {
                driver: Driver { tool: Tool::THIS, rules: rules.iter().map(|rule| Descriptor::new(rule)).collect() },
            },
            invocations: [Invocation {
                execution_successful: report.errors.is_empty(),
                tool_execution_notifications: report.errors.iter().map(Notification::new).collect(),
            }],
            original_uri_base_ids: BaseIds {
                root: Root { description: Message::new("the folder that the paths start from") },
            },
            column_kind: "unicodeCodePoints",
            results: Results { report, index },
        }],
    };
    sanitize::write_json(&log, out)?;
    out.write_all(b"\n")
}

/// Where each rule stands in the log.
struct RuleIndex(BTreeMap<&'static str, (usize, &'static RuleMeta)>);

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: SarifTool,
    invocations: [Invocation; 1],
    original_uri_base_ids: BaseIds,
    column_kind: &'static str,
    results: Results<'a>,
}

#[derive(Serialize)]
struct SarifTool {
    driver: Driver,
}

#[derive(Serialize)]
struct Driver {
    #[serde(flatten)]
    tool: Tool,
    rules: Vec<Descriptor>,
}

/// A rule.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Help,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

/// `precision` and `tags` are what GitHub shows and filters by.
#[derive(Serialize)]
struct RuleProperties {
    aliases: &'static [&'static str],
    category: &'static str,
    precision: &'static str,
    tags: [&'static str; 1],
}

impl Descriptor {
    fn new(rule: &'static RuleMeta) -> Self {
        let markdown = rules::markdown(rule);
        Self {
            id: rule.id,
            short_description: Message { text: rule.summary() },
            full_description: Message {
                text: ["What it does", "Why is this bad?"].map(|heading| rule.section(heading)).join(" "),
            },
            help: Help { text: markdown.clone(), markdown },
            default_configuration: Configuration { level: level(rule.severity) },
            properties: RuleProperties {
                aliases: rule.aliases,
                category: rule.category.name(),
                precision: match rule.confidence {
                    Confidence::High => "high",
                    Confidence::Medium => "medium",
                    Confidence::Low => "low",
                },
                tags: [rule.category.name()],
            },
        }
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Style => "note",
    }
}

/// Plain text. SARIF takes `[text](target)` for a link in it, unless the brackets are escaped.
#[derive(Serialize)]
struct Message {
    text: String,
}

impl Message {
    fn new(text: &str) -> Self {
        let text = printable(text);
        let text = if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text };
        Self { text }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

/// Something that could not be read.
#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

impl Notification {
    fn new(error: &InputError) -> Self {
        let region = error.line.map(|line| SarifRegion { start_column: error.column, ..SarifRegion::line(line) });
        let place = PhysicalLocation { artifact_location: ArtifactLocation::new(&error.path), region };
        let location = Location { id: None, place, message: None };
        let locations = if error.path.is_empty() { Vec::new() } else { vec![location] };
        Self { level: "error", message: Message::new(&error.message), locations }
    }
}

#[derive(Serialize)]
struct BaseIds {
    #[serde(rename = "%SRCROOT%")]
    root: Root,
}

#[derive(Serialize)]
struct Root {
    description: Message,
}

/// Findings, and after them what was suppressed.
struct Results<'a> {
    report: &'a Report,
    index: RuleIndex,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.report.files.iter().flat_map(|file| {
            let mut context = Context::new(file, &self.index);
            let mut silent = Context::new(file, &self.index);
            let findings = file.findings.iter().map(move |finding| context.finding(finding));
            findings.chain(file.suppressed.iter().map(move |suppressed| silent.suppressed(suppressed)))
        }))
    }
}

/// What the results of one file are made from.
struct Context<'a> {
    artifact: ArtifactLocation,
    /// Only texts have places in them. For images and hosts the first line stands for the whole, because services that
    /// show logs take no result without a line.
    is_text: bool,
    index: &'a RuleIndex,
    findings: Places<'a>,
    related: Places<'a>,
    edits: Places<'a>,
}

impl<'a> Context<'a> {
    fn new(file: &'a FileReport, index: &'a RuleIndex) -> Self {
        let [findings, related, edits] = [(); 3].map(|()| Places::new(file));
        let is_text = file.kind == InputKind::Text;
        Self { artifact: ArtifactLocation::new(&file.path), is_text, index, findings, related, edits }
    }

    fn finding(&mut self, finding: &'a Finding) -> SarifResult<'a> {
        let related = finding.related.iter().zip(1..).map(|(related, id)| Location {
            id: Some(id),
            place: PhysicalLocation::new(&self.artifact, self.related.region(related.span)),
            message: Some(Message::new(&related.message)),
        });
        let related = related.collect();
        SarifResult {
            rule_id: finding.rule.id,
            rule_index: self.index.0.get(finding.rule.id).map(|(index, _)| *index),
            level: level(finding.severity),
            message: Message::new(&match &finding.image {
                Some(place) => format!("{}, {}", finding.message, place.words()),
                None => finding.message.clone(),
            }),
            locations: [self.location(finding.span)],
            related_locations: related,
            fixes: finding.fixes.iter().map(|fix| self.fix(fix)).collect(),
            partial_fingerprints: (!finding.fingerprint.is_empty())
                .then_some(Fingerprints { v1: &finding.fingerprint }),
            suppressions: Vec::new(),
            properties: Some(ResultProperties {
                aliases: finding.alias_names().collect(),
                severity: finding.severity.name(),
                confidence: finding.confidence.name(),
            }),
        }
    }

    fn suppressed(&mut self, suppressed: &'a Suppressed) -> SarifResult<'a> {
        let rule = self.index.0.get(suppressed.rule);
        SarifResult {
            rule_id: suppressed.rule,
            rule_index: rule.map(|(index, _)| *index),
            level: rule.map_or("warning", |(_, meta)| level(meta.severity)),
            message: Message { text: rule.map_or_else(|| suppressed.rule.to_owned(), |(_, meta)| meta.summary()) },
            locations: [self.location(suppressed.span)],
            related_locations: Vec::new(),
            fixes: Vec::new(),
            partial_fingerprints: None,
            suppressions: vec![Suppression {
                kind: match suppressed.by {
                    SuppressedBy::Comment => "inSource",
                    SuppressedBy::Config => "external",
                },
                justification: suppressed.reason.as_deref().map(printable),
                properties: suppressed.expires.as_deref().map(|expires| Expiry { expires }),
            }],
            properties: None,
        }
    }

    fn location(&mut self, span: plimsoll_base::Span) -> Location {
        let region = if self.is_text { self.findings.region(span).into() } else { SarifRegion::line(1) };
        let place = PhysicalLocation { artifact_location: self.artifact.clone(), region: Some(region) };
        Location { id: None, place, message: None }
    }

    fn fix(&mut self, fix: &'a Fix) -> SarifFix<'a> {
        let replacement = |edit: &'a Edit| Replacement {
            deleted_region: self.edits.region(edit.span).into(),
            inserted_content: (!edit.text.is_empty()).then_some(Content { text: &edit.text }),
        };
        let replacements = fix.edits.iter().map(replacement).collect();
        SarifFix {
            description: Message::new(&fix.title),
            artifact_changes: [ArtifactChange { artifact_location: self.artifact.clone(), replacements }],
            properties: FixProperties { safety: fix.safety.name() },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partial_fingerprints: Option<Fingerprints<'a>>,
    /// Always there: where one result of a run has it, all must have it.
    suppressions: Vec<Suppression<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<ResultProperties>,
}

#[derive(Serialize)]
struct Fingerprints<'a> {
    #[serde(rename = "plimsoll/v1")]
    v1: &'a str,
}

#[derive(Serialize)]
struct ResultProperties {
    aliases: Vec<&'static str>,
    severity: &'static str,
    confidence: &'static str,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Expiry<'a>>,
}

#[derive(Serialize)]
struct Expiry<'a> {
    expires: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u32>,
    #[serde(rename = "physicalLocation")]
    place: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<SarifRegion>,
}

impl PhysicalLocation {
    fn new(artifact: &ArtifactLocation, region: Region) -> Self {
        Self { artifact_location: artifact.clone(), region: Some(region.into()) }
    }
}

/// The end column is exclusive. Of what has no text only the line is known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRegion {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

impl SarifRegion {
    fn line(start_line: u32) -> Self {
        Self { start_line, start_column: None, end_line: None, end_column: None }
    }
}

impl From<Region> for SarifRegion {
    fn from(Region { start, end }: Region) -> Self {
        Self {
            start_line: start.line,
            start_column: Some(start.column),
            end_line: Some(end.line),
            end_column: Some(end.column),
        }
    }
}

#[derive(Serialize, Clone)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

impl ArtifactLocation {
    /// A relative path stays relative, to the folder that paths start from; an absolute one is a `file:` URI.
    fn new(path: &str) -> Self {
        let has_drive = path.get(1..3) == Some(":/");
        let (prefix, uri_base_id) = match path {
            _ if has_drive => ("file:///", None),
            _ if path.starts_with('/') => ("file://", None),
            _ => ("", Some("%SRCROOT%")),
        };
        let mut uri = String::with_capacity(prefix.len() + path.len());
        uri.push_str(prefix);
        for (at, byte) in path.bytes().enumerate() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
                b':' if has_drive && at == 1 => uri.push(':'),
                _ => {
                    // Writing to a string cannot fail.
                    let _ = write!(uri, "%{byte:02X}");
                }
            }
        }
        Self { uri, uri_base_id }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'a> {
    description: Message,
    artifact_changes: [ArtifactChange<'a>; 1],
    properties: FixProperties,
}

#[derive(Serialize)]
struct FixProperties {
    safety: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: SarifRegion,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Content<'a>>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}
