use plimsoll_engine::{Finding, Safety, apply, choose};
use std::collections::BTreeSet;

/// Mends a text again and again until nothing more can be mended, and counts what was: `check` gives a text's findings,
/// `errors` how many mistakes the parser finds in it.
///
/// Fixes of one rule that break the file, that change nothing, or that never come to an end are a bug of that rule: they
/// are left out, and those of the other rules are applied from the start again. What was left out may do once the others are
/// applied, so all of it is done again with what came of it, until that changes nothing: a second run changes nothing then.
pub(crate) fn mend(
    text: &str,
    allowed: Safety,
    check: impl Fn(&str) -> Vec<Finding>,
    errors: impl Fn(&str) -> usize,
) -> (String, usize) {
    // Far more than what one fix uncovers for another takes.
    const ROUNDS: usize = 8;
    let (mut text, mut count) = (text.to_owned(), 0);
    for _ in 0..ROUNDS {
        let mut left_out = BTreeSet::new();
        let (mended, more) = loop {
            match settle(&text, allowed, &check, &errors, &left_out) {
                Ok(mended) => break mended,
                Err(rules) => left_out.extend(rules),
            }
        };
        let is_done = left_out.is_empty() || mended == text;
        (text, count) = (mended, count + more);
        if is_done {
            break;
        }
    }
    (text, count)
}

/// The text when nothing is left to be mended, or the rules that keep it from coming to rest, at least one.
fn settle(
    text: &str,
    allowed: Safety,
    check: &impl Fn(&str) -> Vec<Finding>,
    errors: &impl Fn(&str) -> usize,
    left_out: &BTreeSet<&'static str>,
) -> Result<(String, usize), BTreeSet<&'static str>> {
    // A fix can uncover another finding; more passes than this mean that two fixes undo each other.
    const PASSES: usize = 16;
    let mut text = text.to_owned();
    let mut count = 0;
    let mut mistakes = errors(&text);
    let mut rules = BTreeSet::new();
    for _ in 0..PASSES {
        let mut findings = check(&text);
        findings.retain(|finding| !left_out.contains(finding.rule.id));
        let fixes = choose(&findings, allowed);
        if fixes.is_empty() {
            return Ok((text, count));
        }
        let applied = apply(&text, &fixes);
        let fixable = findings.iter().filter(|finding| finding.fixes.iter().any(|fix| fix.safety <= allowed));
        rules = fixable.map(|finding| finding.rule.id).collect();
        if applied.text == text {
            return Err(rules);
        }
        let mistakes_after = errors(&applied.text);
        if mistakes_after > mistakes {
            let breaks = |rule: &&str| {
                let alone = choose(findings.iter().filter(|finding| finding.rule.id == *rule), allowed);
                errors(&apply(&text, &alone).text) > mistakes
            };
            let culprits: BTreeSet<&str> = rules.iter().copied().filter(breaks).collect();
            return Err(if culprits.is_empty() { rules } else { culprits });
        }
        mistakes = mistakes_after;
        count += applied.count;
        text = applied.text;
    }
    Err(rules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use plimsoll_base::Span;
    use plimsoll_engine::{Category, Confidence, Edit, Fix, Input, RuleMeta, Severity, Status};

    const fn rule(id: &'static str) -> RuleMeta {
        RuleMeta {
            id,
            doc: "",
            input: Input::Dockerfile,
            category: Category::Style,
            severity: Severity::Info,
            confidence: Confidence::High,
            presets: &[],
            since: "0.1.0",
            status: Status::Stable,
            aliases: &[],
            fixable: true,
        }
    }

    static LOWER: RuleMeta = rule("lower");
    static ENDLESS: RuleMeta = rule("endless");
    static BREAKING: RuleMeta = rule("breaking");
    static IDLE: RuleMeta = rule("idle");
    static LATER: RuleMeta = rule("later");

    /// Mends each `A`, and offers a fix that adds a `!` behind any text, one that adds a mistake, and one for nothing.
    fn check(text: &str, wrong: &[&'static RuleMeta]) -> Vec<Finding> {
        let end = Span::empty(text.len() as u32);
        let first = Span::new(0, 1);
        let mut findings = Vec::new();
        let mut find = |rule, edit: Edit| {
            let mut finding = Finding::new(rule, edit.span, "x");
            finding.fix(Fix::safe("t", edit));
            findings.push(finding);
        };
        for (at, _) in text.match_indices('A') {
            find(&LOWER, Edit::replace(Span::new(at as u32, at as u32 + 1), "a"));
        }
        for rule in wrong {
            match rule.id {
                "endless" => find(rule, Edit::insert(end.start, "!")),
                "later" if text.contains('A') => find(rule, Edit::insert(end.start, "mistake")),
                "later" if text.starts_with('-') => find(rule, Edit::replace(first, "+")),
                "later" => {}
                "breaking" => find(rule, Edit::replace(first, "mistake")),
                _ => find(rule, Edit::replace(first, text.get(first.range()).unwrap_or_default())),
            }
        }
        findings
    }

    #[test]
    fn a_fix_that_breaks_the_file_before_others_comes_after_them() {
        let mend = |text: &str| {
            mend(text, Safety::Safe, |text| check(text, &[&LATER]), |text| text.matches("mistake").count())
        };
        assert_eq!(mend("-AbA"), ("+aba".to_owned(), 3));
        assert_eq!(mend("+aba"), ("+aba".to_owned(), 0));
    }

    #[test]
    fn wrong_fixes_are_left_out_and_the_others_applied() {
        for wrong in
            [&[][..], &[&ENDLESS], &[&BREAKING], &[&IDLE], &[&ENDLESS, &BREAKING], &[&ENDLESS, &IDLE, &BREAKING]]
        {
            let mend = |text: &str| {
                mend(text, Safety::Safe, |text| check(text, wrong), |text| text.matches("mistake").count())
            };
            assert_eq!(mend("-AbA"), ("-aba".to_owned(), 2), "{wrong:?}");
            assert_eq!(mend("-aba"), ("-aba".to_owned(), 0), "{wrong:?}");
        }
    }
}
