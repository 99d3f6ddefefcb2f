//! Many JSON reports of hosts as one: how often each check has which answer, and on which hosts it differs.

use crate::json::Tool;
use crate::palette::Palette;
use crate::sanitize::{inline, write_json};
use plimsoll_engine::{Answer, FailLevel, InputError, Severity};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

/// The reports of a fleet of hosts. Of several reports of one host the latest counts.
///
/// ```
/// use plimsoll_report::Fleet;
///
/// let mut fleet = Fleet::default();
/// let report = |host: &str, status: &str| format!(
///     r#"{{"version": 1, "host": {{"id": "{host}", "time": "2026-01-01T00:00:00Z"}}, "checks": [{{"rule":
///     "container-privileged", "aliases": ["5.5"], "severity": "error", "status": "{status}", "target": "container:web"}}]}}"#
/// );
/// fleet.add("a.json", &report("a", "pass"));
/// fleet.add("b.json", &report("b", "fail"));
/// fleet.add("c.json", "nonsense");
/// assert_eq!(fleet.errors().len(), 1);
/// let mut out = Vec::new();
/// fleet.text(false, &mut out)?;
/// assert!(String::from_utf8_lossy(&out).contains("container-privileged"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Fleet {
    hosts: BTreeMap<String, Host>,
    /// The checks, and their positions by rule and aliases.
    checks: Vec<CheckId>,
    positions: HashMap<CheckId, usize>,
    /// Reports of which a later one of the same host is there.
    superseded: BTreeSet<String>,
    errors: BTreeSet<InputError>,
}

#[derive(Debug)]
struct Host {
    path: String,
    time: String,
    /// By the position of a check: the answer that weighs most, how loud, and how many targets failed.
    answers: BTreeMap<usize, HostAnswer>,
}

#[derive(Debug, Clone, Copy)]
struct HostAnswer {
    answer: Answer,
    severity: Severity,
    failing: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct CheckId {
    rule: String,
    aliases: Vec<String>,
}

/// What is read of a report; other fields are of no interest here.
#[derive(Deserialize)]
struct ReportIn {
    version: u32,
    host: Option<HostIn>,
    checks: Vec<CheckIn>,
}

#[derive(Deserialize)]
struct HostIn {
    #[serde(default)]
    id: String,
    #[serde(default)]
    time: String,
}

#[derive(Deserialize)]
struct CheckIn {
    rule: String,
    #[serde(default)]
    aliases: Vec<String>,
    severity: String,
    status: String,
}

impl Fleet {
    /// Adds the report of a host, as JSON; `path` names it. What is no such report is an error of that one only.
    pub fn add(&mut self, path: &str, text: &str) {
        if let Err(message) = self.try_add(path, text) {
            self.fail(path, message);
        }
    }

    /// Notes that a report could not be read.
    pub fn fail(&mut self, path: &str, message: String) {
        self.errors.insert(InputError { path: path.to_owned(), line: None, column: None, message });
    }

    /// The reports that could not be used, by path.
    pub fn errors(&self) -> impl ExactSizeIterator<Item = &InputError> {
        self.errors.iter()
    }

    /// Whether some check failed on some host at or above the level.
    pub fn fails(&self, level: FailLevel) -> bool {
        let failed = |answer: &HostAnswer| answer.answer == Answer::Fail && level.fails(answer.severity);
        self.hosts.values().any(|host| host.answers.values().any(failed))
    }

    fn try_add(&mut self, path: &str, text: &str) -> Result<(), String> {
        let report: ReportIn = serde_json::from_str(text).map_err(|error| match error.classify() {
            serde_json::error::Category::Eof => format!("the report breaks off in line {}", error.line()),
            serde_json::error::Category::Syntax => format!("this is no JSON, see line {}", error.line()),
            _ => "this is no JSON report of plimsoll host".to_owned(),
        })?;
        if report.version != 1 {
            return Err(format!("the report has version {}, this program reads version 1", report.version));
        }
        let host = report.host.ok_or("this report is not of a host: make it with `plimsoll host --format json`")?;
        let mut answers: BTreeMap<usize, HostAnswer> = BTreeMap::new();
        for check in report.checks {
            let answer = Answer::ALL.into_iter().find(|answer| answer.name() == check.status);
            let severity = Severity::ALL.into_iter().find(|severity| severity.name() == check.severity);
            let (Some(answer), Some(severity)) = (answer, severity) else {
                return Err("the report has a status or severity that is none".to_owned());
            };
            let failing = usize::from(answer == Answer::Fail);
            let new = HostAnswer { answer, severity, failing };
            let position = self.position(CheckId { rule: check.rule, aliases: check.aliases });
            let told = answers.entry(position).or_insert(HostAnswer { failing: 0, ..new });
            told.failing += failing;
            // The worst severity is the least.
            if (weight(answer), Reverse(severity)) > (weight(told.answer), Reverse(told.severity)) {
                (told.answer, told.severity) = (answer, severity);
            }
        }
        // A host without an id is known by its report.
        let id = if host.id.is_empty() { path.to_owned() } else { host.id };
        let new = Host { path: path.to_owned(), time: host.time, answers };
        match self.hosts.get_mut(&id) {
            None => drop(self.hosts.insert(id, new)),
            Some(old) if (&old.time, &old.path) < (&new.time, &new.path) => {
                self.superseded.insert(std::mem::replace(old, new).path);
            }
            Some(_) => drop(self.superseded.insert(new.path)),
        }
        Ok(())
    }

