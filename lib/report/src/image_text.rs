//! The overview of an image for people: what it is, its layers as a table, then the findings, the worst first.
//!
//! ```text
//! app.tar: app:1.4, linux/amd64, debian 12
//!   size 81.2 MB, 6.1 MB of it deleted or replaced (efficiency 92 %); user app; made 2026-01-02; starts /srv/app --serve
//!
//!  layer       size      waste  findings  instruction
//!      0    74.9 MB                       ADD rootfs.tar.xz /
//!      1     6.3 MB     6.1 MB   1 error  COPY . /srv
//!
//! error[secret-in-layer] found: GitHub token `ghp_****`: its checksum is right  4.10
//!   in /srv/.npmrc:2, layer 1, deleted in layer 2
//! ```

use crate::palette::Palette;
use crate::sanitize::{inline, to_string};
use plimsoll_engine::{FileReport, Finding, ImageSummary, Severity};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// How many findings of one rule are shown, of those that are worth knowing and no more.
const MOST_ALIKE: usize = 3;

/// Writes an image and what was found in it.
pub(crate) fn image(
    summary: &ImageSummary,
    file: &FileReport,
    palette: Palette,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let Palette { strong, dim, .. } = palette;
    let is_of = |finding: &&Finding| {
        let place = finding.image.as_deref();
        place.is_some_and(|place| place.name == summary.name && place.platform == summary.platform)
    };
    let mut findings: Vec<&Finding> = file.findings.iter().filter(is_of).collect();
    write!(out, "{strong}{}{strong:#}: ", inline(&file.path))?;
    let about = [summary.name.as_str(), summary.platform.as_str(), summary.distribution.as_deref().unwrap_or_default()];
    let about: Vec<String> =
        about.into_iter().filter(|part| !part.is_empty()).map(|part| to_string(inline(part))).collect();
    writeln!(out, "{}", about.join(", "))?;
    writeln!(out, "  {}", overview(summary))?;
    if let Some(weights) = weights(summary) {
        writeln!(out, "  {weights}")?;
    }
    table(summary, &findings, palette, out)?;
    findings.sort_by_key(|finding| finding.severity);
    let mut shown: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for finding in findings {
        // Few read more than these; the other formats have them all.
        let count = shown.entry((finding.severity, finding.rule.id)).or_default();
        *count += 1;
        if *count > MOST_ALIKE && finding.severity > Severity::Warning {
            continue;
        }
        let loud = palette.severity(finding.severity);
        write!(out, "{loud}{}[{}]{loud:#} {}", finding.severity, finding.rule.id, inline(&finding.message))?;
        if !finding.aliases.is_empty() {
            write!(out, " {dim}")?;
            finding.alias_names().try_for_each(|alias| write!(out, " {alias}"))?;
            write!(out, "{dim:#}")?;
        }
        out.write_all(b"\n")?;
        let Some(place) = &finding.image else { continue };
        let words = place.words();
        if !words.is_empty() {
            write!(out, "  {dim}in{dim:#} {}", inline(&words))?;
            // Instructions that made a layer stand in the table.
            if let Some(instruction) = place.created_by.as_deref().filter(|_| place.layer.is_none()) {
                write!(out, ", {}", shortened(instruction))?;
            }
            if let Some(change) = place.deleted_by.as_ref().or(place.replaced_by.as_ref())
                && let Some(instruction) = &change.created_by
            {
                write!(out, " by {}", shortened(instruction))?;
            }
            out.write_all(b"\n")?;
        }
    }
    for ((severity, rule), count) in shown {
        if count > MOST_ALIKE && severity > Severity::Warning {
            writeln!(out, "{dim}and {} more of {severity}[{rule}]{dim:#}", count - MOST_ALIKE)?;
        }
    }
    out.write_all(b"\n")
}

/// What a person wants to know first.
fn overview(summary: &ImageSummary) -> String {
    let mut text = format!("size {}", bytes(summary.size));
    if summary.waste > 0 {
        let percent = summary.efficiency() / 100;
        let _ = write!(text, ", {} of it deleted or replaced (efficiency {percent} %)", bytes(summary.waste));
    }
    let user = if summary.user.is_empty() { "root (none is set)" } else { &summary.user };
    // A bare layer or root file system has no configuration, and with it no user.
    if summary.id.is_some() {
        let _ = write!(text, "; user {}", inline(user));
    } else {
        text.push_str("; no configuration, so that user, variables, health check and history are not checked");
    }
    if summary.healthcheck == Some(false) {
        text.push_str("; no health check");
    }
    if let Some(created) = &summary.created {
        let _ = write!(text, "; made {}", inline(created.split('T').next().unwrap_or(created)));
    }
    let start: Vec<&str> = summary.entrypoint.iter().chain(&summary.command).map(String::as_str).collect();
    if !start.is_empty() {
        let _ = write!(text, "; starts {}", shortened(&start.join(" ")));
    }
    if !summary.packages.is_empty() {
        let _ = write!(text, "; {} packages", summary.packages.len());
    }
    text
}

