use super::lines::{Text, trim_start};
use super::{Context, mounts, shown, suggestion};
use crate::{ErrorKind, Flag, Keyword, Mount, Word};
use std::borrow::Cow;
use std::ops::Range;

/// The flags of an instruction.
#[derive(Default)]
pub(super) struct Flags<'a> {
    pub(super) list: Vec<Flag<'a>>,
    pub(super) mounts: Vec<Mount<'a>>,
    /// Where the arguments behind the flags begin.
    pub(super) end: usize,
}

/// Reads the flags at the start of the range: words that begin with `--`, up to a bare `--`.
pub(super) fn read<'a>(cx: &mut Context<'a>, text: &Text<'_, 'a>, keyword: Keyword, range: &Range<usize>) -> Flags<'a> {
    let line = &text.content[..range.end];
    let mut flags = Flags { end: range.start, ..Flags::default() };
    let mut seen = Seen::default();
    loop {
        flags.end = line.len() - trim_start(&line[flags.end..]).len();
        if !line[flags.end..].starts_with("--") {
            return flags;
        }
        let word = flags.end..word_end(line, flags.end);
        flags.end = word.end;
        if word.len() == 2 {
            flags.end = line.len() - trim_start(&line[flags.end..]).len();
            return flags;
        }
        let name_start = word.start + 2;
        let equals = line[word.clone()].find('=').map(|at| word.start + at);
        let flag = Flag {
            span: text.span(&word),
            name: text.word(name_start..equals.unwrap_or(word.end)),
            value: equals.map(|at| text.word(at + 1..word.end)),
        };
        let known = check(cx, keyword, &mut seen, &flag);
        if let (true, Keyword::Run, "mount", Some(at)) = (known, keyword, &*flag.name.text, equals) {
            let options = mounts::read(cx, text, &(at + 1..word.end));
            flags.mounts.push(Mount { span: flag.span, options });
        }
        flags.list.push(flag);
    }
}

/// Where the flag ends that begins at `start`: at a blank outside of quotes. The builders' splitter always takes the
/// backslash for escapes here, whatever the directive says.
fn word_end(line: &str, start: usize) -> usize {
    let mut quote = None;
    let mut characters = line[start..].char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            _ if quote == Some(character) => quote = None,
            '"' | '\'' if quote.is_none() => quote = Some(character),
            _ if quote.is_none() && character.is_whitespace() => return start + at,
            _ => {}
        }
    }
    line.len()
}

/// A flag's value as the builder sees it: without quotes and escapes.
pub(crate) fn unquoted(value: &str) -> Cow<'_, str> {
    if !value.contains(['"', '\'', '\\']) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(unquoted_characters(value).map(|(_, character)| character).collect())
}

/// The characters of a flag that are no quotes or escapes, each with its offset.
pub(super) fn unquoted_characters(value: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    let mut characters = value.char_indices();
    std::iter::from_fn(move || {
        loop {
            let (at, character) = characters.next()?;
            match character {
                '\\' => return characters.next(),
                _ if quote == Some(character) => quote = None,
                '"' | '\'' if quote.is_none() => quote = Some(character),
                _ => return Some((at, character)),
            }
        }
    })
}

/// What a flag takes.
#[derive(Clone, Copy, PartialEq)]
enum Takes {
    /// Nothing, `true` or `false`.
    Bool,
    /// A value, once.
    Value,
    /// A value, any number of times.
    Values,
}

/// The flags that an instruction knows. `None` for those whose flags builders never look at.
const fn known_flags(keyword: Keyword) -> Option<&'static [(&'static str, Takes)]> {
    use Takes::{Bool, Value, Values};
    Some(match keyword {
        Keyword::Add => &[
            ("checksum", Value),
            ("chmod", Value),
            ("chown", Value),
            ("exclude", Values),
            ("keep-git-dir", Bool),
            ("link", Bool),
            ("unpack", Bool),
        ],
        Keyword::Copy => &[
            ("chmod", Value),
            ("chown", Value),
            ("exclude", Values),
            ("from", Value),
            ("link", Bool),
            ("parents", Bool),
        ],
        Keyword::From => &[("platform", Value)],
        Keyword::Healthcheck => &[
            ("interval", Value),
            ("retries", Value),
            ("start-interval", Value),
            ("start-period", Value),
            ("timeout", Value),
        ],
        Keyword::Run => &[("device", Values), ("mount", Values), ("network", Value), ("security", Value)],
        Keyword::Arg | Keyword::StopSignal | Keyword::Unknown => return None,
        _ => &[],
    })
}

