//! Secrets to which a literal leads: passwords by their name, in URLs and headers, private keys, hashes.

use crate::proof::{base64, known, pem};
use crate::search::{BEHIND, Hit, Window, begins, checked};
use crate::tables::Action;
use crate::value::{self, Value};
use crate::{Confidence, Fingerprint, Kind, Note, command, generic};
use memchr::{memchr, memmem};

pub(crate) fn find(window: &Window<'_>, hits: &mut Vec<Hit>) {
    let bytes = window.bytes;
    window.tables.anchors(bytes, window.triggers.start, window.triggers.end, |start, action| match action {
        Action::Name | Action::Url | Action::DatabaseClient | Action::Identified if !window.names => {}
        Action::Name => generic::named(window, start, hits),
        Action::Url => hits.extend(url(bytes, start + "://".len())),
        Action::Pem => hits.extend(private_key(bytes, start)),
        Action::Hash => hits.extend(hash(bytes, start)),
        Action::Basic => hits.extend(pair_in_base64(bytes, start + "Basic ".len(), "basic-authorization")),
        Action::DockerAuth => hits.extend(docker_auth(bytes, start + "\"auth\"".len())),
        Action::NpmAuth => hits.extend(npm_auth(bytes, start + "_auth".len())),
        Action::DatabaseClient => hits.extend(command::database_client(bytes, start)),
        Action::Identified => hits.extend(command::identified(bytes, start)),
        Action::Curl => hits.extend(curl(bytes, start + "curl ".len())),
        Action::Kubernetes => kubernetes(bytes, start, hits),
        Action::Putty => hits.extend(putty(bytes, start)),
        Action::Kind(at) => hits.extend(window.tables.kind(at).and_then(|kind| form(bytes, start, kind))),
    });
}

/// The form of a kind around an anchor in its middle.
fn form(bytes: &[u8], anchor: usize, kind: &'static Kind) -> Option<Hit> {
    let values = kind.shapes.iter().filter_map(|shape| {
        let start = shape.start(bytes, anchor, &kind.anchors)?;
        let value = shape.value(&bytes[start..])?;
        // A form that begins with a sign may stand behind a letter.
        let fits = !bytes[start].is_ascii_alphanumeric() || begins(bytes, start);
        fits.then_some((start + value.start..start + value.end, shape))
    });
    let (value, shape) = values.max_by_key(|(value, _)| value.end)?;
    checked(kind, shape.prefix, bytes, value)
}

/// The password in `user:password@host`, behind `://`.
fn url(bytes: &[u8], start: usize) -> Option<Hit> {
    const LONGEST: usize = 256;
    let rest = &bytes[start..bytes.len().min(start + LONGEST)];
    let end = rest.iter().position(|&byte| byte <= b' ' || byte >= 0x7f || b"/@\"'`<>|;()?#,\\".contains(&byte))?;
    if rest[end] != b'@' {
        return None;
    }
    let colon = memchr(b':', &rest[..end])?;
    let (user, password) = (&rest[..colon], &rest[colon + 1..end]);
    let host = &rest[end + 1..];
    // What stands between braces is filled in later.
    let plain = |&byte: &u8| byte.is_ascii_alphanumeric() || byte == b'[';
    if !host.first().is_some_and(plain) || password.iter().any(|byte| b"{}[]*$".contains(byte)) {
        return None;
    }
    let range = start + colon + 1..start + end;
    let hit = Hit::new("url-password", range)?;
    let host = &host[..host
        .iter()
        .position(|&byte| !(byte.is_ascii_alphanumeric() || b".-".contains(&byte)))
        .unwrap_or(host.len())];
    if is_example_host(host) || user.is_empty() && password.is_empty() {
        return (value::judge(password, user) != Value::Harmless)
            .then(|| hit.confidence(Confidence::Low).note(Note::Documented));
    }
    match value::judge(&percent_decoded(password), user) {
        Value::Harmless => None,
        Value::Words | Value::Weak => Some(hit.confidence(Confidence::Low).note(Note::Weak)),
        Value::Literal => Some(hit.confidence(Confidence::Medium)),
        Value::Strong | Value::Random => Some(hit),
    }
}

/// Bytes with `%20` and the like as what they stand for.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if let &[b'%', high, low, ..] = &text[at..]
            && let (Some(high), Some(low)) = (digit(high), digit(low))
        {
            decoded.push((high << 4 | low) as u8);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    decoded
}

