//! `name = "value"` in the many ways in which languages and formats write it.

use std::ops::Range;

/// A value and what it is assigned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assigned {
    pub(crate) name: Range<usize>,
    pub(crate) value: Range<usize>,
    /// Whether the value stands in quotes, or between tags.
    pub(crate) quoted: bool,
    /// Whether the line begins with the name, or the name is that of an environment variable: as in a configuration,
    /// where bare words are values and not expressions.
    pub(crate) setting: bool,
}

/// The longest name and the longest value.
const NAME: usize = 64;
const VALUE: usize = 512;
const SPACES: usize = 24;

/// The assignment whose name holds the byte at `at`.
pub(crate) fn of_name(bytes: &[u8], at: usize) -> Option<Assigned> {
    let mut end = at + bytes.get(at..)?.iter().take(NAME).take_while(|&&byte| in_name(byte)).count();
    // The closing quote, bracket or tag of the name.
    let mut closed = 0;
    while closed < 3 && matches!(bytes.get(end), Some(b'"' | b'\'' | b'`' | b']' | b')' | b'\\')) {
        end += 1;
        closed += 1;
    }
    let operator = end + spaces(&bytes[end..]);
    let mut start = match bytes.get(operator)? {
        b':' if bytes.get(operator + 1) == Some(&b':') => return None,
        b':' if bytes.get(operator + 1) == Some(&b'=') => operator + 2,
        b'=' if bytes.get(operator + 1) == Some(&b'>') => operator + 2,
        b'=' | b':' | b'>' | b'(' => operator + 1,
        b',' if closed > 0 => operator + 1,
        // `name="password" value="..."` in XML.
        b'v' if closed > 0 && operator > end && bytes[operator..].starts_with(b"value=") => operator + 6,
        // `--password VALUE`, `login me password VALUE`.
        _ if operator > end => operator,
        _ => return None,
    };
    start += spaces(bytes.get(start..)?);
    // A comparison.
    if bytes.get(start) == Some(&b'=') || bytes.get(operator) == Some(&b'!') {
        return None;
    }
    if matches!(bytes.get(operator), Some(b':'))
        && let Some(behind) = behind_type(&bytes[start..])
    {
        start += behind;
    }
    if let [b'b' | b'u' | b'r' | b'f' | b'L' | b'@', b'"' | b'\'', ..] = bytes.get(start..)? {
        start += 1;
    }
    start += usize::from(bytes.get(start) == Some(&b'\\'));
    start += usize::from(matches!(bytes.get(start)?, b'"' | b'\'' | b'`'));
    of_value(bytes, start).filter(|assigned| assigned.name.contains(&at))
}

/// The length of a type and the sign behind it, as in `password: &str = `.
fn behind_type(bytes: &[u8]) -> Option<usize> {
    let line = &bytes[..bytes.len().min(40)];
    let of_type = |byte: &u8| byte.is_ascii_alphabetic() || b"&'<>[]?| ".contains(byte);
    let end = line.iter().position(|byte| !of_type(byte))?;
    let typed =
        line[..end].iter().any(u8::is_ascii_alphabetic) && line[end] == b'=' && line.get(end + 1) != Some(&b'=');
    typed.then(|| end + 1 + spaces(&bytes[end + 1..]))
}

