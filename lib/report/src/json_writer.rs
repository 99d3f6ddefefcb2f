use crate::sanitize::{is_suspect, push_escape, suspects};
use std::io;

/// Writes compact JSON in which nothing of an input stands raw that a terminal or a build runner would obey.
///
/// serde_json does the same through a formatter of our own, and it does so for the reports that are written once in a
/// while. Findings in JSON are the product of every run: written with it they took a fifth of the time in which a file
/// is read, parsed and linted, most of it for looking through keys that are known to be harmless.
pub(crate) struct JsonWriter<'o> {
    buffer: Vec<u8>,
    out: &'o mut dyn io::Write,
    /// Whether the next element of the open object or array needs a comma before it.
    comma: bool,
}

/// The buffer is written out when it holds so many bytes.
const FULL: usize = 1 << 15;

impl<'o> JsonWriter<'o> {
    pub(crate) fn new(out: &'o mut dyn io::Write) -> Self {
        Self { buffer: Vec::with_capacity(FULL + FULL / 4), out, comma: false }
    }

    /// An object as the document, an array's element, or a key's value.
    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.group(b'{', b'}', fill)
    }

    /// An array as an array's element or a key's value.
    pub(crate) fn array(&mut self, fill: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.group(b'[', b']', fill)
    }

    fn group(&mut self, open: u8, close: u8, fill: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        self.separate();
        self.buffer.push(open);
        fill(self)?;
        self.buffer.push(close);
        self.comma = true;
        if self.buffer.len() >= FULL {
            self.flush()?;
        }
        Ok(())
    }

    /// A key, which is ours and needs no escapes. What is written next is its value.
    pub(crate) fn key(&mut self, key: &'static str) -> &mut Self {
        self.separate();
        self.buffer.push(b'"');
        self.buffer.extend_from_slice(key.as_bytes());
        self.buffer.extend_from_slice(b"\":");
        self
    }

    /// A word that is ours and needs no escapes.
    pub(crate) fn word(&mut self, word: &'static str) {
        self.separate();
        self.buffer.push(b'"');
        self.buffer.extend_from_slice(word.as_bytes());
        self.buffer.push(b'"');
        self.comma = true;
    }

    /// A text of any origin.
    pub(crate) fn string(&mut self, text: &str) {
        self.separate();
        self.buffer.push(b'"');
        // Looking at all bytes without stopping lets the compiler take many at once.
        let plain = !text.bytes().fold(false, |found, byte| found | is_suspect(byte) | matches!(byte, b'"' | b'\\'));
        if plain {
            self.buffer.extend_from_slice(text.as_bytes());
        } else {
            self.escaped(text);
        }
        self.buffer.push(b'"');
        self.comma = true;
    }

    fn escaped(&mut self, text: &str) {
        let mut rest = text;
        let mut hidden = suspects(text).peekable();
        while let Some(at) = rest.find(|c: char| c < ' ' || matches!(c, '"' | '\\' | '#' | '\x7f') || !c.is_ascii()) {
            let here = text.len() - rest.len() + at;
            let character = rest[at..].chars().next().unwrap_or_default();
            self.buffer.extend_from_slice(&rest.as_bytes()[..at]);
            rest = &rest[at + character.len_utf8()..];
            let is_hidden = hidden.next_if(|&(place, _)| place == here).is_some();
            match character {
                '"' => self.buffer.extend_from_slice(b"\\\""),
                '\\' => self.buffer.extend_from_slice(b"\\\\"),
                '\n' => self.buffer.extend_from_slice(b"\\n"),
                '\r' => self.buffer.extend_from_slice(b"\\r"),
                '\t' => self.buffer.extend_from_slice(b"\\t"),
                _ if is_hidden => push_escape(character, &mut self.buffer),
                _ => self.buffer.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        self.buffer.extend_from_slice(rest.as_bytes());
    }

    pub(crate) fn number(&mut self, mut number: u64) {
        self.separate();
        let mut digits = [0; 20];
        let mut start = digits.len();
        loop {
            start -= 1;
            digits[start] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.buffer.extend_from_slice(&digits[start..]);
        self.comma = true;
    }

    fn separate(&mut self) {
        // A key's value follows its colon.
        if self.comma && self.buffer.last() != Some(&b':') {
            self.buffer.push(b',');
        }
        self.comma = false;
    }

    /// Writes what is left, and a line break.
    pub(crate) fn boolean(&mut self, value: bool) {
        self.separate();
        self.buffer.extend_from_slice(if value { b"true" } else { b"false" });
        self.comma = true;
    }

    /// A number between 0 and 1, with four digits.
    pub(crate) fn ten_thousandths(&mut self, number: u64) {
        self.separate();
        self.buffer.extend_from_slice(format!("{}.{:04}", number / 10_000, number % 10_000).as_bytes());
        self.comma = true;
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.buffer.push(b'\n');
        self.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn is_what_serde_writes() {
        let mut ours = Vec::new();
        let mut writer = JsonWriter::new(&mut ours);
        let texts =
            ["", "plain", "a\"b\\c", "\u{1b}[0m \u{202e}x\u{1f512} é漢", "##vso[x] # ## [", "\t\r\n\u{7f}\u{0}", "c:"];
        writer
            .object(|writer| {
                writer.key("texts").array(|writer| {
                    for text in texts {
                        writer.string(text);
                    }
                    Ok(())
                })?;
                writer.key("empty").array(|_| Ok(()))?;
                writer.key("numbers").array(|writer| {
                    for number in [0, 7, 10, u64::MAX] {
                        writer.number(number);
                    }
                    Ok(())
                })?;
                writer.key("word").word("word");
                writer.key("objects").array(|writer| {
                    writer.object(|writer| {
                        writer.key("a").number(1);
                        writer.key("b").string(":");
                        writer.key("c").object(|_| Ok(()))
                    })?;
                    writer.object(|_| Ok(()))
                })
            })
            .expect("a vector takes all");
        writer.finish().expect("a vector takes all");
        let expected = serde_json::json!({
            "texts": texts, "empty": [], "numbers": [0u64, 7, 10, u64::MAX], "word": "word",
            "objects": [{ "a": 1, "b": ":", "c": {} }, {}],
        });
        assert_eq!(serde_json::from_slice::<Value>(&ours).expect("JSON"), expected);
        for text in texts {
            let mut ours = Vec::new();
            let mut writer = JsonWriter::new(&mut ours);
            writer.string(text);
            writer.finish().expect("a vector takes all");
            let mut serde = Vec::new();
            crate::sanitize::write_json(&text, &mut serde).expect("a vector takes all");
            assert_eq!(ours.trim_ascii_end(), serde, "{text:?}");
        }
    }
}