/// What is heavy in it, where something is.
fn weights(summary: &ImageSummary) -> Option<String> {
    const HEAVY: u64 = 10_000_000;
    const SHOWN: usize = 3;
    let mut parts = Vec::new();
    let heavy = summary.largest.iter().filter(|file| file.size >= HEAVY).take(SHOWN);
    let heavy: Vec<String> = heavy.map(|file| format!("/{} {}", inline(&file.path), bytes(file.size))).collect();
    if !heavy.is_empty() {
        parts.push(format!("largest {}", heavy.join(", ")));
    }
    let twice: u64 = summary.duplicates.iter().map(|same| same.size.saturating_mul(same.count.saturating_sub(1))).sum();
    if twice >= HEAVY {
        parts.push(format!("{} stand there more than once", bytes(twice)));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn table(summary: &ImageSummary, findings: &[&Finding], palette: Palette, out: &mut dyn io::Write) -> io::Result<()> {
    /// More than a person reads at a glance, and than builders make.
    const MOST: usize = 127;
    let Palette { dim, .. } = palette;
    if summary.layers.is_empty() {
        return out.write_all(b"\n");
    }
    writeln!(out, "\n {dim}layer       size      waste   findings  instruction{dim:#}")?;
    for (number, layer) in summary.layers.iter().enumerate().take(MOST) {
        let here = |severity: Severity| {
            let is_here = |finding: &&&Finding| {
                let place = finding.image.as_deref();
                finding.severity == severity && place.is_some_and(|place| place.layer == u32::try_from(number).ok())
            };
            findings.iter().filter(is_here).count()
        };
        let worst = Severity::ALL.into_iter().map(|severity| (severity, here(severity))).find(|(_, count)| *count > 0);
        let count: usize = Severity::ALL.into_iter().map(here).sum();
        let waste = if layer.waste == 0 { String::new() } else { bytes(layer.waste) };
        write!(out, " {number:>5} {:>10} {waste:>10} ", bytes(layer.size))?;
        match worst {
            Some((severity, of)) => {
                let loud = palette.severity(severity);
                let words =
                    if of == count { format!("{of} {severity}") } else { format!("{of} of {count} {severity}") };
                write!(out, "{loud}{words:>10}{loud:#}")?;
            }
            None => write!(out, "{:>10}", "")?,
        }
        let instruction = layer.created_by.as_deref().unwrap_or("(not known)");
        writeln!(out, "  {}", shortened(instruction))?;
    }
    if summary.layers.len() > MOST {
        writeln!(out, " and {} more", summary.layers.len() - MOST)?;
    }
    out.write_all(b"\n")
}

/// So much of an instruction as fits beside the numbers.
fn shortened(text: &str) -> String {
    const MOST: usize = 72;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = text.char_indices().nth(MOST).map(|(end, _)| end);
    match cut {
        Some(end) => format!("{}…", inline(&text[..end])),
        None => to_string(inline(&text)),
    }
}

/// A number of bytes for people, in powers of ten as engines show them.
fn bytes(count: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.into_iter().find(|(size, _)| count >= *size) {
        Some((size, unit)) => format!("{}.{} {unit}", count / size, count % size * 10 / size),
        None => format!("{count} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_base::LineIndex;
    use plimsoll_engine::{
        Category, Change, Confidence, FileState, ImagePlace, Input, InputKind, LayerSummary, RuleMeta, Status,
    };

    static RULE: RuleMeta = RuleMeta {
        id: "secret-in-layer",
        doc: "",
        input: Input::Image,
        category: Category::Secret,
        severity: Severity::Error,
        confidence: Confidence::High,
        presets: &[],
        since: "0.1.0",
        status: Status::Stable,
        aliases: &["4.10"],
        fixable: false,
    };

    #[test]
    fn one_screen() {
        let layer = |created_by: &str, size, waste| LayerSummary {
            created_by: Some(created_by.to_owned()),
            size,
            waste,
            ..LayerSummary::default()
        };
        let summary = ImageSummary {
            name: "app:1.4".to_owned(),
            platform: "linux/amd64".to_owned(),
            id: Some("sha256:0".to_owned()),
            distribution: Some("debian 12".to_owned()),
            created: Some("2026-01-02T03:04:05Z".to_owned()),
            command: vec!["/srv/app".to_owned()],
            size: 81_200_000,
            waste: 6_100_000,
            layers: vec![layer("ADD rootfs.tar.xz /", 74_900_000, 0), layer("COPY .\n /srv\u{1b}[31m", 6_300_000, 999)],
            ..ImageSummary::default()
        };
        let place = ImagePlace {
            name: "app:1.4".to_owned(),
            platform: "linux/amd64".to_owned(),
            layer: Some(1),
            file: Some("srv/.npmrc".to_owned()),
            line: Some(2),
            state: Some(FileState::Deleted),
            deleted_by: Some(Change { layer: 2, created_by: Some("RUN rm".to_owned()) }),
            ..ImagePlace::default()
        };
        let mut finding = Finding::new(&RULE, plimsoll_base::Span::empty(0), "a token");
        finding.image = Some(Box::new(place));
        let file = FileReport {
            path: "app.tar".to_owned(),
            kind: InputKind::Image,
            source: String::new(),
            lines: LineIndex::new(""),
            findings: vec![finding],
            suppressed: Vec::new(),
        };
        let mut out = Vec::new();
        image(&summary, &file, Palette::new(false), &mut out).expect("writing to memory");
        let expected = "\
app.tar: app:1.4, linux/amd64, debian 12
  size 81.2 MB, 6.1 MB of it deleted or replaced (efficiency 92 %); user root (none is set); made 2026-01-02; starts /srv/app

 layer       size      waste   findings  instruction
     0    74.9 MB                        ADD rootfs.tar.xz /
     1     6.3 MB      999 B    1 error  COPY . /srv\\u{1b}[31m

error[secret-in-layer] a token  4.10
  in /srv/.npmrc:2, layer 1, deleted in layer 2 by RUN rm

";
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
    }
}
