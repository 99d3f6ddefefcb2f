/*!
The report for people.

```text
app/Dockerfile:3:1 warning[copy-not-add] `ADD` used for a local file  DL3020 DS-0005
 3 | ADD app.conf /etc/app.conf
   | ^^^
   = why: `ADD` unpacks archives and downloads URLs by the look of its source
   = help: replace `ADD` with `COPY` (--fix); see plimsoll explain copy-not-add
```

Snippets are drawn here and not by annotate-snippets (0.12.17), which was measured first: 7,431 findings in 1,511
Dockerfiles, given only the lines that it shows, with a help and a note, best of several runs on one core, take it 4.1
to 4.4 microseconds each, and 7.3 to 9.0 where they span four lines. This renderer takes 1.0 to 1.1 and 1.8 to 1.9 for
the same findings, aliases included. With several findings a file that is the difference between a twentieth and a
quarter of the 100 microseconds in which a file must be read, linted and printed. And each of its snippets takes time
in proportion to the whole line, 23 ms at one megabyte, so many findings on an endless line would take quadratic time;
here a window of the line is looked at.
*/

use crate::host_text;
use crate::image_text;
use crate::palette::Palette;
use crate::places::Places;
use crate::sanitize::{inline, line_start, source_line, to_string};
use anstyle::Style;
use plimsoll_engine::{
    Answer, FileReport, Finding, Fix, ImageSummary, InputError, InputKind, Report, Safety, Severity,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// How a report is written for people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextOptions {
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// One line a finding, input errors, and nothing else: no source, no help, no summary.
    pub quiet: bool,
    /// Whether to count findings by rule at the end.
    pub statistics: bool,
}

/// Writes a report for people: each finding with its source, then what could not be read, then a summary.
pub fn text(report: &Report, options: TextOptions, out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = Writer { options, palette: Palette::new(options.colour), explained: BTreeSet::new(), out };
    for file in &report.files {
        if file.kind == InputKind::Target && !options.quiet {
            continue;
        }
        let images: Vec<&ImageSummary> = report.images.iter().filter(|image| image.path == file.path).collect();
        if file.kind == InputKind::Image && !images.is_empty() && !options.quiet {
            images.iter().try_for_each(|summary| image_text::image(summary, file, writer.palette, writer.out))?;
            continue;
        }
        let mut places = Places::new(file);
        let mut related = Places::new(file);
        for finding in &file.findings {
            let remediation = report.remediation(file, finding);
            writer.finding(file, finding, remediation, &mut places, &mut related)?;
        }
    }
    if !options.quiet {
        host_text::checks(report, writer.palette, writer.out)?;
    }
    report.errors.iter().try_for_each(|error| writer.input_error(error))?;
    if options.statistics {
        writer.statistics(report)?;
    }
    if options.quiet { Ok(()) } else { writer.summary(report) }
}

struct Writer<'o> {
    options: TextOptions,
    palette: Palette,
    /// The rules of which a finding has said why they matter: once is enough.
    explained: BTreeSet<&'static str>,
    out: &'o mut dyn io::Write,
}

