//! What must hold for any report.

use super::secret;
use plimsoll::base::Span;
use plimsoll::engine::{FileReport, Report};

pub fn in_bounds(span: Span, text: &str) {
    assert!(text.get(span.range()).is_some(), "{span:?} does not lie in the text");
}

/// The report on a text: places stand in it, and what is secret in the text is in no report.
pub fn sound(file: FileReport, text: &str) {
    assert!(file.findings.is_sorted_by_key(|finding| finding.span.start));
    for finding in &file.findings {
        in_bounds(finding.span, text);
        finding.related.iter().for_each(|related| in_bounds(related.span, text));
        finding.fixes.iter().flat_map(|fix| &fix.edits).for_each(|edit| in_bounds(edit.span, text));
        assert!(!finding.fingerprint.is_empty());
        assert!(!finding.message.contains('\n'), "{:?} is more than a line", finding.message);
    }
    assert_eq!(file.source.len(), text.len(), "masking keeps every offset");
    let is_secret = secret::is_told(text);
    let written = written(&Report { files: vec![file], ..Report::default() });
    assert!(!is_secret || !secret::is_in(&written), "a secret stands in a report");
}

/// Every report as bytes: JSON is JSON, and nothing in a text moves a terminal.
pub fn written(report: &Report) -> Vec<u8> {
    let mut json = Vec::new();
    plimsoll::report::json(report, &mut json).expect("to memory");
    serde_json::from_slice::<serde_json::Value>(&json).expect("JSON");
    let rules: Vec<_> = report.findings().map(|(_, finding)| finding.rule).collect();
    let mut sarif = Vec::new();
    plimsoll::report::sarif(report, &rules, &mut sarif).expect("to memory");
    serde_json::from_slice::<serde_json::Value>(&sarif).expect("JSON");
    let mut text = Vec::new();
    plimsoll::report::text(report, plimsoll::report::TextOptions::default(), &mut text).expect("to memory");
    let is_safe = |c: char| matches!(c, '\n' | '\t') || !c.is_control();
    assert!(String::from_utf8_lossy(&text).chars().all(is_safe), "a control character of the input is printed");
    [json, sarif, text].concat()
}
