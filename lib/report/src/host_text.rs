//! The part of the report for people that tells of hosts: a check once, with all that it was asked of, the gravest
//! first. A host with fifty containers that lack the same thing needs one paragraph, and not fifty.

use crate::palette::Palette;
use crate::sanitize::{inline, line_start, to_string};
use plimsoll_engine::{Answer, Check, HostSummary, Report, Severity};
use std::collections::BTreeMap;
use std::io;

/// Writes what failed, what a person has to decide, and what could not be read.
pub(crate) fn checks(report: &Report, palette: Palette, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some(host) = &report.host {
        overview(host, palette, out)?;
    }
    let mut writer = Writer { palette, out };
    let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
    for check in &report.checks {
        *asked.entry(check.rule.id).or_default() += 1;
    }
    for group in groups(report, Answer::Fail) {
        let asked = asked.get(group.first().rule.id).copied().unwrap_or_default();
        writer.failed(&group, asked)?;
    }
    let manual = groups(report, Answer::Manual);
    for group in &manual {
        writer.manual(group)?;
    }
    if !manual.is_empty() {
        writer.out.write_all(b"\n")?;
    }
    writer.unknown(report)
}

/// Which host and engine were asked, and when: nobody is to take one host's answers for another's.
fn overview(host: &HostSummary, palette: Palette, out: &mut dyn io::Write) -> io::Result<()> {
    let Palette { strong, .. } = palette;
    let mut parts = Vec::new();
    match (&host.engine, &host.version) {
        (Some(engine), Some(version)) => parts.push(format!("engine {version} at {engine}")),
        (Some(engine), None) => parts.push(format!("engine at {engine}")),
        (None, Some(version)) => parts.push(format!("engine {version}")),
        (None, None) => parts.push("no engine answered".to_owned()),
    }
    let counted = |count: Option<usize>, noun: &str| match count {
        Some(1) => Some(format!("1 {noun}")),
        Some(count) => Some(format!("{count} {noun}s")),
        None => None,
    };
    parts.extend(counted(host.containers, "container"));
    parts.extend(counted(host.images, "image"));
    if !host.time.is_empty() {
        parts.push(format!("read {}", host.time));
    }
    let names = [host.name.as_deref(), Some(host.id.as_str())];
    let names: Vec<&str> = names.into_iter().flatten().filter(|name| !name.is_empty()).collect();
    let name = if names.is_empty() { String::new() } else { format!(" {}", names.join(", ")) };
    writeln!(out, "{strong}host{}{strong:#}: {}\n", inline(&name), inline(&parts.join("; ")))
}

/// The answers of one rule and one severity.
struct Group<'r> {
    checks: Vec<&'r Check>,
}

impl Group<'_> {
    fn first(&self) -> &Check {
        self.checks[0]
    }

    /// Whether all of them stand for the same numbers.
    fn has_one_set_of_aliases(&self) -> bool {
        self.checks.iter().all(|check| check.aliases == self.first().aliases)
    }

    fn has_one_remediation(&self) -> bool {
        self.checks.iter().all(|check| check.remediation == self.first().remediation)
    }

    /// The targets by what was found, in the report's order.
    fn rows(&self) -> Vec<(&Check, Vec<&str>)> {
        let mut at: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let mut rows: Vec<(&Check, Vec<&str>)> = Vec::new();
        for check in &self.checks {
            let row = *at.entry((&check.evidence, &check.remediation)).or_insert(rows.len());
            if row == rows.len() {
                rows.push((check, Vec::new()));
            }
            rows[row].1.push(&check.target);
        }
        rows
    }
}

/// The gravest first, then those with the most targets.
fn groups(report: &Report, answer: Answer) -> Vec<Group<'_>> {
    let mut by_rule: BTreeMap<(&str, Severity), Vec<&Check>> = BTreeMap::new();
    for check in report.checks.iter().filter(|check| check.answer == answer) {
        by_rule.entry((check.rule.id, check.severity)).or_default().push(check);
    }
    let mut groups: Vec<Group<'_>> = by_rule.into_values().map(|checks| Group { checks }).collect();
    let rank = |severity| Severity::ALL.iter().position(|other| *other == severity);
    groups.sort_by_key(|group| {
        (rank(group.first().severity), std::cmp::Reverse(group.checks.len()), group.first().rule.id)
    });
    groups
}

struct Writer<'o> {
    palette: Palette,
    out: &'o mut dyn io::Write,
}