impl Writer<'_> {
    fn finding<'a>(
        &mut self,
        file: &'a FileReport,
        finding: &Finding,
        remediation: &str,
        places: &mut Places<'a>,
        related: &mut Places<'a>,
    ) -> io::Result<()> {
        let Palette { strong, dim, .. } = self.palette;
        let loud = self.palette.severity(finding.severity);
        let (path, message, rule) = (line_start(&file.path), inline(&finding.message), finding.rule.id);
        write!(self.out, "{strong}{path}")?;
        if file.kind == InputKind::Text {
            let start = places.region(finding.span).start;
            write!(self.out, ":{}:{}", start.line, start.column)?;
        }
        write!(self.out, "{strong:#} {loud}{}[{rule}]{loud:#} {message}", finding.severity.name())?;
        if !finding.aliases.is_empty() {
            write!(self.out, " {dim}")?;
            finding.alias_names().try_for_each(|alias| write!(self.out, " {alias}"))?;
            write!(self.out, "{dim:#}")?;
        }
        self.out.write_all(b"\n")?;
        if self.options.quiet {
            return Ok(());
        }
        let gutter = match file.kind {
            InputKind::Text => self.snippet(file, finding)?,
            InputKind::Image | InputKind::Target => 1,
        };
        if let Some(place) = &finding.image {
            // What a Dockerfile and its image say together is in no one place of the image.
            let words = place.words();
            if !words.is_empty() {
                self.note(gutter, "in")?;
                writeln!(self.out, "{}", inline(&words))?;
            }
            if let Some(instruction) = &place.created_by {
                self.note(gutter, "by")?;
                writeln!(self.out, "{}", inline(instruction))?;
            }
        }
        for other in &finding.related {
            let place = related.region(other.span).start;
            self.note(gutter, "note")?;
            writeln!(self.out, "{}:{}:{} {}", inline(&file.path), place.line, place.column, inline(&other.message))?;
        }
        if self.explained.insert(rule) {
            let why = finding.rule.reason();
            if !why.is_empty() {
                self.note(gutter, "why")?;
                writeln!(self.out, "{why}")?;
            }
        }
        self.note(gutter, "help")?;
        if let Some(fix) = finding.fixes.first() {
            self.fix(fix)?;
        }
        if !remediation.is_empty() {
            write!(self.out, "{}; ", inline(remediation))?;
        }
        writeln!(self.out, "see plimsoll explain {rule}\n")
    }

    /// The source under a finding, underlined; of a span over several lines the first and the last. Returns how many
    /// columns the line numbers take.
    fn snippet(&mut self, file: &FileReport, finding: &Finding) -> io::Result<usize> {
        let source = &file.source;
        let start = source.floor_char_boundary(finding.span.start as usize);
        let end = source.floor_char_boundary(finding.span.end as usize).max(start);
        // A span that takes in the line break after its last word ends at that word.
        let end = start + source[start..end].trim_end().len();
        let first = file.lines.line(start as u32);
        let last = file.lines.line(end as u32).max(first);
        let gutter = last.to_string().len();
        let loud = self.palette.severity(finding.severity);
        self.line(file, first, start..end, gutter, loud)?;
        if last > first + 1 {
            let dim = self.palette.dim;
            writeln!(self.out, " {dim}{:>gutter$} …{dim:#}", "")?;
        }
        if last > first {
            self.line(file, last, start..end, gutter, loud)?;
        }
        Ok(gutter)
    }

    /// One source line, its part of `marked` underlined.
    fn line(
        &mut self,
        file: &FileReport,
        number: u32,
        marked: Range<usize>,
        gutter: usize,
        loud: Style,
    ) -> io::Result<()> {
        let Palette { dim, .. } = self.palette;
        let whole = file.lines.line_span(&file.source, number).unwrap_or_default();
        let line = whole.text(&file.source);
        let from = marked.start.clamp(whole.start as usize, whole.end as usize) - whole.start as usize;
        let to = marked.end.clamp(whole.start as usize, whole.end as usize) - whole.start as usize;
        let window = window(line, from);
        let shown = &line[window.clone()];
        let (from, to) = (from.clamp(window.start, window.end), to.clamp(window.start, window.end));
        let (before, under) = (&line[window.start..from], &line[from..to]);
        // The indentation of a span's last line is not what is wrong with it.
        let blank = if marked.start < whole.start as usize { under.len() - under.trim_start().len() } else { 0 };
        let (cut, more) = (["", "…"][usize::from(window.start > 0)], ["", "…"][usize::from(window.end < line.len())]);
        writeln!(self.out, " {dim}{number:>gutter$} |{dim:#} {cut}{}{more}", source_line(shown))?;
        let indent = cut.width() + width(before) + width(&under[..blank]);
        let carets = width(under[blank..].trim_end()).max(1);
        writeln!(self.out, " {dim}{:gutter$} |{dim:#} {:indent$}{loud}{:^>carets$}{loud:#}", "", "", "")
    }

    fn note(&mut self, gutter: usize, word: &str) -> io::Result<()> {
        let Palette { dim, strong, .. } = self.palette;
        write!(self.out, " {dim}{:gutter$} ={dim:#} {strong}{word}{strong:#}: ", "")
    }

    fn fix(&mut self, fix: &Fix) -> io::Result<()> {
        const LONGEST: usize = 40;
        write!(self.out, "{}", inline(&fix.title))?;
        if let [edit] = &fix.edits[..] {
            let text = edit.text.trim();
            if !text.is_empty() && text.len() <= LONGEST && !text.contains('\n') && !fix.title.contains(text) {
                write!(self.out, ": `{}`", inline(text))?;
            }
        }
        let flag = match fix.safety {
            Safety::Safe => "--fix",
            Safety::Unsafe => "--fix-unsafe",
        };
        write!(self.out, " ({flag}); ")
    }

    fn input_error(&mut self, error: &InputError) -> io::Result<()> {
        let (Palette { strong, .. }, loud) = (self.palette, self.palette.severity(Severity::Error));
        write!(self.out, "{loud}error{loud:#}: ")?;
        if !error.path.is_empty() {
            write!(self.out, "{strong}{}", inline(&error.path))?;
            if let Some(line) = error.line {
                write!(self.out, ":{line}")?;
            }
            if let Some(column) = error.column {
                write!(self.out, ":{column}")?;
            }
            write!(self.out, "{strong:#}: ")?;
        }
        writeln!(self.out, "{}", inline(&error.message))
    }

    /// How many findings each rule has, the most first.
    fn statistics(&mut self, report: &Report) -> io::Result<()> {
        let mut rules: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (_, finding) in report.findings() {
            let (count, fixable) = rules.entry(finding.rule.id).or_default();
            *count += 1;
            *fixable += usize::from(!finding.fixes.is_empty());
        }
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let width = rules.first().map_or(0, |(_, (count, _))| count.to_string().len());
        for (rule, (count, fixable)) in rules {
            write!(self.out, "{count:>width$}  {rule}")?;
            if fixable > 0 {
                let dim = self.palette.dim;
                write!(self.out, "  {dim}{fixable} with a fix{dim:#}")?;
            }
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn summary(&mut self, report: &Report) -> io::Result<()> {
        let Palette { strong, .. } = self.palette;
        let mut counts = Vec::new();
        for severity in Severity::ALL {
            match (report.count(severity), severity) {
                (0, _) => {}
                (count, Severity::Error) => counts.push(plural(count, "error")),
                (count, Severity::Warning) => counts.push(plural(count, "warning")),
                (count, Severity::Info | Severity::Style) => counts.push(format!("{count} {severity}")),
            }
        }
        let counts = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
        if !report.checks.is_empty() {
            let answers = Answer::ALL.map(|answer| format!("{} {}", report.answered(answer), answer.name()));
            writeln!(self.out, "{} checks: {}", report.checks.len(), answers.join(", "))?;
        }
        let noun = if report.checks.is_empty() { "file" } else { "target" };
        write!(self.out, "{strong}{counts} in {}", plural(report.files.len(), noun))?;
        if report.suppressed() > 0 {
            write!(self.out, "; {} suppressed", report.suppressed())?;
        }
        let fixable = |allowed| {
            let can = |finding: &Finding| finding.fixes.iter().any(|fix| fix.safety <= allowed);
            report.findings().filter(|(_, finding)| can(finding)).count()
        };
        let (safe, all) = (fixable(Safety::Safe), fixable(Safety::Unsafe));
        match (safe, all - safe) {
            (0, 0) => {}
            (0, more) => write!(self.out, "; {more} can be fixed with --fix-unsafe")?,
            (safe, 0) => write!(self.out, "; {safe} can be fixed with --fix")?,
            (safe, more) => write!(self.out, "; {safe} can be fixed with --fix, {more} more with --fix-unsafe")?,
        }
        match report.errors.len() {
            0 => {}
            1 => write!(self.out, "; 1 input or setting could not be read")?,
            count => write!(self.out, "; {count} inputs or settings could not be read")?,
        }
        writeln!(self.out, "{strong:#}")
    }
}

/// The part of a line that is shown: all of it, or so much around `from` that an output stays within bounds whatever
/// the line's length.
fn window(line: &str, from: usize) -> Range<usize> {
    const BEFORE: usize = 40;
    const SHOWN: usize = 160;
    if line.len() <= SHOWN {
        return 0..line.len();
    }
    let start = line[..from].char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| at);
    let end = line[start..].char_indices().nth(SHOWN).map_or(line.len(), |(at, _)| start + at);
    start..end
}

/// How many columns a part of a source line takes in a terminal.
fn width(text: &str) -> usize {
    let plain = text.bytes().all(|byte| (b' '..0x7f).contains(&byte));
    if plain { text.len() } else { to_string(source_line(text)).width() }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
