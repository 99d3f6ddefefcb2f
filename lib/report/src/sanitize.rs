/*!
Nothing of an input reaches an output raw that a terminal, a reader or a build runner would obey instead of show.

- Control characters, marks that reorder text and characters without width are written as `\u{202e}`: what is hidden
  becomes visible and keeps its place in the line. In JSON they are written as JSON escapes, which lose nothing.
- Runners read the output of what they run. GitHub obeys `::command::` at a line's start (blanks before it are
  skipped) and `##[command]` anywhere in a line; Azure and TeamCity obey `##vso[...]` and `##teamcity[...]`. The first
  is broken at a line's start only, since it is harmless elsewhere and `std::string` should stay legible; the others
  are broken everywhere, because no gutter keeps them from being obeyed. One of their signs is written as an escape,
  so that a reader still sees which character stood there.
*/

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::fmt::{self, Write as _};
use std::io::{self, Write as _};

/// Text of an input inside of an output line: a message, a path after other words.
pub(crate) fn inline(text: &str) -> Escaped<'_> {
    Escaped { text, tab: "\\u{9}", opens_line: false }
}

/// Text of an input at the start of an output line.
pub(crate) fn line_start(text: &str) -> Escaped<'_> {
    Escaped { opens_line: true, ..inline(text) }
}

/// A source line after its gutter: a tab takes four columns, so that what is underlined stays under its words.
pub(crate) fn source_line(text: &str) -> Escaped<'_> {
    Escaped { tab: "    ", ..inline(text) }
}

/// A line of a diff, its tabs kept. The blank before a line that does not change hides nothing from a runner, so such
/// a line opens the output line.
pub(crate) fn diff_line(text: &str, changes: bool) -> Escaped<'_> {
    Escaped { text, tab: "\t", opens_line: !changes }
}

/// Shows a text without what terminals and runners obey.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Escaped<'a> {
    text: &'a str,
    tab: &'static str,
    opens_line: bool,
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let command = self.text.trim_start();
        let rest = if self.opens_line && command.starts_with("::") {
            self.write(f, &self.text[..self.text.len() - command.len()])?;
            f.write_str("\\u{3a}")?;
            &command[1..]
        } else {
            self.text
        };
        self.write(f, rest)
    }
}

impl Escaped<'_> {
    fn write(self, f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
        let mut written = 0;
        for (at, character) in suspects(text) {
            f.write_str(&text[written..at])?;
            match character {
                '\t' => f.write_str(self.tab)?,
                _ => write!(f, "{}", character.escape_unicode())?,
            }
            written = at + character.len_utf8();
        }
        f.write_str(&text[written..])
    }
}

/// Writes a value as compact JSON in which nothing stands raw that [`Escaped`] would escape.
pub(crate) fn write_json(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    // The serializer writes a few bytes at a time: straight into a buffer it takes two thirds of the time that it takes
    // through a `dyn Write` that buffers.
    let mut buffered = io::BufWriter::with_capacity(1 << 15, out);
    value.serialize(&mut Serializer::with_formatter(&mut buffered, Guarded)).map_err(io::Error::from)?;
    buffered.flush()
}

struct Guarded;

impl Formatter for Guarded {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut written = 0;
        for (at, character) in suspects(fragment) {
            out.write_all(&fragment.as_bytes()[written..at])?;
            let mut escape = Vec::new();
            push_escape(character, &mut escape);
            out.write_all(&escape)?;
            written = at + character.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[written..])
    }
}

/// Writes a character as JSON escapes.
pub(crate) fn push_escape(character: char, out: &mut Vec<u8>) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        // Writing to a vector cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// Whether a character that begins with this byte may be one that must not stand raw in an output.
pub(crate) fn is_suspect(byte: u8) -> bool {
    !(b' '..0x7f).contains(&byte) || byte == b'#'
}

/// The characters of a text that must not stand raw in an output, with their places.
pub(crate) fn suspects(text: &str) -> impl Iterator<Item = (usize, char)> {
    // Nearly every text is innocent. Looking at all its bytes without stopping lets the compiler take many at once.
    let innocent = !text.bytes().fold(false, |found, byte| found | is_suspect(byte));
    let text = if innocent { "" } else { text };
    text.char_indices().filter(|&(at, character)| is_hidden(character) || character == '#' && opens_command(text, at))
}

/// Control characters, characters that reorder or hide text, and those that no font shows.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether the `#` at that place is the second one of `##[`, `##vso[` and kin.
fn opens_command(text: &str, at: usize) -> bool {
    text[..at].ends_with('#')
        && text[at + 1..].trim_start_matches(|character: char| character.is_ascii_alphabetic()).starts_with('[')
}

/// Text of an input for the inside of a line that a terminal, a reader or a build runner shows: whatever they would
/// obey instead is written as `\u{…}`.
///
/// ```
/// assert_eq!(plimsoll_report::printable("a\x1b[2Jb"), "a\\u{1b}[2Jb");
/// ```
pub fn printable(text: &str) -> String {
    to_string(inline(text))
}

/// The text as a string.
pub(crate) fn to_string(escaped: Escaped<'_>) -> String {
    let mut text = String::with_capacity(escaped.text.len());
    // Writing to a string cannot fail.
    let _ = write!(text, "{escaped}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown() {
        for hidden in [
            "\u{1b}",
            "\u{8}",
            "\0",
            "\u{7f}",
            "\u{9b}",
            "\u{202e}",
            "\u{2066}",
            "\u{200f}",
            "\u{61c}",
            "\u{200b}",
            "\u{2060}",
            "\u{feff}",
            "\r",
            "\n",
            "\u{e0041}",
        ] {
            let shown = inline(&format!("a{hidden}é")).to_string();
            assert_eq!(shown, format!("a{}é", hidden.escape_unicode()));
            let mut json = Vec::new();
            write_json(&hidden, &mut json).expect("a vector takes all");
            assert!(json.is_ascii() && json.iter().all(|byte| (b' '..0x7f).contains(byte)), "{hidden:?}");
            assert_eq!(serde_json::from_slice::<String>(&json).expect("JSON"), hidden);
        }
        assert_eq!(inline("plain é 漢 ## a [b]").to_string(), "plain é 漢 ## a [b]");
        assert_eq!(source_line("\ta").to_string(), "    a");
        assert_eq!(diff_line("\ta", true).to_string(), "\ta");
    }

    #[test]
    fn runner_commands_are_broken() {
        assert_eq!(line_start("::stop-commands::x").to_string(), "\\u{3a}:stop-commands::x");
        assert_eq!(line_start(" \u{a0}::x").to_string(), " \u{a0}\\u{3a}:x");
        assert_eq!(inline("std::string ::x").to_string(), "std::string ::x");
        for command in ["##vso[task]", "a ##[group]b", "###teamcity[x]"] {
            let shown = inline(command).to_string();
            assert_eq!(shown.replacen("#\\u{23}", "##", 1), command);
            let mut json = Vec::new();
            write_json(&command, &mut json).expect("a vector takes all");
            assert!(String::from_utf8_lossy(&json).contains("#\\u0023"), "{command}");
            assert_eq!(serde_json::from_slice::<String>(&json).expect("JSON"), command);
        }
    }
}
