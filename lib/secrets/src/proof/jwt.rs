//! JSON web tokens: `header.payload.signature`.

use super::base64;
use crate::Note;
use serde_json::Value;

/// What a token's parts say; `None` where they are not those of one.
pub(crate) fn read(token: &[u8]) -> Option<Vec<Note>> {
    let mut parts = token.split(|&byte| byte == b'.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let header: Value = serde_json::from_slice(&base64::decode(header)?).ok()?;
    let algorithm = header.get("alg")?.as_str()?;
    if algorithm.eq_ignore_ascii_case("none") || signature.is_empty() {
        return None;
    }
    let mut notes = vec![Note::Decodes];
    // An encrypted token has five parts, and its payload cannot be read.
    if parts.next().is_some() {
        return header.get("enc").is_some().then_some(notes);
    }
    let payload: Value = serde_json::from_slice(&base64::decode(payload)?).ok()?;
    if !payload.is_object() {
        return None;
    }
    // The token that the format's own site and half of its tutorials show.
    let is = |key: &str, value: &str| payload.get(key).and_then(Value::as_str) == Some(value);
    let tutorial = is("sub", "1234567890") && is("name", "John Doe");
    if tutorial || is("iss", "joe") || is("iss", "supabase-demo") || is("some", "payload") {
        notes.push(Note::Documented);
    }
    if let Some(expires) = payload.get("exp").and_then(Value::as_u64) {
        notes.push(Note::Expires(expires));
    }
    Some(notes)
}