    fn position(&mut self, check: CheckId) -> usize {
        if let Some(position) = self.positions.get(&check) {
            return *position;
        }
        self.checks.push(check.clone());
        self.positions.insert(check, self.checks.len() - 1);
        self.checks.len() - 1
    }

    /// Each check with its hosts, those that fail most first.
    fn rows(&self) -> Vec<Row<'_>> {
        let mut by_check: Vec<Vec<(&str, HostAnswer)>> = vec![Vec::new(); self.checks.len()];
        for (id, host) in &self.hosts {
            for (position, answer) in &host.answers {
                by_check[*position].push((id, *answer));
            }
        }
        let rows = self.checks.iter().zip(by_check).filter(|(_, hosts)| !hosts.is_empty());
        let mut rows: Vec<Row<'_>> = rows.map(|(check, hosts)| Row::new(check, &hosts)).collect();
        rows.sort_by(|a, b| (b.hosts.fail, a.severity, a.check).cmp(&(a.hosts.fail, b.severity, b.check)));
        rows
    }

    /// Writes it as JSON: one document and a line break.
    pub fn json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let rows = self.rows();
        let hosts = self.hosts.iter().map(|(id, host)| {
            let answers: Vec<Answer> = host.answers.values().map(|answer| answer.answer).collect();
            HostOut { id, time: &host.time, path: &host.path, checks: Counts::new(&answers) }
        });
        let errors = self.errors.iter().map(|error| ErrorOut { path: &error.path, message: &error.message });
        let document = Document {
            version: 1,
            tool: Tool::THIS,
            hosts: hosts.collect(),
            checks: rows.iter().map(Row::out).collect(),
            superseded: &self.superseded,
            errors: errors.collect(),
        };
        write_json(&document, out)?;
        out.write_all(b"\n")
    }

    /// Writes it for a person: each check that fails somewhere or differs, those that fail most first.
    pub fn text(&self, colour: bool, out: &mut dyn io::Write) -> io::Result<()> {
        const SHOWN: usize = 10;
        let palette = Palette::new(colour);
        let Palette { strong, dim, .. } = palette;
        for error in &self.errors {
            let style = palette.severity(Severity::Error);
            writeln!(out, "{style}error{style:#}: {}: {}", inline(&error.path), inline(&error.message))?;
        }
        let rows = self.rows();
        let told: Vec<&Row<'_>> = rows.iter().filter(|row| row.hosts.fail > 0 || !row.differ.is_empty()).collect();
        if !told.is_empty() {
            writeln!(out, "{dim}   fail    pass unknown     n/a  manual{dim:#}")?;
        }
        for row in &told {
            let Counts { fail, pass, unknown, not_applicable, manual } = row.hosts;
            let style = palette.severity(row.severity);
            let number = row.check.aliases.first().map(|number| format!(" ({number})")).unwrap_or_default();
            writeln!(
                out,
                "{fail:>7} {pass:>7} {unknown:>7} {not_applicable:>7} {manual:>7}  {style}{}{style:#} {strong}{}{}{strong:#}",
                row.severity.name(),
                inline(&row.check.rule),
                inline(&number),
            )?;
            for answer in Answer::ALL {
                let hosts: Vec<&str> =
                    row.differ.iter().filter(|(_, other)| *other == answer).map(|(host, _)| *host).collect();
                if hosts.is_empty() {
                    continue;
                }
                let shown: Vec<String> = hosts.iter().take(SHOWN).map(|host| inline(host).to_string()).collect();
                let more = hosts.len().saturating_sub(SHOWN);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                writeln!(out, "{:>41}{dim}{} on{dim:#} {}{more}", "", answer.name(), shown.join(", "))?;
            }
        }
        let failing = self.hosts.values().filter(|host| host.answers.values().any(|row| row.answer == Answer::Fail));
        let differing = rows.iter().filter(|row| !row.differ.is_empty()).count();
        write!(
            out,
            "{} {}, {} of them with failures; {} checks, {differing} of them not the same everywhere",
            self.hosts.len(),
            if self.hosts.len() == 1 { "host" } else { "hosts" },
            failing.count(),
            rows.len()
        )?;
        if !self.superseded.is_empty() {
            write!(out, "; {} older reports left out", self.superseded.len())?;
        }
        if !self.errors.is_empty() {
            write!(out, "; {} reports could not be used", self.errors.len())?;
        }
        writeln!(out)
    }
}

