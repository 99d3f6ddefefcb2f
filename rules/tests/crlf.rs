//! A Dockerfile with CRLF line breaks has the same findings, and its fixes keep the line breaks.

mod support;

use plimsoll::engine::Safety;
use support::{Mark, fences, fixtures, linter, mark_of, options, root, strip_marks};

#[test]
fn fixtures_hold_with_crlf() {
    for (name, selection) in fixtures() {
        let path = root().join("testdata/rules").join(format!("{name}.md"));
        let text = std::fs::read_to_string(&path).expect("the rule's fixture");
        let all = fences(&text);
        for (position, fence) in all.iter().enumerate().filter(|(_, fence)| fence.info == "dockerfile") {
            let toml = position.checked_sub(1).map(|before| &all[before]).filter(|before| before.info == "toml");
            let (rule_options, context) = options(toml.map(|fence| fence.text.as_str()));
            let linter = linter(selection, rule_options);
            let (source, _) = strip_marks(&fence.text);
            let crlf = source.replace("\r\n", "\n").replace('\n', "\r\n");
            let marks = |source: &str| -> Vec<Mark> {
                let report = linter.lint_in("Dockerfile", source, &context);
                let mut marks: Vec<Mark> = report.findings.iter().map(|finding| mark_of(finding, source)).collect();
                for mark in &mut marks {
                    mark.message = mark.message.replace('\r', "");
                }
                marks
            };
            assert_eq!(marks(&source), marks(&crlf), "{name} at line {}", fence.line);
            for allowed in [Safety::Safe, Safety::Unsafe] {
                let fixed = |source: &str| linter.fix("Dockerfile", source, &context, allowed).text;
                let expected = fixed(&source).replace("\r\n", "\n").replace('\n', "\r\n");
                assert_eq!(fixed(&crlf), expected, "{name} at line {}", fence.line);
            }
        }
    }
}
