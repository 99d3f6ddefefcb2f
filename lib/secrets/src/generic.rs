//! Values that are secret because of what they are assigned to.

use crate::assign::{self, Assigned};
use crate::name::{self, Strength};
use crate::proof::{base64, known};
use crate::search::{Hit, Window, checked};
use crate::value::{self, Value};
use crate::{Confidence, Note, command, connection, django};

/// Looks at the value that a run of the window's bytes is part of.
pub(crate) fn around(window: &Window<'_>, start: usize, end: usize, hits: &mut Vec<Hit>) {
    const LONGEST: usize = 256;
    const FRONT: usize = 128;
    let bytes = window.bytes;
    if end - start > LONGEST {
        return;
    }
    let in_value = |&&byte: &&u8| byte.is_ascii_alphanumeric() || b"_-+/.~%$!@#^&*".contains(&byte);
    let from = start - bytes[..start].iter().rev().take(FRONT).take_while(in_value).count();
    if !matches!(bytes[..from].last(), Some(b'"' | b'\'' | b'`' | b'=' | b':' | b'>' | b' ' | b'\t' | b'(')) {
        return;
    }
    if let Some(assigned) = assign::of_value(bytes, from).filter(|assigned| assigned.value.end >= end) {
        judge(window, &assigned, hits);
    }
}

/// Looks at the value of the name that holds the byte at `at`.
pub(crate) fn named(window: &Window<'_>, at: usize, hits: &mut Vec<Hit>) {
    let bytes = window.bytes;
    if let Some(hit) = django::key(bytes, at).or_else(|| command::sshpass(bytes, at)) {
        hits.push(hit);
    } else if let Some(assigned) = connection::of_name(bytes, at).or_else(|| assign::of_name(bytes, at)) {
        judge(window, &assigned, hits);
    }
}

fn judge(window: &Window<'_>, assigned: &Assigned, hits: &mut Vec<Hit>) {
    let bytes = window.bytes;
    let name = &bytes[assigned.name.clone()];
    let text = &bytes[assigned.value.clone()];
    let strength = name::judge(name);
    if strength == Strength::None && !name::is_id(name) {
        return;
    }
    let judged = decoded_judgement(text, name).unwrap_or_else(|| value::judge(text, name));
    let number = text.iter().all(u8::is_ascii_digit);
    if text.len() >= 12
        && (judged != Value::Harmless || number)
        && let Some(hit) = near(window, assigned)
    {
        hits.push(hit);
        return;
    }
    let plain = assigned.quoted || assigned.setting;
    let id = if strength == Strength::Password { "password-assignment" } else { "secret-assignment" };
    let (confidence, note) = match (strength, judged) {
        (Strength::Password | Strength::Strong, Value::Random) => (Confidence::Medium, None),
        (Strength::Password, Value::Strong) if plain => (Confidence::Medium, None),
        (Strength::Password, Value::Literal) if plain => (Confidence::Low, None),
        (Strength::Password, Value::Weak) if plain => (Confidence::Low, Some(Note::Weak)),
        // A word is a password where nothing but settings stand: not in a program.
        (Strength::Password, Value::Words) if assigned.setting && is_variable(name) => {
            (Confidence::Low, Some(Note::Weak))
        }
        (Strength::Strong, Value::Strong) if plain => (Confidence::Low, None),
        (Strength::Weak, Value::Random) if !text.iter().all(u8::is_ascii_hexdigit) => (Confidence::Low, None),
        _ => return,
    };
    if let Some(mut hit) = Hit::new(id, assigned.value.clone()) {
        let documented = known::is_documented(text);
        hit.notes.extend(note.or(documented.then_some(Note::Documented)));
        hits.push(hit.confidence(if documented { Confidence::Low } else { confidence }));
    }
}

/// What the text is that a value is the base64 of, if it is: words in base64 look drawn.
fn decoded_judgement(text: &[u8], name: &[u8]) -> Option<Value> {
    const LEAST: usize = 12;
    let decoded = base64::decode(text).filter(|_| text.len() >= LEAST)?;
    decoded.iter().all(|byte| (b' '..=b'~').contains(byte)).then(|| value::judge(&decoded, name))
}

/// The kind of a provider whose word stands near the value and whose form it has.
fn near(window: &Window<'_>, assigned: &Assigned) -> Option<Hit> {
    const BEFORE: usize = 96;
    let bytes = window.bytes;
    let from = assigned.name.start.saturating_sub(BEFORE);
    let before = &bytes[from..assigned.name.end];
    // The line itself, and the one before where that is a heading.
    let mut lines = before.rsplit(|&byte| byte == b'\n');
    let mut length = lines.next().map_or(0, <[u8]>::len);
    if let Some(heading) = lines.next()
        && matches!(heading.trim_ascii_end().last(), Some(b':' | b'{' | b']' | b'('))
    {
        length += heading.len() + 1;
    }
    let context = &bytes[assigned.name.end - length..assigned.name.end];
    let text = &bytes[assigned.value.clone()];
    let mut best: Option<Hit> = None;
    for kind in window.tables.near(context) {
        let fits = |shape: &&crate::shape::Shape| shape.value(text) == Some(0..text.len());
        if let Some(shape) = kind.shapes.iter().find(fits)
            && let Some(hit) = checked(kind, shape.prefix, bytes, assigned.value.clone())
            && best.as_ref().is_none_or(|best| (hit.confidence, hit.kind.id) > (best.confidence, best.kind.id))
            && asked_for(kind.id, &bytes[assigned.name.clone()])
        {
            best = Some(hit);
        }
    }
    best
}

/// Whether a name suits a kind of which the provider has several of one form: ids want `id` in the name, and secrets
/// want none.
fn asked_for(kind: &str, name: &[u8]) -> bool {
    kind.ends_with("-id") == name::is_id(name)
}

/// Whether a name is that of an environment variable.
fn is_variable(name: &[u8]) -> bool {
    name.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
}
