//! The parts of a rule's documentation: Markdown with the sections "What it does", "Why is this bad?", "Example" and
//! perhaps others, as its doc comment gives it.

use crate::RuleMeta;

impl RuleMeta {
    /// The user documentation without the blank that doc comments put before each line.
    pub fn documentation(&self) -> String {
        self.lines().flat_map(|line| [line, "\n"]).collect()
    }

    /// The text under a heading of the documentation up to the next one, its lines joined; empty where there is none.
    pub fn section(&self, heading: &str) -> String {
        let is_heading = |line: &str| line.strip_prefix("## ").is_some_and(|title| title == heading);
        let text = self.lines().skip_while(|line| !is_heading(line)).skip(1);
        let text = text.take_while(|line| !line.starts_with("## ")).filter(|line| !line.is_empty());
        text.collect::<Vec<_>>().join(" ")
    }

    /// What the rule does, in one sentence without its final dot.
    pub fn summary(&self) -> String {
        first_sentence(self.section("What it does"))
    }

    /// Why that matters, in one sentence without its final dot.
    pub fn reason(&self) -> String {
        first_sentence(self.section("Why is this bad?"))
    }

    fn lines(&self) -> impl Iterator<Item = &'static str> {
        self.doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
    }
}

fn first_sentence(mut text: String) -> String {
    // A dot within a sentence, as in `e.g.` or a file's name, is not followed by a capital letter.
    let opens = |rest: &str| rest.trim_start().starts_with(|first: char| first.is_uppercase() || first == '`');
    let end = text.match_indices(". ").map(|(at, _)| at).find(|at| opens(&text[at + 1..]));
    text.truncate(end.unwrap_or(text.trim_end_matches('.').len()));
    text
}

#[cfg(test)]
mod tests {
    use crate::{Category, Confidence, Input, RuleMeta, Severity, Status};

    #[test]
    fn parts_are_found() {
        let rule = RuleMeta {
            id: "test",
            doc: " ## What it does\n Flags e.g. this.\n\n ## Why is this bad?\n Because of `a.b`, e.g. c,\n and d. E too.\n",
            input: Input::Dockerfile,
            category: Category::Style,
            severity: Severity::Info,
            confidence: Confidence::High,
            presets: &[],
            since: "0.1.0",
            status: Status::Stable,
            aliases: &[],
            fixable: false,
        };
        assert_eq!(rule.summary(), "Flags e.g. this");
        assert_eq!(rule.reason(), "Because of `a.b`, e.g. c, and d");
        assert_eq!(rule.section("Why is this bad?"), "Because of `a.b`, e.g. c, and d. E too.");
        assert_eq!(rule.section("Fix"), "");
        assert!(rule.documentation().starts_with("## What it does\nFlags e.g. this.\n\n## Why"));
    }
}
