use super::lines::Text;
use crate::{Array, Word};
use plimsoll_base::Span;
use std::borrow::Cow;
use std::ops::Range;

/// What JSON form may turn out to be.
pub(super) enum Json<'a> {
    /// An array of strings.
    Strings(Array<'a>),
    /// An array that holds something else, which builders refuse; the first such item.
    Mixed(Span),
    /// No JSON array: shell form.
    Shell,
}

/// Reads the range, which has no blanks at its ends, as a JSON array.
pub(super) fn array<'a>(text: &Text<'_, 'a>, range: &Range<usize>) -> Json<'a> {
    let mut cursor = Cursor { bytes: &text.content.as_bytes()[..range.end], at: range.start };
    if cursor.take() != Some(b'[') {
        return Json::Shell;
    }
    match items(&mut cursor, text) {
        Some((items, None)) => Json::Strings(Array { span: text.span(range), items }),
        Some((_, Some(odd))) => Json::Mixed(odd),
        None => Json::Shell,
    }
}

/// The items behind `[`, and the first that is no string. `None` where it is not JSON.
fn items<'a>(cursor: &mut Cursor<'_>, text: &Text<'_, 'a>) -> Option<(Vec<Word<'a>>, Option<Span>)> {
    let mut items = Vec::new();
    let mut odd = None;
    cursor.blanks();
    if cursor.peek() == Some(b']') {
        cursor.at += 1;
    } else {
        loop {
            cursor.blanks();
            let start = cursor.at;
            if cursor.peek() == Some(b'"') {
                let escaped = cursor.string()?;
                let inner = start + 1..cursor.at - 1;
                let content = if escaped { Cow::Owned(decode(&text.content[inner])) } else { text.cow(&inner) };
                items.push(Word { span: text.span(&(start..cursor.at)), text: content });
            } else {
                cursor.value()?;
                odd.get_or_insert_with(|| text.span(&(start..cursor.at)));
            }
            cursor.blanks();
            match cursor.take()? {
                b',' => {}
                b']' => break,
                _ => return None,
            }
        }
    }
    cursor.blanks();
    cursor.peek().is_none().then_some((items, odd))
}

/// Where the name and the value of a member stand, each without its quotes, in a text that is one JSON object. As in
/// every JSON reader of the builders, the last of several wins.
pub(super) fn member(text: &str, name: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut cursor = Cursor { bytes: text.as_bytes(), at: 0 };
    let mut found = None;
    cursor.blanks();
    if cursor.take()? != b'{' {
        return None;
    }
    cursor.blanks();
    if cursor.peek()? == b'}' {
        return None;
    }
    loop {
        cursor.blanks();
        let key = cursor.at + 1;
        cursor.key()?;
        let is_named = text.get(key..key + name.len() + 1).is_some_and(|key| key.strip_suffix('"') == Some(name));
        cursor.blanks();
        let value = cursor.at + 1;
        let is_string = cursor.peek()? == b'"';
        cursor.value()?;
        if is_named {
            found = is_string.then_some((key..key + name.len(), value..cursor.at - 1));
        }
        cursor.blanks();
        match cursor.take()? {
            b',' => {}
            b'}' => break,
            _ => return None,
        }
    }
    cursor.blanks();
    if cursor.peek().is_some() { None } else { found }
}

/// The content of a JSON string whose form has been checked.
fn decode(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    decode_pieces(inner, |piece, _| out.push_str(piece));
    out
}

/// Gives the content of a JSON string piece by piece, each with the offset of what it stands for. Lone surrogates
/// become U+FFFD.
pub(crate) fn decode_pieces(inner: &str, mut give: impl FnMut(&str, usize)) {
    let mut at = 0;
    while let Some(length) = inner[at..].find('\\') {
        give(&inner[at..at + length], at);
        at += length;
        let Some(letter) = inner[at + 1..].chars().next() else { return };
        let mut width = 1 + letter.len_utf8();
        let character = match letter {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                width = 6;
                let low = inner.get(at + 6..).and_then(|rest| rest.strip_prefix("\\u")).map(unit).unwrap_or_default();
                let pair = char::decode_utf16([unit(&inner[at + 2..]), low]).next();
                let character = pair.and_then(Result::ok).unwrap_or(char::REPLACEMENT_CHARACTER);
                if character.len_utf16() == 2 {
                    width = 12;
                }
                character
            }
            other => other,
        };
        give(character.encode_utf8(&mut [0; 4]), at);
        at += width;
    }
    give(&inner[at..], at);
}

fn unit(digits: &str) -> u16 {
    digits.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

/// A checker of JSON text. Its methods step over what they check and give `None` where it is not there.
struct Cursor<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A string; whether there are escapes in it.
    fn string(&mut self) -> Option<bool> {
        let mut escaped = false;
        if self.take()? != b'"' {
            return None;
        }
        loop {
            match self.take()? {
                b'"' => return Some(escaped),
                b'\\' => {
                    escaped = true;
                    match self.take()? {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            for _ in 0..4 {
                                self.take().filter(u8::is_ascii_hexdigit)?;
                            }
                        }
                        _ => return None,
                    }
                }
                ..0x20 => return None,
                _ => {}
            }
        }
    }

    /// A member's name with the colon behind it.
    fn key(&mut self) -> Option<()> {
        self.blanks();
        self.string()?;
        self.blanks();
        (self.take()? == b':').then_some(())
    }

    /// A value of any type.
    fn value(&mut self) -> Option<()> {
        // The brackets that are to be closed: a list, because recursion would let the input choose the stack's
        // depth. The limit is the one of the builders' JSON reader.
        const DEEPEST: usize = 10_000;
        let mut open: Vec<u8> = Vec::new();
        loop {
            self.blanks();
            match self.peek()? {
                b'"' => drop(self.string()?),
                b'[' => {
                    self.at += 1;
                    self.blanks();
                    if self.peek()? != b']' {
                        open.push(b']');
                        continue;
                    }
                    self.at += 1;
                }
                b'{' => {
                    self.at += 1;
                    self.blanks();
                    if self.peek()? != b'}' {
                        open.push(b'}');
                        self.key()?;
                        continue;
                    }
                    self.at += 1;
                }
                b't' => self.literal(b"true")?,
                b'f' => self.literal(b"false")?,
                b'n' => self.literal(b"null")?,
                _ => self.number()?,
            }
            loop {
                let Some(&close) = open.last() else { return Some(()) };
                self.blanks();
                match self.take()? {
                    b',' => {
                        if close == b'}' {
                            self.key()?;
                        }
                        break;
                    }
                    byte if byte == close => drop(open.pop()),
                    _ => return None,
                }
            }
            if open.len() > DEEPEST {
                return None;
            }
        }
    }

    fn literal(&mut self, word: &[u8]) -> Option<()> {
        self.bytes[self.at..].starts_with(word).then(|| self.at += word.len())
    }

    fn number(&mut self) -> Option<()> {
        if self.peek()? == b'-' {
            self.at += 1;
        }
        if self.peek()? == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }
}
