//! All rules over real Dockerfiles: those of `testdata/dockerfiles`, and of the corpus where it is there
//! (`PLIMSOLL_CORPUS`, else `../shared/corpus/dockerfiles` beside the workspace).

mod support;

use plimsoll::engine::{FileReport, Fix, Preset, Safety, SelectionSpec, apply};
use plimsoll::{Context, Linter, Settings};
use std::path::{Path, PathBuf};
use support::root;

#[test]
fn every_file_and_its_truncations_are_linted() {
    let linter = all();
    for (path, text) in files() {
        check_spans(&path, &text, &linter.lint("Dockerfile", &text));
        // Every truncation of the small ones would take minutes; a step that is prime comes by every kind of place.
        let mut end = 0;
        while end < text.len() {
            if text.is_char_boundary(end) {
                linter.lint("Dockerfile", &text[..end]);
            }
            end += (text.len() / 8).max(97);
        }
    }
}

#[test]
fn fixes_mend_and_do_no_more() {
    let linter = all();
    let context = Context::default();
    let mut fixed_findings = 0;
    for (path, text) in files() {
        let report = linter.lint("Dockerfile", &text);
        if report.source != text {
            // The edits of a masked report are masked; they are not what `--fix` applies.
            continue;
        }
        let errors = plimsoll::dockerfile::parse(&text).errors.len();
        for finding in &report.findings {
            for fix in &finding.fixes {
                let after = apply(&text, &[fix]).text;
                assert_eq!(outside(&text, &after, fix), None, "{path:?}: `{}` of {}", fix.title, finding.rule.id);
                assert!(
                    plimsoll::dockerfile::parse(&after).errors.len() <= errors,
                    "{path:?}: `{}` of {} breaks the file\n{after}",
                    fix.title,
                    finding.rule.id
                );
                let of_rule =
                    |report: &FileReport| report.findings.iter().filter(|f| f.rule.id == finding.rule.id).count();
                let left = linter.lint("Dockerfile", &after);
                assert!(
                    of_rule(&left) < of_rule(&report),
                    "{path:?}: `{}` does not mend {} at {:?}\n{after}",
                    fix.title,
                    finding.rule.id,
                    report.lines.position(&text, finding.span.start)
                );
                fixed_findings += 1;
            }
        }
        for allowed in [Safety::Safe, Safety::Unsafe] {
            let once = linter.fix("Dockerfile", &text, &context, allowed);
            let twice = linter.fix("Dockerfile", &once.text, &context, allowed);
            assert_eq!(once.text, twice.text, "{path:?}: a second run changes something ({allowed:?})");
            let broken = plimsoll::dockerfile::parse(&once.text).errors.len();
            assert!(broken <= errors, "{path:?}: all fixes together break the file ({allowed:?})\n{}", once.text);
            for finding in linter.lint("Dockerfile", &once.text).findings {
                let left = finding.fixes.iter().find(|fix| allowed == Safety::Unsafe || fix.safety == Safety::Safe);
                assert!(left.is_none(), "{path:?}: {} is left ({allowed:?})\n{}", finding.rule.id, once.text);
            }
        }
    }
    assert!(fixed_findings > 0);
}

/// The offset before the fix of the first byte outside its edits that is another one after it.
fn outside(before: &str, after: &str, fix: &Fix) -> Option<usize> {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span.start);
    let (mut old, mut new) = (0, 0);
    let ends = edits.iter().map(|edit| (edit.span.range(), edit.text.len()));
    for (span, inserted) in ends.chain([(before.len()..before.len(), 0)]) {
        let kept = &before[old..span.start];
        let same = after.get(new..new + kept.len());
        if same != Some(kept) {
            return Some(old);
        }
        new += kept.len() + inserted;
        old = span.end;
    }
    (new != after.len()).then_some(before.len())
}

fn check_spans(path: &Path, text: &str, report: &FileReport) {
    for finding in &report.findings {
        let spans = [finding.span].into_iter().chain(finding.related.iter().map(|related| related.span));
        for span in spans {
            assert!(text.get(span.range()).is_some(), "{}: {} at {span:?}", path.display(), finding.rule.id);
        }
        assert!(!finding.message.ends_with('.'), "{}: `{}` ends in a dot", finding.rule.id, finding.message);
        assert!(
            !finding.message.starts_with(|first: char| first.is_uppercase()) || finding.message.starts_with("JSON"),
            "{}: `{}` begins with a capital",
            finding.rule.id,
            finding.message
        );
        assert!(!finding.message.contains('\n'), "{}: a message is one line", finding.rule.id);
    }
}

fn all() -> Linter {
    let spec = SelectionSpec { preset: Some(Preset::All), ..SelectionSpec::default() };
    Linter::new(&Settings { spec, ..Settings::default() }).expect("presets hold known rules")
}

fn files() -> Vec<(PathBuf, String)> {
    let corpus =
        std::env::var_os("PLIMSOLL_CORPUS").map_or_else(|| root().join("../shared/corpus/dockerfiles"), PathBuf::from);
    let mut files = Vec::new();
    collect(&root().join("testdata/dockerfiles"), &mut files);
    assert!(files.len() >= 10);
    collect(&corpus, &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.push((path, text));
        }
    }
}