/// Which of the known flags an instruction has had so far.
type Seen = [bool; 8];

/// Reports what the builder refuses about the flag; whether the instruction knows it and it has what it takes.
fn check(cx: &mut Context<'_>, keyword: Keyword, seen: &mut Seen, flag: &Flag<'_>) -> bool {
    let Some(known) = known_flags(keyword) else { return false };
    let name = unquoted(&flag.name.text);
    let Some(index) = known.iter().position(|(known, _)| *known == name) else {
        let suggestion = match suggestion(&name, known.iter().map(|&(known, _)| known)) {
            near if near.is_empty() => near,
            near => near.replacen('`', "`--", 1),
        };
        let message = format!("unknown flag {} of `{}`{suggestion}", shown(&format!("--{name}")), keyword.name());
        cx.error(ErrorKind::Flag, flag.name.span, message);
        return false;
    };
    let (_, takes) = known[index];
    if std::mem::replace(&mut seen[index], true) && takes != Takes::Values {
        cx.error(ErrorKind::Flag, flag.span, format!("flag `--{name}` given twice"));
    }
    let Some(value) = &flag.value else {
        if takes != Takes::Bool {
            cx.error(ErrorKind::Flag, flag.span, format!("flag `--{name}` without a value"));
        }
        return takes == Takes::Bool;
    };
    let wanted = match (takes, &*name) {
        (Takes::Bool, _) => is_bool(&value.text).err(),
        (_, "network") => one_of(&value.text, &["default", "none", "host"]).err(),
        (_, "security") => one_of(&value.text, &["sandbox", "insecure"]).err(),
        _ => None,
    };
    if let Some(wanted) = wanted {
        refuse(cx, &flag.name, value, wanted);
    }
    true
}

fn refuse(cx: &mut Context<'_>, name: &Word<'_>, value: &Word<'_>, wanted: &str) {
    let message = format!("flag `--{}` takes {wanted}, not {}", name.text, shown(&unquoted(&value.text)));
    cx.error(ErrorKind::Flag, value.span, message);
}

fn is_bool(value: &str) -> Result<(), &'static str> {
    let value = unquoted(value);
    let fits = value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
    if fits { Ok(()) } else { Err("`true` or `false`") }
}

fn one_of(value: &str, allowed: &[&str]) -> Result<(), &'static str> {
    if allowed.contains(&&*unquoted(value)) {
        return Ok(());
    }
    Err(if allowed.len() == 3 { "`default`, `none` or `host`" } else { "`sandbox` or `insecure`" })
}

/// Reports values of `HEALTHCHECK` flags that the builder refuses. They are never expanded, so variables are among
/// them.
pub(super) fn check_healthcheck(cx: &mut Context<'_>, flags: &[Flag<'_>]) {
    for flag in flags {
        let Some(value) = &flag.value else { continue };
        let text = unquoted(&value.text);
        match &*flag.name.text {
            _ if text.is_empty() => {}
            "retries" if !text.parse::<i32>().is_ok_and(|retries| retries >= 0) => {
                refuse(cx, &flag.name, value, "a number from 0");
            }
            "interval" | "timeout" | "start-period" | "start-interval" if !is_duration(&text) => {
                refuse(cx, &flag.name, value, "a duration such as `30s`, 0 or at least `1ms`");
            }
            _ => {}
        }
    }
}

/// Whether it is a duration as Go writes them (`1h30m`, `1.5s`, `0`), and 0 or at least a millisecond.
fn is_duration(text: &str) -> bool {
    const UNITS: [(&str, f64); 8] =
        [("ns", 1e-6), ("us", 1e-3), ("µs", 1e-3), ("μs", 1e-3), ("ms", 1.0), ("s", 1e3), ("m", 6e4), ("h", 3.6e6)];
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut milliseconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters =
            after.find(|character: char| character.is_ascii_digit() || character == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let factor = UNITS.iter().find(|(name, _)| *name == unit);
        let (Ok(number), Some((_, factor))) = (number.parse::<f64>(), factor) else { return false };
        milliseconds += number * factor;
        rest = after;
    }
    // An empty text is no duration; the sign of zero means nothing.
    !text.trim_start_matches(['+', '-']).is_empty() && (milliseconds == 0.0 || (!negative && milliseconds >= 1.0))
}
