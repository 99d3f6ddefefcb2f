use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags characters that cannot be seen: those that turn the direction of writing, and those without width.
    ///
    /// ## Why is this bad?
    /// With them a line can show other code than it runs ("Trojan Source", CVE-2021-42574), and two names that look
    /// the same can differ. A reviewer cannot see either.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// RUN wget https://exa‌mple.com/setup
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// RUN wget https://example.com/setup
    /// ```
    ///
    /// ## Fix
    /// Deletes the character. Unsafe, since a text may need it.
    ///
    /// ## Notes
    /// Zero-width joiners between emoji, and marks beside letters of right-to-left scripts, are how such text is
    /// written and no findings.
    category: Security, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let source = cx.file.source;
    if source.is_ascii() {
        return;
    }
    let mut before = '\n';
    let mut characters = source.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let after = characters.peek().map_or('\n', |&(_, next)| next);
        if let Some(what) = hidden(character)
            && !(offset == 0 && character == '\u{feff}')
            && !is_writing(before, character, after)
        {
            let span = Span::new(offset as u32, (offset + character.len_utf8()) as u32);
            let message = format!("hidden character U+{:04X}, {what}", u32::from(character));
            cx.report(span, message).fix(Fix::unsafe_("delete the character", Edit::delete(span)));
        }
        before = character;
    }
}

/// What a character does where it cannot be seen.
fn hidden(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => "which turns the direction of writing",
        '\u{061c}' | '\u{200e}' | '\u{200f}' => "a direction mark",
        '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{180e}' => "a space without width",
        '\u{200c}' | '\u{200d}' => "a joiner without width",
        '\u{2061}'..='\u{2064}' | '\u{206a}'..='\u{206f}' => "an invisible operator",
        '\u{00ad}' => "a soft hyphen",
        '\u{e0000}'..='\u{e007f}' => "an invisible tag",
        _ => return None,
    })
}

/// Whether the character is how its neighbours are written: joined emoji, Indic and Arabic joiners, direction marks in
/// right-to-left text, the tags of flags.
fn is_writing(before: char, character: char, after: char) -> bool {
    let script = |c: char| matches!(c, '\u{0590}'..='\u{0dff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    let emoji = |c: char| matches!(c, '\u{200d}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    match character {
        '\u{200c}' | '\u{200d}' => emoji(before) && emoji(after) || script(before),
        '\u{200e}' | '\u{200f}' | '\u{061c}' => script(before) || script(after),
        '\u{e0020}'..='\u{e007f}' => before == '\u{1f3f4}' || matches!(before, '\u{e0020}'..='\u{e007e}'),
        _ => false,
    }
}
