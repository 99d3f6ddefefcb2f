//! Applying fixes changes what their edits cover and nothing else.

use plimsoll_base::Span;
use plimsoll_engine::{
    Category, Confidence, Edit, Finding, Fix, Input, RuleMeta, Safety, Severity, Status, apply, choose,
};
use proptest::prelude::*;

static RULE: RuleMeta = RuleMeta {
    id: "test",
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
};

proptest! {
    #[test]
    fn bytes_outside_edits_stay(text in "[a-zé\\n ]{0,60}", places in prop::collection::vec((0_usize..61, 0_usize..6, "[X]{0,3}", any::<bool>()), 0..8)) {
        let mut findings = Vec::new();
        for (start, length, replacement, safe) in places {
            let (start, end) = (start.min(text.len()), (start + length).min(text.len()));
            if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
                continue;
            }
            let edit = Edit::replace(Span::new(start as u32, end as u32), replacement);
            let mut finding = Finding::new(&RULE, edit.span, "x");
            finding.fix(if safe { Fix::safe("t", edit) } else { Fix::unsafe_("t", edit) });
            findings.push(finding);
        }
        for allowed in [Safety::Safe, Safety::Unsafe] {
            let fixes = choose(&findings, allowed);
            prop_assert!(fixes.iter().all(|fix| fix.safety <= allowed));
            let applied = apply(&text, &fixes);
            // Walk both texts: between edits they agree, at edits the replacement stands.
            let mut edits: Vec<&Edit> = fixes.iter().flat_map(|fix| &fix.edits).collect();
            edits.sort_by_key(|edit| edit.span);
            let (mut before, mut after) = (0, 0);
            for edit in edits {
                let kept = &text[before..edit.span.start as usize];
                prop_assert!(applied.text[after..].starts_with(kept));
                after += kept.len();
                prop_assert!(applied.text[after..].starts_with(&edit.text));
                after += edit.text.len();
                before = edit.span.end as usize;
            }
            prop_assert_eq!(&text[before..], &applied.text[after..]);
        }
    }
}
