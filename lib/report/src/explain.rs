use crate::palette::Palette;
use crate::rules::{presets, status};
use plimsoll_engine::{Peers, RuleMeta, Tool};
use std::io;
use unicode_width::UnicodeWidthStr;

/// Writes what a rule is about, for a terminal: how loud and how sure it is, its documentation, its ids elsewhere.
/// `peers` are the presets of peers.
pub fn explain(rule: &RuleMeta, peers: Peers, colour: bool, out: &mut dyn io::Write) -> io::Result<()> {
    let palette = Palette::new(colour);
    let Palette { strong, .. } = palette;
    let loud = palette.severity(rule.severity);
    writeln!(out, "{strong}{}{strong:#}", rule.id)?;
    let facts = [
        ("category", rule.category.name()),
        ("confidence", rule.confidence.name()),
        ("presets", &presets(rule, peers).join(", ")),
        ("status", &format!("{}, since {}", status(rule), rule.since)),
        ("fix", if rule.fixable { "offered, see --fix" } else { "none" }),
    ];
    writeln!(out, "  severity    {loud}{}{loud:#}", rule.severity)?;
    facts.iter().try_for_each(|(name, value)| writeln!(out, "  {name:<10}  {value}"))?;
    out.write_all(b"\n")?;
    markdown(&rule.documentation(), palette, out)?;
    if !rule.aliases.is_empty() {
        writeln!(out, "\n{strong}Also known as{strong:#}")?;
    }
    for tool in Tool::ALL {
        let ids: Vec<&str> = rule.aliases.iter().copied().filter(|alias| Tool::of(alias) == tool).collect();
        if !ids.is_empty() {
            writeln!(out, "  {}: {}", tool.name(), ids.join(", "))?;
        }
    }
    Ok(())
}

/// The Markdown that rules are documented in, for a terminal: headings, paragraphs, lists, code in prose and fences.
fn markdown(doc: &str, palette: Palette, out: &mut dyn io::Write) -> io::Result<()> {
    let Palette { strong, dim, .. } = palette;
    let mut paragraph = String::new();
    let mut fenced = false;
    let mut lines = doc.trim_end().lines().skip_while(|line| line.is_empty());
    loop {
        let line = lines.next();
        let is_fence = line.is_some_and(|line| line.starts_with("```"));
        let opens = |line: &str| line.is_empty() || line.starts_with('#') || line.starts_with("- ");
        if is_fence || line.is_none_or(opens) || fenced {
            prose(&paragraph, palette, out)?;
            paragraph.clear();
        }
        match line {
            None => return Ok(()),
            Some(_) if is_fence => fenced = !fenced,
            Some("") => out.write_all(b"\n")?,
            Some(line) if fenced => writeln!(out, "    {dim}{line}{dim:#}")?,
            Some(line) if line.starts_with('#') => {
                writeln!(out, "{strong}{}{strong:#}", line.trim_start_matches('#').trim_start())?;
            }
            Some(line) => {
                paragraph.push_str(if paragraph.is_empty() { "" } else { " " });
                paragraph.push_str(line);
            }
        }
    }
}

/// A paragraph or list item, broken into lines of at most 80 columns where its words allow it.
fn prose(paragraph: &str, palette: Palette, out: &mut dyn io::Write) -> io::Result<()> {
    const COLUMNS: usize = 80;
    let indent = if paragraph.starts_with("- ") { 4 } else { 2 };
    let mut column = 0;
    let mut code = false;
    for word in paragraph.split_whitespace() {
        let width = word.width();
        if column == 0 {
            write!(out, "  ")?;
            column = 2;
        } else if column + 1 + width > COLUMNS {
            write!(out, "\n{:indent$}", "")?;
            column = indent;
        } else {
            write!(out, " ")?;
            column += 1;
        }
        column += width;
        for (index, part) in word.split('`').enumerate() {
            code ^= index > 0;
            let style = if code { palette.code } else { anstyle::Style::new() };
            let tick = if index > 0 { "`" } else { "" };
            write!(out, "{tick}{style}{part}{style:#}")?;
        }
    }
    if column > 0 { out.write_all(b"\n") } else { Ok(()) }
}
