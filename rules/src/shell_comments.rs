use crate::facts::{Facts, RunScript};
use plimsoll_base::Span;
use plimsoll_dockerfile::{Comment, Logical};
use plimsoll_shell as shell;
use std::cell::OnceCell;

/// A comment of ShellCheck's, with what it speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShellComment {
    /// What stands behind the `#`.
    pub text: String,
    /// Where it has a say.
    pub scope: Span,
}

/// The comments of ShellCheck's in and above the shell texts of a file. As for ShellCheck, a comment before the first
/// command speaks for the whole text, and any other for the command that follows it.
pub(crate) fn find(facts: &Facts<'_>) -> Vec<ShellComment> {
    let mut found = Vec::new();
    if !facts.file.source.contains("shellcheck") {
        return found;
    }
    for script in facts.shell_texts() {
        let Some(text) = script.text else { continue };
        let scopes = Scopes { script, text, statements: OnceCell::new() };
        for comment in above_and_inside(facts, script) {
            let at = if comment.inside { text.logical_offset(comment.span.end) } else { 0 };
            found.push(ShellComment { text: comment.text.to_owned(), scope: scopes.of(at) });
        }
        let mut at = 0;
        for line in text.text.split_inclusive('\n') {
            at += line.len() as u32;
            if let Some(comment) = line.trim().strip_prefix('#').filter(|comment| is_shellchecks(comment)) {
                found.push(ShellComment { text: comment.to_owned(), scope: scopes.of(at) });
            }
        }
    }
    found
}

/// The comments of ShellCheck's that stand in the continued lines of an instruction, or right above it.
fn above_and_inside<'f>(facts: &'f Facts<'_>, script: &RunScript<'_>) -> impl Iterator<Item = &'f Comment<'f>> {
    let file = facts.file;
    let span = file.instructions.get(script.at.index).map_or_else(Span::default, |instruction| instruction.span);
    let first = file.comments.partition_point(|comment| comment.span.start < span.start);
    let above = file.comments[..first].iter().rev().scan(span.start, |below, comment| {
        let between = Span::new(comment.span.end, *below).text(file.source);
        *below = comment.span.start;
        (between.trim().is_empty() && between.matches('\n').count() == 1).then_some(comment)
    });
    let inside = file.comments[first..].iter().take_while(move |comment| comment.span.start < span.end);
    above.chain(inside).filter(|comment| is_shellchecks(comment.text))
}

fn is_shellchecks(comment: &str) -> bool {
    comment.trim_start().starts_with("shellcheck")
}

/// What comments in a text speak for.
struct Scopes<'s, 'c> {
    script: &'s RunScript<'c>,
    text: &'c Logical<'c>,
    statements: OnceCell<Vec<Span>>,
}

impl Scopes<'_, '_> {
    /// What a comment before offset `at` of the text speaks for.
    fn of(&self, at: u32) -> Span {
        let whole = Span::new(0, self.text.text.len() as u32);
        if self.script.commands().first().is_none_or(|command| command.span.start >= at) {
            return self.text.source_span(whole);
        }
        let statements = self.statements.get_or_init(|| shell::statements(&self.text.text));
        let next = statements.get(statements.partition_point(|statement| statement.start < at));
        self.text.source_span(next.copied().unwrap_or_else(|| Span::empty(whole.end)))
    }
}
