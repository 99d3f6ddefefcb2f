//! Passwords in commands and statements that have ways of their own to say them: `mysql -uapp -pVALUE`,
//! `sshpass -p VALUE`, `IDENTIFIED BY 'VALUE'`.

use crate::search::Hit;
use crate::value::{self, Value};
use crate::{Confidence, Note};
use memchr::memchr2;
use std::ops::Range;

const LONGEST: usize = 512;

/// The password of MySQL's and MariaDB's clients, whose name holds the byte at `at`.
pub(crate) fn database_client(bytes: &[u8], at: usize) -> Option<Hit> {
    const NAMES: [&[u8]; 2] = [b"mysql", b"mariadb"];
    let letter = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'-' | b'.');
    let start = at - bytes[..at].iter().rev().take(8).take_while(letter).count();
    let name = bytes[start..].iter().take(32).take_while(letter).count();
    if !NAMES.iter().any(|name| bytes[start..].starts_with(name)) || bytes.get(start + name) != Some(&b' ') {
        return None;
    }
    let from = start + name;
    let line = command(&bytes[from..bytes.len().min(from + LONGEST)]);
    // The password follows at once: `-p VALUE` asks for it, and opens the database VALUE.
    let mut options = memchr::memmem::find_iter(line, b" -p");
    let option = options.find(|&option| line.get(option + 3).is_some_and(|byte| *byte > b' '))?;
    let has_user = memchr::memmem::find(line, b" -u").is_some() || memchr::memmem::find(line, b" --user").is_some();
    let password = word(line, option + 3)?;
    let judged = value::judge(&line[password.clone()], b"");
    // Other tools that have `mysql` among their words have `-p` too.
    if judged < Value::Literal && !(judged == Value::Weak && has_user) {
        return None;
    }
    hit(judged, from + password.start..from + password.end)
}

/// The password of `sshpass`, whose name holds the byte at `at`.
pub(crate) fn sshpass(bytes: &[u8], at: usize) -> Option<Hit> {
    let start = at.checked_sub(3).filter(|&start| bytes[start..].starts_with(b"sshpass "))?;
    let from = start + "sshpass".len();
    let line = command(&bytes[from..bytes.len().min(from + LONGEST)]);
    let option = line.iter().take_while(|&&byte| byte == b' ').count();
    let behind = line[option..].strip_prefix(b"-p")?;
    let spaces = behind.iter().take_while(|&&byte| byte == b' ').count();
    let password = word(line, option + 2 + spaces)?;
    hit(value::judge(&line[password.clone()], b""), from + password.start..from + password.end)
}

/// `IDENTIFIED BY 'VALUE'`, `IDENTIFIED WITH plugin BY 'VALUE'` of SQL; `at` is where `tified ` stands.
pub(crate) fn identified(bytes: &[u8], at: usize) -> Option<Hit> {
    const WORDS: usize = 96;
    let start = at.checked_sub(4).filter(|&start| bytes[start..at].eq_ignore_ascii_case(b"iden"))?;
    let from = start + "identified ".len();
    let rest = bytes.get(from..bytes.len().min(from + LONGEST))?;
    let quote = memchr2(b'\'', b'"', &rest[..rest.len().min(WORDS)])?;
    let words: Vec<&[u8]> = rest[..quote].split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    let is = |at: usize, word: &[u8]| words.get(at).is_some_and(|other| other.eq_ignore_ascii_case(word));
    // Within the string of a program the quote has a backslash before it.
    let by = match words.as_slice() {
        [.., last] if *last == b"\\" => words.len() - 2,
        _ => words.len().checked_sub(1)?,
    };
    if !(is(by, b"by") && (by == 0 || by == 2 && is(0, b"with"))) {
        return None;
    }
    let value = &rest[quote + 1..];
    let length = value.iter().position(|&byte| byte == rest[quote] || byte == b'\\' || byte == b'\n')?;
    let judged = value::judge(&value[..length], b"");
    // Words are what documentation has there.
    let start = from + quote + 1;
    if judged == Value::Words { None } else { hit(judged, start..start + length) }
}

/// A line up to where another command begins.
fn command(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|&byte| matches!(byte, b'\n' | b'|' | b';' | b'&' | 0));
    &line[..end.unwrap_or(line.len())]
}

/// The word that begins at a place, without the quotes around it.
fn word(line: &[u8], at: usize) -> Option<Range<usize>> {
    if let quote @ (b'"' | b'\'') = line.get(at)? {
        let length = line[at + 1..].iter().position(|byte| byte == quote)?;
        return Some(at + 1..at + 1 + length);
    }
    let goes_on = |&&byte: &&u8| byte > b' ' && !matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b'<' | b'>' | b')');
    Some(at..at + line[at..].iter().take_while(goes_on).count())
}

fn hit(judged: Value, range: Range<usize>) -> Option<Hit> {
    let hit = Hit::new("password-assignment", range)?;
    match judged {
        Value::Harmless => None,
        Value::Words | Value::Weak => Some(hit.confidence(Confidence::Low).note(Note::Weak)),
        Value::Literal => Some(hit.confidence(Confidence::Low)),
        Value::Strong | Value::Random => Some(hit),
    }
}
