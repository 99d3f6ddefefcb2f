//! Reports take time in proportion to their findings, on one endless line too.

mod common;

use common::{COPY_NOT_ADD, file, written};
use plimsoll_base::Span;
use plimsoll_engine::{Edit, Finding, Fix, Report};
use plimsoll_report::{TextOptions, github, json, sarif, text, unified_diff};
use std::time::{Duration, Instant};

/// A finding every hundred bytes; `line_break` ends each stretch, or not.
fn report(count: u32, line_break: &str) -> Report {
    let stretch = format!("ADD é{}{line_break}", "x".repeat(94 - line_break.len()));
    let source = stretch.repeat(count as usize);
    let width = stretch.len() as u32;
    let finding = |number: u32| {
        let word = Span::new(number * width, number * width + 3);
        let mut finding = Finding::new(&COPY_NOT_ADD, word, "`ADD` used for a local file");
        finding.related(Span::new(word.start, word.start + 150), "here");
        finding.fix(Fix::safe("replace it", vec![Edit::replace(word, "COPY"), Edit::insert(word.end + 3, " ")]));
        finding
    };
    Report {
        files: vec![file("Dockerfile", &source, (0..count).map(finding).collect(), Vec::new())],
        ..Report::default()
    }
}

fn timed(work: impl Fn() -> usize) -> (Duration, usize) {
    let start = Instant::now();
    let size = work();
    (start.elapsed(), size)
}

#[test]
fn ten_times_the_findings_take_about_ten_times_as_long() {
    type Format = fn(&Report) -> String;
    let formats: [(&str, Format); 4] = [
        ("json", |report| written(|out| json(report, out))),
        ("text", |report| written(|out| text(report, TextOptions { statistics: true, ..TextOptions::default() }, out))),
        ("sarif", |report| written(|out| sarif(report, &[&COPY_NOT_ADD], out))),
        ("github", |report| written(|out| github(report, out))),
    ];
    for line_break in ["\n", ""] {
        let (small, large) = (report(1_000, line_break), report(10_000, line_break));
        for (name, format) in formats {
            let (short, little) = timed(|| format(&small).len());
            let (long, much) = timed(|| format(&large).len());
            assert!(much < little * 11, "{name} {line_break:?}: {little} and {much} bytes");
            // Quadratic work would take a hundred times as long; a busy machine must not fail the test.
            let bound = short * 40 + Duration::from_millis(50);
            assert!(long < bound, "{name} {line_break:?}: {short:?} and {long:?}");
        }
    }
}

#[test]
fn diffs_are_linear_in_scattered_changes() {
    let block = "RUN install a\nRUN install b\nRUN install c\nRUN install d\nRUN install e\n";
    let texts = |lines: usize| (block.repeat(lines / 5), block.replace("b\n", "-y b\n").repeat(lines / 5));
    let time = |(before, after): (String, String)| {
        timed(|| written(|out| unified_diff("Dockerfile", &before, &after, false, out)).len())
    };
    let ((short, little), (long, much)) = (time(texts(2_000)), time(texts(20_000)));
    assert!(much < little * 11, "{little} and {much} bytes");
    assert!(long < short * 40 + Duration::from_millis(50), "{short:?} and {long:?}");
}
