use crate::json::Tool;
use crate::sanitize;
use plimsoll_engine::{Peers, Preset, RuleMeta, Status};
use serde::Serialize;
use std::io;

/// Lists rules for a terminal: id, severity, category, whether a fix may be offered, and what it does.
pub fn rules_text(rules: &[&'static RuleMeta], out: &mut dyn io::Write) -> io::Result<()> {
    let widest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for rule in rules {
        let fix = if rule.fixable { "fix" } else { "" };
        let (severity, category, summary) = (rule.severity.name(), rule.category.name(), rule.summary());
        writeln!(out, "{:widest$}  {severity:7}  {category:15}  {fix:3}  {summary}", rule.id)?;
    }
    Ok(())
}

/// Lists rules as JSON: one compact document and a line break. `peers` are the presets of peers.
pub fn rules_json(rules: &[&'static RuleMeta], peers: Peers, out: &mut dyn io::Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document {
        version: u32,
        tool: Tool,
        rules: Vec<Row>,
    }

    #[derive(Serialize)]
    struct Row {
        id: &'static str,
        aliases: &'static [&'static str],
        summary: String,
        input: &'static str,
        category: &'static str,
        severity: &'static str,
        confidence: &'static str,
        presets: Vec<&'static str>,
        status: &'static str,
        since: &'static str,
        fixable: bool,
        documentation: String,
    }

    let rows = rules.iter().map(|rule| Row {
        id: rule.id,
        aliases: rule.aliases,
        summary: rule.summary(),
        input: rule.input.name(),
        category: rule.category.name(),
        severity: rule.severity.name(),
        confidence: rule.confidence.name(),
        presets: presets(rule, peers),
        status: status(rule),
        since: rule.since,
        fixable: rule.fixable,
        documentation: markdown(rule),
    });
    sanitize::write_json(&Document { version: 1, tool: Tool::THIS, rules: rows.collect() }, out)?;
    out.write_all(b"\n")
}

/// Lists rules as a Markdown table. `peers` are the presets of peers.
pub fn rules_md(rules: &[&'static RuleMeta], peers: Peers, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "| Rule | Severity | Category | Presets | Fix | Aliases | What it does |")?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")?;
    for rule in rules {
        let (id, severity, category) = (rule.id, rule.severity.name(), rule.category.name());
        let (fix, presets, aliases) = (if rule.fixable { "yes" } else { "" }, presets(rule, peers), rule.aliases);
        // A bar ends a cell, in code too.
        let summary = rule.summary().replace('|', "\\|");
        let (presets, aliases) = (presets.join(", "), aliases.join(", "));
        writeln!(out, "| `{id}` | {severity} | {category} | {presets} | {fix} | {aliases} | {summary} |")?;
    }
    Ok(())
}

/// The presets that hold a rule, or some of its findings.
pub(crate) fn presets(rule: &RuleMeta, peers: Peers) -> Vec<&'static str> {
    Preset::ALL.into_iter().filter(|preset| preset.holds(rule, peers)).map(Preset::name).collect()
}

/// The documentation as Markdown for others to show: the words after a fence's language are for our tests.
pub(crate) fn markdown(rule: &RuleMeta) -> String {
    let documentation = rule.documentation();
    let shown = |line: &'_ str| if line.starts_with("```") { line.find(',').unwrap_or(line.len()) } else { line.len() };
    let lines = documentation.trim().lines().map(|line| &line[..shown(line)]);
    lines.collect::<Vec<_>>().join("\n")
}

/// The word for a rule's status.
pub(crate) fn status(rule: &RuleMeta) -> &'static str {
    match rule.status {
        Status::Preview => "preview",
        Status::Stable => "stable",
    }
}
