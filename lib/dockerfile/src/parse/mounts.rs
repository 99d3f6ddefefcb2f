use super::lines::Text;
use super::{Context, flags, shown, suggestion};
use crate::{ErrorKind, Word};
use std::borrow::Cow;
use std::ops::Range;

/// An option of `--mount`: a key in lower case, and the value behind the `=`.
type Options<'a> = Vec<(Word<'a>, Option<Word<'a>>)>;

/// Takes the value of a `--mount` flag apart: a line of comma-separated values, after the flag's own quotes.
pub(super) fn read<'a>(cx: &mut Context<'a>, text: &Text<'_, 'a>, range: &Range<usize>) -> Options<'a> {
    let raw = &text.content[range.clone()];
    let mut options = Vec::new();
    if raw.contains(['"', '\'', '\\']) {
        let characters: Vec<(usize, char)> = flags::unquoted_characters(raw).collect();
        for field in fields(&characters) {
            let equals = field.iter().position(|&(_, character)| character == '=');
            let (key, value) = match equals {
                Some(at) => (&field[..at], Some(&field[at + 1..])),
                None => (&field[..], None),
            };
            let fallback = range.start + field.first().map_or(0, |&(at, _)| at);
            let key = owned_word(text, range.start, key, fallback);
            options.push((lower(key), value.map(|value| owned_word(text, range.start, value, fallback))));
        }
    } else {
        let mut start = range.start;
        for field in raw.split(',') {
            let end = start + field.len();
            let equals = field.find('=').map(|at| start + at);
            let key = text.word(start..equals.unwrap_or(end));
            options.push((lower(key), equals.map(|at| text.word(at + 1..end))));
            start = end + 1;
        }
    }
    check(cx, &options);
    options
}

/// The fields of a line of comma-separated values, without the quotes around whole fields.
fn fields(characters: &[(usize, char)]) -> Vec<Vec<(usize, char)>> {
    let mut fields = vec![Vec::new()];
    let mut quoted = false;
    let mut at = 0;
    while let Some(&(offset, character)) = characters.get(at) {
        at += 1;
        let Some(field) = fields.last_mut() else { break };
        match character {
            '"' if quoted && characters.get(at).is_some_and(|&(_, next)| next == '"') => {
                field.push((offset, '"'));
                at += 1;
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => fields.push(Vec::new()),
            _ => field.push((offset, character)),
        }
    }
    fields
}

/// A word of single characters with their offsets from `start`.
fn owned_word<'a>(text: &Text<'_, 'a>, start: usize, characters: &[(usize, char)], fallback: usize) -> Word<'a> {
    let range = match (characters.first(), characters.last()) {
        (Some(&(first, _)), Some(&(last, character))) => start + first..start + last + character.len_utf8(),
        _ => fallback..fallback,
    };
    Word { span: text.span(&range), text: Cow::Owned(characters.iter().map(|&(_, character)| character).collect()) }
}

fn lower(mut word: Word<'_>) -> Word<'_> {
    if word.text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        word.text.to_mut().make_ascii_lowercase();
    }
    word
}

/// Reports what the builder refuses. It expands variables in values first, so those are left alone.
fn check(cx: &mut Context<'_>, options: &Options<'_>) {
    const KEYS: [&str; 19] = [
        "type",
        "from",
        "source",
        "src",
        "target",
        "dst",
        "destination",
        "readonly",
        "ro",
        "readwrite",
        "rw",
        "id",
        "sharing",
        "required",
        "mode",
        "uid",
        "gid",
        "size",
        "env",
    ];
    let value_of =
        |key: &str| options.iter().rev().find(|(name, _)| name.text == key).and_then(|(_, value)| value.as_ref());
    let kind = value_of("type").map_or_else(|| "bind".to_owned(), |value| value.text.to_ascii_lowercase());
    for (key, value) in options {
        let name = &*key.text;
        if !KEYS.contains(&name) {
            let message = format!("unknown option {} of `--mount`{}", shown(name), suggestion(name, KEYS));
            cx.error(ErrorKind::Flag, key.span, message);
            continue;
        }
        let Some(value) = value else {
            if !["readonly", "ro", "readwrite", "rw", "required"].contains(&name) {
                cx.error(ErrorKind::Flag, key.span, format!("option `{name}` of `--mount` without a value"));
            }
            continue;
        };
        let text = &*value.text;
        if name == "from" && text.find('$').is_some_and(|at| at + 1 < text.len()) {
            let message = "option `from` of `--mount` takes no variables, name a stage instead";
            cx.error(ErrorKind::Flag, value.span, message);
        }
        if text.contains('$') {
            continue;
        }
        let lower = text.to_ascii_lowercase();
        let wanted = match name {
            "type" if !["bind", "cache", "tmpfs", "secret", "ssh"].contains(&&*lower) => {
                Some("`bind`, `cache`, `tmpfs`, `secret` or `ssh`")
            }
            "sharing" if !["shared", "private", "locked"].contains(&&*lower) => Some("`shared`, `private` or `locked`"),
            "readonly" | "ro" | "readwrite" | "rw" | "required" if !is_go_bool(text) => Some("`true` or `false`"),
            "mode" if u32::from_str_radix(text, 8).is_err() => Some("an octal mode"),
            "uid" | "gid" if text.parse::<u32>().is_err() => Some("a number"),
            _ => None,
        };
        if let Some(wanted) = wanted {
            let message = format!("option `{name}` of `--mount` takes {wanted}, not {}", shown(text));
            cx.error(ErrorKind::Flag, value.span, message);
        } else if name == "sharing" && kind != "cache" && !kind.contains('$') {
            cx.error(ErrorKind::Flag, key.span, format!("option `sharing` is for cache mounts, not for `{kind}`"));
        } else if name == "from" && kind == "secret" {
            cx.error(ErrorKind::Flag, key.span, "option `from` is not for secret mounts");
        } else if name == "size" && kind != "tmpfs" && !kind.contains('$') {
            cx.error(ErrorKind::Flag, key.span, format!("option `size` is for tmpfs mounts, not for `{kind}`"));
        } else if ["mode", "uid", "gid"].contains(&name) && ["bind", "tmpfs"].contains(&&*kind) {
            cx.error(ErrorKind::Flag, key.span, format!("option `{name}` is not for `{kind}` mounts"));
        }
    }
}

/// What Go's `strconv.ParseBool` takes.
fn is_go_bool(text: &str) -> bool {
    ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"].contains(&text)
}