impl Writer<'_> {
    fn failed(&mut self, group: &Group<'_>, asked: usize) -> io::Result<()> {
        let first = group.first();
        let loud = self.palette.severity(first.severity);
        let rule = first.rule.id;
        write!(self.out, "{loud}{}[{rule}]{loud:#} {}", first.severity.name(), share(group, asked))?;
        if group.has_one_set_of_aliases() {
            self.aliases(first)?;
        }
        self.out.write_all(b"\n")?;
        self.rows(group)?;
        let why = first.rule.reason();
        if !why.is_empty() {
            self.note("why")?;
            writeln!(self.out, "{why}")?;
        }
        self.note("help")?;
        if group.has_one_remediation() && !first.remediation.is_empty() {
            write!(self.out, "{}; ", inline(&first.remediation))?;
        }
        writeln!(self.out, "see plimsoll explain {rule}\n")
    }

    fn manual(&mut self, group: &Group<'_>) -> io::Result<()> {
        let (first, Palette { strong, dim, .. }) = (group.first(), self.palette);
        write!(self.out, "{strong}manual{strong:#}{dim}[{}]{dim:#}", first.rule.id)?;
        if let [(check, targets)] = &group.rows()[..] {
            write!(self.out, " {}: {}", names(targets), inline(&check.evidence))?;
            self.aliases(check)?;
            self.out.write_all(b"\n")?;
        } else {
            self.aliases(first)?;
            self.out.write_all(b"\n")?;
            self.rows(group)?;
        }
        if group.has_one_remediation() && !first.remediation.is_empty() {
            self.note("help")?;
            writeln!(self.out, "{}", inline(&first.remediation))?;
        }
        Ok(())
    }

    /// One reason often stands behind many checks: an engine that does not answer, a file that was not read.
    fn unknown(&mut self, report: &Report) -> io::Result<()> {
        const MOST: usize = 12;
        let mut reasons: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
        for check in report.checks.iter().filter(|check| check.answer == Answer::Unknown) {
            reasons.entry(&check.evidence).or_default().push(check);
        }
        let any = !reasons.is_empty();
        for (reason, checks) in reasons {
            let Palette { strong, dim, .. } = self.palette;
            let mut rules: Vec<&str> = checks.iter().map(|check| check.rule.id).collect();
            rules.dedup();
            let more = rules.len().saturating_sub(MOST);
            rules.truncate(MOST);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let mut targets: Vec<&str> = checks.iter().map(|check| check.target.as_str()).collect();
            targets.dedup();
            write!(self.out, "{strong}unknown{strong:#}{dim}[{}{more}]{dim:#} ", rules.join(", "))?;
            writeln!(self.out, "{}: {}", names(&targets), inline(reason))?;
        }
        if any { self.out.write_all(b"\n") } else { Ok(()) }
    }

    fn rows(&mut self, group: &Group<'_>) -> io::Result<()> {
        const MOST: usize = 20;
        let rows = group.rows();
        let same = (group.has_one_set_of_aliases(), group.has_one_remediation());
        for (check, targets) in rows.iter().take(MOST) {
            let strong = self.palette.strong;
            write!(self.out, "   {strong}{}{strong:#}: {}", names(targets), inline(&check.evidence))?;
            if !same.0 {
                self.aliases(check)?;
            }
            self.out.write_all(b"\n")?;
            if !same.1 && !check.remediation.is_empty() {
                self.note("help")?;
                writeln!(self.out, "{}", inline(&check.remediation))?;
            }
        }
        if rows.len() > MOST {
            writeln!(self.out, "   and {} more; --quiet and --format json list all", rows.len() - MOST)?;
        }
        Ok(())
    }

    fn aliases(&mut self, check: &Check) -> io::Result<()> {
        let dim = self.palette.dim;
        let aliases: Vec<&str> = check.aliases.names(check.rule).collect();
        if aliases.is_empty() { Ok(()) } else { write!(self.out, "  {dim}{}{dim:#}", aliases.join(" ")) }
    }

    fn note(&mut self, word: &str) -> io::Result<()> {
        let Palette { dim, strong, .. } = self.palette;
        write!(self.out, "   {dim}={dim:#} {strong}{word}{strong:#}: ")
    }
}

/// How many of those that were asked fail: `3 of 50 containers`.
fn share(group: &Group<'_>, asked: usize) -> String {
    let kind = group.first().target.split_once(':').map(|(kind, _)| kind);
    match kind {
        Some(kind) => format!("{} of {asked} {kind}s", group.checks.len()),
        None if asked > 1 => format!("{} of {asked}", group.checks.len()),
        None => group.first().target.clone(),
    }
}

/// Targets in a row: the first of them, and how many more.
fn names(targets: &[&str]) -> String {
    const MOST: usize = 20;
    let kind = targets.first().and_then(|target| target.split_once(':')).map(|(kind, _)| format!("{kind}:"));
    let kind = kind.filter(|kind| targets.iter().all(|target| target.starts_with(kind.as_str()))).unwrap_or_default();
    let rest = targets.iter().take(MOST).enumerate();
    let names: Vec<String> = rest
        .map(|(at, target)| to_string(if at == 0 { line_start(target) } else { inline(&target[kind.len()..]) }))
        .collect();
    let more = targets.len().saturating_sub(MOST);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    names.join(", ") + &more
}