/// The assignment whose value begins at `start`, behind a quote if there is one.
pub(crate) fn of_value(bytes: &[u8], start: usize) -> Option<Assigned> {
    let mut at = start;
    let quote = bytes[..at].last().copied().filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    if quote.is_some() {
        at -= 1;
        at -= usize::from(bytes[..at].ends_with(b"\\"));
        if let [.., before, b'b' | b'u' | b'r' | b'f' | b'L' | b'@'] = &bytes[..at]
            && !in_name(*before)
        {
            at -= 1;
        }
    }
    let mut gap = spaces_back(&bytes[..at]);
    at -= gap;
    // The scheme in front of a credential: `Authorization: Bearer VALUE`.
    if gap > 0
        && let Some(scheme) = SCHEMES.iter().find(|scheme| ends_with(&bytes[..at], scheme))
    {
        at -= scheme.len();
        at -= usize::from(matches!(bytes[..at].last(), Some(b'"' | b'\'' | b'`')));
        gap = spaces_back(&bytes[..at]);
        at -= gap;
    }
    let before = &bytes[..at];
    let mut tag = false;
    let mut listed = false;
    let mut spaced = false;
    let mut equals = false;
    match before.last()? {
        b'=' => {
            equals = true;
            at -= 1;
            match bytes[..at].last()? {
                b'=' | b'!' | b'<' | b'>' | b'~' | b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' => {
                    return None;
                }
                b':' => at -= 1,
                _ => {}
            }
        }
        b':' => {
            at -= 1;
            if bytes[..at].ends_with(b":") {
                return None;
            }
        }
        b'>' if before.ends_with(b"=>") => at -= 2,
        b'>' if quote.is_none() && gap == 0 => {
            tag = true;
            at -= 1;
        }
        // Arguments count where they are literals.
        b'(' if quote.is_some() => at -= 1,
        b',' if quote.is_some() => {
            listed = true;
            at -= 1;
        }
        _ if gap > 0 => spaced = true,
        _ => return None,
    }
    if !spaced {
        at -= spaces_back(&bytes[..at]);
    }
    if equals {
        at -= typed_back(&bytes[..at]);
    }
    // `name="password" value="..."`: what is assigned to is not `value`.
    if equals && ends_with(&bytes[..at], b"value") {
        let front = at - 5;
        let gap = spaces_back(&bytes[..front]);
        if gap > 0 && matches!(bytes[..front - gap].last(), Some(b'"' | b'\'')) {
            at = front - gap;
        }
    }
    let mut closed = 0;
    while closed < 3 && matches!(bytes[..at].last(), Some(b'"' | b'\'' | b'`' | b']' | b')' | b'\\')) {
        at -= 1;
        closed += 1;
    }
    if listed && closed == 0 {
        return None;
    }
    let length = bytes[..at].iter().rev().take(NAME).take_while(|&&byte| in_name(byte)).count();
    let name = at - length..at;
    if name.is_empty() {
        return None;
    }
    let text = &bytes[name.clone()];
    // `PASS: a test` is no password, nor what a method `pass` is called with, nor `arn:...:secret:name`.
    let pass = text.eq_ignore_ascii_case(b"pass") || text.ends_with(b".pass");
    let sign = bytes[name.end..start].iter().find(|byte| b"(:=".contains(byte));
    if pass && (sign == Some(&b'(') || sign == Some(&b':') && quote.is_none())
        || sign == Some(&b':') && bytes[..name.start].ends_with(b":")
    {
        return None;
    }
    let flag = text.starts_with(b"--");
    let credential = spaced
        && (is_credential_file_word(text) && follows_login(&bytes[..name.start])
            || is_word_of_redis(text) && begins_line(bytes, name.start));
    if spaced && !(flag || closed > 0 || credential) || tag && !bytes[..name.start].ends_with(b"<") {
        return None;
    }
    let rest = &bytes[start..];
    let length = match quote {
        // An escaped quote ends a value that an escaped quote began.
        Some(quote) => rest.iter().take(VALUE).position(|&byte| byte == quote || byte == b'\n' || byte == b'\\')?,
        None if tag => rest.iter().take(VALUE).position(|&byte| byte == b'<' || byte == b'\n')?,
        None => bare(rest),
    };
    if length == VALUE {
        return None;
    }
    // What goes on behind an equals sign is an expression.
    let bare_text = &rest[..length];
    let padding = bare_text.iter().rev().take_while(|&&byte| byte == b'=').count();
    if quote.is_none() && !tag && bare_text[..length - padding].contains(&b'=') {
        return None;
    }
    // A value in quotes ends on its line; without quotes, what is called or indexed is an expression.
    let behind = rest.get(length);
    if quote.is_some() && behind == Some(&b'\n') || quote.is_none() && matches!(behind, Some(b'(' | b'[' | b'{')) {
        return None;
    }
    let setting = flag
        || credential
        || begins_line(bytes, name.start)
        || equals && gap == 0 && text.iter().all(|byte| !byte.is_ascii_lowercase());
    Some(Assigned { name, value: start..start + length, quoted: quote.is_some() || tag, setting })
}

/// Words in front of a credential.
const SCHEMES: [&[u8]; 7] = [b"Bearer", b"bearer", b"Basic", b"basic", b"Token", b"token", b"ApiKey"];

/// `password` as netrc and SQL write it, without any sign.
fn is_credential_file_word(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"password") || name.eq_ignore_ascii_case(b"passwd")
}

/// What redis.conf writes in front of a password.
fn is_word_of_redis(name: &[u8]) -> bool {
    name == b"requirepass" || name == b"masterauth"
}

/// Whether words stand before that a password without any sign belongs to: `login`, or `USER` and `IDENTIFIED BY`.
fn follows_login(before: &[u8]) -> bool {
    const BEFORE: usize = 96;
    let before = before[before.len().saturating_sub(BEFORE)..].to_ascii_lowercase();
    let words = before.split(|byte| !byte.is_ascii_alphabetic());
    words.into_iter().any(|word| [&b"login"[..], b"machine", b"user", b"role", b"identified"].contains(&word))
}

