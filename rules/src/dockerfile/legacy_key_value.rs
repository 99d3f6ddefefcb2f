use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags `ENV name value` and `LABEL name value`, the old form without `=`.
    ///
    /// ## Why is this bad?
    /// The old form takes one name and the rest of the line: `ENV A 1 B=2` sets `A` to `1 B=2`. BuildKit warns of it
    /// and may refuse it one day.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// ENV GREETING hello world
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// ENV GREETING="hello world"
    /// ```
    ///
    /// ## Fix
    /// Writes the new form, with quotes where the value has blanks.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["LegacyKeyValueFormat"],
    fixable: true,
    check: Instruction([Env, Label], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let (Kind::Env(pairs) | Kind::Label(pairs)) = &at.instruction.kind else { return };
    let name = at.keyword_kind().name();
    let escape = cx.file.escape;
    for pair in pairs.iter().filter(|pair| pair.legacy) {
        let gap = Span::new(pair.key.span.end, pair.value.span.start);
        let value = cx.text(pair.value.span);
        let commented = cx.text(gap).contains('#') || value.contains('\n') && value.contains('#');
        let quote = quote(&pair.value.text, escape);
        let finding = cx.report(pair.key.span, format!("`{name}` in the old form without `=`"));
        // Before `=` quotes would mean something, and blanks that are not ASCII would end the name.
        let plain_key = !pair.key.text.contains(|c: char| matches!(c, '"' | '\'') || c.is_whitespace());
        let Some(quote) = quote.filter(|_| !commented && plain_key) else { continue };
        let mut edits = vec![Edit::replace(gap, format!("={quote}"))];
        if !quote.is_empty() {
            edits.push(Edit::insert(pair.value.span.end, quote));
        }
        finding.fix(Fix::safe("write it with `=`", edits));
    }
}

/// The quotes that the value needs to stay one word; `None` where quotes or escapes and blanks are mixed.
fn quote(value: &str, escape: char) -> Option<&'static str> {
    let mut open = None;
    let mut characters = value.chars();
    let mut blank = false;
    while let Some(character) = characters.next() {
        match open {
            _ if character == escape && open != Some('\'') => drop(characters.next()?),
            Some(quote) if character == quote => open = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'') => open = Some(character),
            None => blank |= character.is_whitespace(),
        }
    }
    match (open, blank) {
        (Some(_), _) => None,
        (None, false) => Some(""),
        (None, true) => (!value.contains(['"', '\'', escape])).then_some("\""),
    }
}