/// Whether a host is one that documentation uses.
fn is_example_host(host: &[u8]) -> bool {
    let lower = host.to_ascii_lowercase();
    [&b"example"[..], b"foo.", b"bar.", b"test.", b"domain.", b"my.", b"some.", b"proxy.com", b"host.com"]
        .iter()
        .any(|word| value::contains(&lower, word))
        || [&b"host"[..], b"hostname", b"server", b"domain", b"foo", b"bar", b"proxy", b"site", b"www"]
            .contains(&&lower[..])
}

fn private_key(bytes: &[u8], start: usize) -> Option<Hit> {
    let block = pem::block(&bytes[start..])?;
    let mut hit = Hit::new("private-key", start..start + block.length)?;
    let parses = block.notes.contains(&Note::Parses);
    hit.confidence = match (parses, block.notes.contains(&Note::Encrypted)) {
        (true, false) => Confidence::High,
        (true, true) => Confidence::Medium,
        (false, _) => Confidence::Low,
    };
    hit.notes = block.notes;
    if known::is_public_test_key(&block.digits) {
        hit.confidence = Confidence::Low;
        hit.notes.push(Note::PublicTestKey);
    }
    hit.fingerprint = Some(Fingerprint::new(hit.kind, &block.digits));
    hit.prefix = "-----BEGIN ";
    Some(hit)
}

/// PuTTY's key files name their format, then say whether they are encrypted, then hold the key in base64.
fn putty(bytes: &[u8], start: usize) -> Option<Hit> {
    const LONGEST: usize = 8192;
    let file = &bytes[start..bytes.len().min(start + LONGEST)];
    let lines = memmem::find(file, b"Private-Lines: ")?;
    let digits = |line: &&[u8]| {
        line.len() >= 32 && line.trim_ascii_end().iter().all(|&byte| base64::is_digit(byte) || byte == b'=')
    };
    let key: Vec<&[u8]> = file[lines..].split(|&byte| byte == b'\n').skip(1).take_while(digits).collect();
    let end = key.last().map(|line| line.as_ptr_range().end)?;
    let length = end as usize - file.as_ptr() as usize;
    let hit = Hit::new("putty-private-key", start..start + length)?.note(Note::Parses);
    let open = memmem::find(&file[..lines], b"Encryption: none").is_some();
    Some(if open { hit } else { hit.confidence(Confidence::Medium).note(Note::Encrypted) })
}

/// Password hashes of crypt(3) and Argon2: `$scheme$...$salt$hash`.
fn hash(bytes: &[u8], start: usize) -> Option<Hit> {
    const LONGEST: usize = 256;
    let rest = &bytes[start..bytes.len().min(start + LONGEST)];
    let in_hash = |&byte: &u8| byte.is_ascii_alphanumeric() || b"./$=,+-".contains(&byte);
    let length = rest.iter().position(|byte| !in_hash(byte)).unwrap_or(rest.len());
    let text = &rest[..length];
    let scheme = text.get(1..)?.split(|&byte| byte == b'$').next()?;
    let parts: Vec<&[u8]> = text.split(|&byte| byte == b'$').collect();
    let last = parts.last()?;
    let fits = match scheme {
        b"1" | b"apr1" => parts.len() == 4 && last.len() == 22,
        b"2a" | b"2b" | b"2y" => parts.len() == 4 && last.len() == 53 && parts[2].len() == 2,
        b"5" => (4..=5).contains(&parts.len()) && last.len() == 43,
        b"6" => (4..=5).contains(&parts.len()) && last.len() == 86,
        b"y" => parts.len() == 5 && last.len() == 43,
        _ => parts.len() == 6 && last.len() >= 20,
    };
    let hit = Hit::new("password-hash", start..start + length)?.note(Note::PasswordHash);
    (fits && value::is_varied(last)).then_some(hit)
}

/// `name:password` in base64 at a place.
fn pair_in_base64(bytes: &[u8], start: usize, id: &'static str) -> Option<Hit> {
    const LONGEST: usize = 512;
    let rest = &bytes[start..bytes.len().min(start + LONGEST)];
    let length = rest.iter().take_while(|&&byte| base64::is_digit(byte) || byte == b'=').count();
    if length < 8 {
        return None;
    }
    let pair = base64::decode(&rest[..length])?;
    if !pair.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let colon = memchr(b':', &pair)?;
    let hit = Hit::new(id, start..start + length)?;
    if known::is_documented(&rest[..length]) {
        return Some(hit.confidence(Confidence::Low).note(Note::Documented));
    }
    match value::judge(&pair[colon + 1..], &pair[..colon]) {
        Value::Harmless => None,
        Value::Words | Value::Weak => Some(hit.confidence(Confidence::Low).note(Note::Weak)),
        _ => Some(hit.note(Note::Decodes)),
    }
}