/// A check and what the hosts say of it.
struct Row<'f> {
    check: &'f CheckId,
    severity: Severity,
    hosts: Counts,
    failing_targets: usize,
    /// The hosts that answer otherwise than most do.
    differ: Vec<(&'f str, Answer)>,
}

impl<'f> Row<'f> {
    fn new(check: &'f CheckId, hosts: &[(&'f str, HostAnswer)]) -> Self {
        let answers: Vec<Answer> = hosts.iter().map(|(_, row)| row.answer).collect();
        let counts = Counts::new(&answers);
        // Of two that are as frequent, the one that weighs less: the others are then worth a look.
        let frequent = |answer: &Answer| (counts.of(*answer), Reverse(weight(*answer)));
        let usual = Answer::ALL.into_iter().max_by_key(frequent);
        let differ = hosts.iter().filter(|(_, row)| Some(row.answer) != usual).map(|(host, row)| (*host, row.answer));
        Self {
            check,
            severity: hosts.iter().map(|(_, row)| row.severity).min().unwrap_or(Severity::Style),
            hosts: counts,
            failing_targets: hosts.iter().map(|(_, row)| row.failing).sum(),
            differ: differ.collect(),
        }
    }

    fn out(&self) -> CheckOut<'_> {
        let differ = self.differ.iter().map(|(host, answer)| DifferOut { host, status: answer.name() });
        CheckOut {
            rule: &self.check.rule,
            aliases: &self.check.aliases,
            severity: self.severity.name(),
            hosts: self.hosts,
            failing_targets: self.failing_targets,
            differ: differ.collect(),
        }
    }
}

/// Which of several answers speaks for a host.
fn weight(answer: Answer) -> u8 {
    match answer {
        Answer::NotApplicable => 0,
        Answer::Pass => 1,
        Answer::Manual => 2,
        Answer::Unknown => 3,
        Answer::Fail => 4,
    }
}

#[derive(Debug, Clone, Copy, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Counts {
    pass: usize,
    fail: usize,
    unknown: usize,
    not_applicable: usize,
    manual: usize,
}

impl Counts {
    fn new(answers: &[Answer]) -> Self {
        let count = |wanted| answers.iter().filter(|answer| **answer == wanted).count();
        Self {
            pass: count(Answer::Pass),
            fail: count(Answer::Fail),
            unknown: count(Answer::Unknown),
            not_applicable: count(Answer::NotApplicable),
            manual: count(Answer::Manual),
        }
    }

    fn of(self, answer: Answer) -> usize {
        match answer {
            Answer::Pass => self.pass,
            Answer::Fail => self.fail,
            Answer::Unknown => self.unknown,
            Answer::NotApplicable => self.not_applicable,
            Answer::Manual => self.manual,
        }
    }
}

#[derive(Serialize)]
struct Document<'f> {
    version: u32,
    tool: Tool,
    hosts: Vec<HostOut<'f>>,
    checks: Vec<CheckOut<'f>>,
    superseded: &'f BTreeSet<String>,
    errors: Vec<ErrorOut<'f>>,
}

#[derive(Serialize)]
struct HostOut<'f> {
    id: &'f str,
    time: &'f str,
    path: &'f str,
    checks: Counts,
}

#[derive(Serialize)]
struct CheckOut<'f> {
    rule: &'f str,
    aliases: &'f [String],
    severity: &'static str,
    hosts: Counts,
    failing_targets: usize,
    differ: Vec<DifferOut<'f>>,
}

#[derive(Serialize)]
struct DifferOut<'f> {
    host: &'f str,
    status: &'static str,
}

#[derive(Serialize)]
struct ErrorOut<'f> {
    path: &'f str,
    message: &'f str,
}
