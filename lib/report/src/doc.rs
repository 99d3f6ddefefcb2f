//! The parts of a rule's documentation: Markdown with the sections "What it does", "Why is this bad?", "Example" and
//! perhaps others, as its doc comment gives it.

/// The lines of a doc comment without the blank after `///`.
pub(crate) fn lines(doc: &str) -> impl Iterator<Item = &str> {
    doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
}

/// The documentation as Markdown for others to show: the words after a fence's language are for our tests.
pub(crate) fn markdown(doc: &str) -> String {
    let mut markdown = String::with_capacity(doc.len());
    for line in lines(doc) {
        let line = if line.starts_with("```") { line.split(',').next().unwrap_or(line) } else { line };
        markdown.push_str(line);
        markdown.push('\n');
    }
    markdown.trim().to_owned()
}

/// The text under a heading up to the next one, its lines joined; empty where there is none.
pub(crate) fn section(doc: &str, heading: &str) -> String {
    let is_heading = |line: &str| line.strip_prefix("## ").is_some_and(|title| title == heading);
    let text = lines(doc).skip_while(|line| !is_heading(line)).skip(1).take_while(|line| !line.starts_with("## "));
    text.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The first sentence under a heading, without its final dot.
pub(crate) fn first_sentence(doc: &str, heading: &str) -> String {
    let mut text = section(doc, heading);
    // A dot within a sentence, as in `e.g.` or a file's name, is not followed by a capital letter.
    let opens = |rest: &str| rest.trim_start().starts_with(|first: char| first.is_uppercase() || first == '`');
    let end = text.match_indices(". ").map(|(at, _)| at).find(|at| opens(&text[at + 1..]));
    text.truncate(end.unwrap_or(text.trim_end_matches('.').len()));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOC: &str = " ## What it does\n Flags e.g. this.\n\n ## Why is this bad?\n Because of `a.b`, e.g. c,\n and d. E too.\n\n ## Example\n ```dockerfile,finding\n RUN a \\\n   b\n ```\n";

    #[test]
    fn parts_are_found() {
        assert_eq!(first_sentence(DOC, "What it does"), "Flags e.g. this");
        assert_eq!(first_sentence(DOC, "Why is this bad?"), "Because of `a.b`, e.g. c, and d");
        assert_eq!(first_sentence(DOC, "Fix"), "");
        assert!(markdown(DOC).ends_with("## Example\n```dockerfile\nRUN a \\\n  b\n```"));
    }
}