/// The length of a type and of the colon before it, as in `password: &str`, at the end of the bytes.
fn typed_back(bytes: &[u8]) -> usize {
    let of_type = |byte: u8| byte.is_ascii_alphabetic() || b"&'<>[]?| ".contains(&byte);
    let length = bytes.iter().rev().take(32).take_while(|&&byte| of_type(byte)).count();
    let front = &bytes[..bytes.len() - length];
    if length == 0 || !front.ends_with(b":") {
        return 0;
    }
    length + 1 + spaces_back(&front[..front.len() - 1])
}

/// Whether nothing stands on the line before the name but white space and what may lead a setting.
fn begins_line(bytes: &[u8], name: usize) -> bool {
    let before = &bytes[name.saturating_sub(48)..name];
    let line = before.iter().rposition(|&byte| byte == b'\n').map_or(before, |at| &before[at + 1..]);
    let line = line.trim_ascii();
    line.is_empty() && (line.len() < 48)
        || [&b"export"[..], b"set", b"ENV", b"ARG", b"-", b"\"", b"'", b"- \"", b"{", b"{\"", b"-e", b"setx", b"<"]
            .contains(&line)
        || line.ends_with(b" -e")
}

fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte)
}

/// The length of a value without quotes; in the query of a URL it ends where the next name begins.
fn bare(bytes: &[u8]) -> usize {
    let length = bytes.iter().take(VALUE).take_while(|&&byte| !ends_bare(byte)).count();
    let next = |at: &usize| {
        let name = bytes[at + 1..length].iter().take_while(|&&byte| in_name(byte)).count();
        name > 0 && bytes.get(at + 1 + name) == Some(&b'=')
    };
    memchr::memchr_iter(b'&', &bytes[..length]).find(next).unwrap_or(length)
}

/// What a value without quotes does not hold.
fn ends_bare(byte: u8) -> bool {
    byte <= b' ' || byte >= 0x7f || b"\"'`,;<>()[]{}|\\".contains(&byte)
}

fn spaces(bytes: &[u8]) -> usize {
    bytes.iter().take(SPACES).take_while(|&&byte| byte == b' ' || byte == b'\t').count()
}

fn spaces_back(bytes: &[u8]) -> usize {
    bytes.iter().rev().take(SPACES).take_while(|&&byte| byte == b' ' || byte == b'\t').count()
}

/// Whether bytes end with a word.
fn ends_with(bytes: &[u8], word: &[u8]) -> bool {
    bytes.ends_with(word) && !bytes[..bytes.len() - word.len()].last().is_some_and(|&byte| in_name(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways() {
        for (text, name, value) in [
            ("PASSWORD=abc123", "PASSWORD", "abc123"),
            ("export DB_PASSWORD='abc 123'", "DB_PASSWORD", "abc 123"),
            ("  \"password\": \"abc123\",", "password", "abc123"),
            ("password: abc123\n", "password", "abc123"),
            ("cfg[\"password\"] = \"abc123\";", "password", "abc123"),
            ("'password' => 'abc123',", "password", "abc123"),
            ("x := password := \"abc123\"", "password", "abc123"),
            ("let password: &str = \"abc123\";", "password", "abc123"),
            ("password: Optional[str] = 'abc123'", "password", "abc123"),
            ("setPassword(\"abc123\")", "setPassword", "abc123"),
            ("put(\"password\", \"abc123\")", "password", "abc123"),
            ("<password>abc123</password>", "password", "abc123"),
            ("<add key=\"DbPassword\" value=\"abc123\" />", "DbPassword", "abc123"),
            ("mysql --password abc123 db", "--password", "abc123"),
            ("{\\\"password\\\":\\\"abc123\\\"}", "password", "abc123"),
            ("login me password abc123\n", "password", "abc123"),
            ("password = b'abc123'", "password", "abc123"),
        ] {
            let at =
                text.to_ascii_lowercase().find("password").expect("a name") + if text.starts_with('x') { 0 } else { 2 };
            let found = of_name(text.as_bytes(), at).map(|found| (&text[found.name], &text[found.value]));
            assert_eq!(found, Some((name, value)), "{text}");
        }
        for text in ["if password == \"abc123\"", "password != 'abc'", "the password is", "password", "a::password::B"]
        {
            let at = text.find("password").expect("a name");
            assert_eq!(of_name(text.as_bytes(), at), None, "{text}");
        }
        let token = "Authorization: Bearer abcdefgh12345678";
        let at = token.find("abc").expect("a value");
        let found = of_value(token.as_bytes(), at).map(|found| (&token[found.name], &token[found.value]));
        assert_eq!(found, Some(("Authorization", "abcdefgh12345678")));
    }
}
