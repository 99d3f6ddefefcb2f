//! ShellCheck's rules: one rule for each code, found in one go in every shell text of a file.

#[macro_use]
mod table;

use crate::cx::Cx;
use crate::facts::RunScript;
use crate::rule::Rule;
use crate::shell_texts::variables;
use plimsoll_base::Span;
use plimsoll_dockerfile::{Dockerfile, Logical};
use plimsoll_engine::{Edit, Fix};
use plimsoll_shell::Dialect;
use plimsoll_shell::shellcheck::{Checker, Outcome, ShellFinding, ShellFix};

/// The rules, in no order that means anything.
pub(crate) fn rules() -> impl Iterator<Item = &'static Rule> {
    table::RULES.iter()
}

/// The rules of ShellCheck's codes that are wanted.
#[derive(Debug)]
pub(crate) struct ShellCheck {
    checker: Checker,
    /// By rising code.
    rules: Vec<(u16, &'static Rule)>,
}

impl ShellCheck {
    /// Arranges the rules, each with its code.
    pub(crate) fn new(mut rules: Vec<(u16, &'static Rule)>) -> Self {
        rules.sort_by_key(|&(code, _)| code);
        let codes: Vec<u16> = rules.iter().map(|&(code, _)| code).collect();
        Self { checker: Checker::new(&codes), rules }
    }

    /// Reports what is found in the file's shell texts.
    pub(crate) fn run(&self, cx: &mut Cx<'_>) {
        for script in cx.facts.shell_texts() {
            // What a shell would refuse gives findings of little worth.
            let (Some(text), Some(_)) = (script.text, &script.parsed) else { continue };
            let variables = variables(cx.facts, script);
            if let Outcome::Checked(findings) = &*self.checker.check(&text.text, script.dialect, &variables) {
                for finding in findings {
                    self.report(cx, script, text, finding);
                }
            }
        }
    }

    fn report(&self, cx: &mut Cx<'_>, script: &RunScript<'_>, text: &Logical<'_>, found: &ShellFinding) {
        let Ok(at) = self.rules.binary_search_by_key(&found.code, |&(code, _)| code) else { return };
        cx.rule = &self.rules[at].1.meta;
        let file = cx.file;
        let finding = cx.report(script.place(found.span), found.message.clone());
        if let Some(fix) = found.fix.as_ref().and_then(|fix| placed(fix, text, file)) {
            finding.fix(fix);
        }
        // Of a `sh` of unknown make the build that works says more than the standard.
        let unknown = script.actual == Dialect::Posix && found.code >= 3000;
        if unknown || script.actual.understands(found, &text.text) {
            finding.quiet();
        }
    }
}

/// A remedy of the text as one of the Dockerfile; none where an edit would touch a continuation, which is not a part of
/// the text, or make one.
fn placed(fix: &ShellFix, text: &Logical<'_>, file: &Dockerfile<'_>) -> Option<Fix> {
    let edit = |(span, new): &(Span, String)| {
        let place = text.source_span(*span);
        let at_seam = text.segments.iter().skip(1).any(|segment| segment.at == span.start);
        let sound = if span.is_empty() { !at_seam } else { place.len() == span.len() };
        let rest = file.source.get(place.end as usize..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let continues = new.ends_with(file.escape) && rest.trim().is_empty();
        (sound && !continues).then(|| Edit::replace(place, new.clone()))
    };
    let mut edits: Vec<Edit> = fix.edits.iter().map(edit).collect::<Option<_>>()?;
    edits.sort_by_key(|edit| edit.span);
    let apart = edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
    let title = fix.title.clone();
    apart.then(|| if fix.safe { Fix::safe(title, edits) } else { Fix::unsafe_(title, edits) })
}