fn docker_auth(bytes: &[u8], at: usize) -> Option<Hit> {
    let space = |from: usize| bytes[from..].iter().take(16).take_while(|byte| byte.is_ascii_whitespace()).count();
    let colon = at + space(at);
    let quote = colon + 1 + space((colon + 1).min(bytes.len()));
    let fits = bytes.get(colon) == Some(&b':') && bytes.get(quote) == Some(&b'"');
    fits.then(|| pair_in_base64(bytes, quote + 1, "docker-auth")).flatten()
}

/// `_auth = VALUE` of `.npmrc`, `_auth: VALUE` and `"_auth": "VALUE"` of its kin.
fn npm_auth(bytes: &[u8], at: usize) -> Option<Hit> {
    let skip = |from: usize, set: &[u8]| bytes[from..].iter().take(8).take_while(|byte| set.contains(byte)).count();
    let sign = at + skip(at, b"\" ");
    if !matches!(bytes.get(sign)?, b'=' | b':') {
        return None;
    }
    pair_in_base64(bytes, sign + 1 + skip(sign + 1, b"\"' "), "npm-auth")
}

/// `curl -u user:password`
fn curl(bytes: &[u8], start: usize) -> Option<Hit> {
    const LONGEST: usize = 512;
    let rest = &bytes[start..bytes.len().min(start + LONGEST)];
    let line = &rest[..memchr(b'\n', rest).unwrap_or(rest.len())];
    let (at, option) = [&b"-u"[..], b"--user"].into_iter().find_map(|option| {
        let mut found = memmem::find_iter(line, option);
        let at = found.find(|&at| {
            (at == 0 || line[at - 1] == b' ') && matches!(line.get(at + option.len()), Some(b' ' | b'=' | b'\'' | b'"'))
        })?;
        Some((at, option.len()))
    })?;
    let mut from = at + option;
    from += line[from..].iter().take_while(|&&byte| b" ='\"".contains(&byte)).count();
    let length = line[from..].iter().take_while(|&&byte| byte > b' ' && byte != b'"' && byte != b'\'').count();
    let pair = &line[from..from + length];
    let colon = memchr(b':', pair)?;
    let password = &pair[colon + 1..];
    let hit = Hit::new("curl-user", start + from + colon + 1..start + from + length)?;
    match value::judge(password, &pair[..colon]) {
        Value::Harmless => None,
        Value::Words | Value::Weak => Some(hit.confidence(Confidence::Low).note(Note::Weak)),
        Value::Literal => Some(hit.confidence(Confidence::Medium)),
        Value::Strong | Value::Random => Some(hit),
    }
}

/// The values under `data` in a manifest of a Kubernetes secret, around its kind.
fn kubernetes(bytes: &[u8], at: usize, hits: &mut Vec<Hit>) {
    const AFTER: usize = 8192;
    let from = memmem::rfind(&bytes[at.saturating_sub(BEHIND - 64)..at], b"\n---")
        .map_or(at.saturating_sub(BEHIND - 64), |found| at.saturating_sub(BEHIND - 64) + found + 1);
    let rest = &bytes[at..bytes.len().min(at + AFTER)];
    let to = at + memmem::find(rest, b"\n---").unwrap_or(rest.len());
    let document = &bytes[from..to];
    let Some(data) = memmem::find(document, b"\ndata:") else { return };
    let mut line = from + data + 1 + b"data:".len();
    while let Some(end) = memchr(b'\n', &bytes[line..to]) {
        line += end + 1;
        let text = &bytes[line..to];
        let text = &text[..memchr(b'\n', text).unwrap_or(text.len())];
        if text.first() != Some(&b' ') {
            break;
        }
        let Some(colon) = memmem::find(text, b": ") else { continue };
        let value = text[colon + 2..].trim_ascii();
        let value = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
        let start = line + (value.as_ptr() as usize - text.as_ptr() as usize);
        let decoded = if value.len() >= 8 { base64::decode(value) } else { None };
        let harmless = decoded.is_none_or(|decoded| {
            value::judge(&decoded, text[..colon].trim_ascii()) == Value::Harmless
                && decoded.iter().all(|&byte| byte < 0x80)
                && decoded.len() < 64
        });
        if !harmless {
            hits.extend(Hit::new("kubernetes-secret", start..start + value.len()));
        }
    }
}
