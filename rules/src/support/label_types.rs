//! The forms of label values.

/// Whether a value is an absolute URL: a scheme, a colon, and characters that URLs may hold (RFC 3986).
pub(crate) fn is_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once(':') else { return false };
    let scheme_sound = scheme.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let mut bytes = rest.bytes();
    let mut sound = scheme_sound;
    while let Some(byte) = bytes.next() {
        sound &= match byte {
            b'%' => {
                let digit = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
                digit(bytes.next()) && digit(bytes.next())
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
    }
    sound
}

/// Whether a value is a version after Semantic Versioning 2.0.0.
pub(crate) fn is_semver(value: &str) -> bool {
    let (rest, build) = split(value, '+');
    let (core, release) = split(rest, '-');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |text: &str| digits(text) && (text == "0" || !text.starts_with('0'));
    let word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    core.split('.').count() == 3
        && core.split('.').all(number)
        && release.is_none_or(|release| release.split('.').all(|part| word(part) && (!digits(part) || number(part))))
        && build.is_none_or(|build| build.split('.').all(word))
}

/// Whether a value is a git commit: 7 or 40 hexadecimal digits in lower case.
pub(crate) fn is_git_hash(value: &str) -> bool {
    matches!(value.len(), 7 | 40) && value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a value is a date and time of RFC 3339, such as `2026-02-28T12:00:00.5+01:00`.
pub(crate) fn is_rfc3339(value: &str) -> bool {
    let number = |at: usize, length: usize| {
        let text = value.get(at..at + length)?;
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok())?
    };
    let mark = |at: usize, marks: &str| value.as_bytes().get(at).is_some_and(|&byte| marks.contains(char::from(byte)));
    let date = || {
        let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
        Some((1..=last).contains(&day) && hour < 24 && minute < 60 && second <= 60)
    };
    let marks = mark(4, "-") && mark(7, "-") && mark(10, "Tt") && mark(13, ":") && mark(16, ":");
    if !marks || date() != Some(true) {
        return false;
    }
    let Some(rest) = value.get(19..) else { return false };
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let digits = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if digits.len() == fraction.len() {
                return false;
            }
            digits
        }
        None => rest,
    };
    let offset = |rest: &str| {
        let (hours, minutes) = rest.strip_prefix(['+', '-'])?.split_once(':')?;
        let below = |text: &str, limit: u32| text.len() == 2 && text.parse::<u32>().is_ok_and(|number| number < limit);
        Some(below(hours, 24) && below(minutes, 60))
    };
    rest.eq_ignore_ascii_case("z") || offset(rest) == Some(true)
}

/// Whether a value is an e-mail address: the `addr-spec` of RFC 5322 without comments.
pub(crate) fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let atom = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    let quoted = local.len() >= 2
        && local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).is_some_and(|inner| !inner.contains('"'));
    let literal = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_domain = match literal {
        Some(inner) => !inner.is_empty() && !inner.contains(['[', ']', ' ']),
        None => domain.split('.').all(atom),
    };
    (quoted || local.split('.').all(atom)) && is_domain
}

/// Whether a value is an SPDX licence expression with identifiers of the SPDX list, `LicenseRef-…` included.
pub(crate) fn is_spdx(value: &str) -> bool {
    spdx::Expression::parse(value).is_ok()
}

fn split(text: &str, separator: char) -> (&str, Option<&str>) {
    text.split_once(separator).map_or((text, None), |(head, tail)| (head, Some(tail)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for url in ["https://example.com/a?b=c#d", "urn:isbn:1", "mailto:a@b"] {
            assert!(is_url(url), "{url}");
        }
        for other in ["example.com", "//example.com", "http://a b", "https://a/%zz", ""] {
            assert!(!is_url(other), "{other}");
        }
        for version in ["1.2.3", "1.0.0-rc.1+b.7", "0.0.0-0a"] {
            assert!(is_semver(version), "{version}");
        }
        for other in ["1.2", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+"] {
            assert!(!is_semver(other), "{other}");
        }
        for date in ["2026-01-01T00:00:00Z", "2024-02-29T23:59:60.123+02:00"] {
            assert!(is_rfc3339(date), "{date}");
        }
        for other in [
            "2026-01-01",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.Z",
            "é26-01-01T00:00:00Z",
        ] {
            assert!(!is_rfc3339(other), "{other}");
        }
        for address in ["a@b", "a.b+c@example.com", "\"a b\"@c", "a@[127.0.0.1]"] {
            assert!(is_email(address), "{address}");
        }
        for other in ["a", "@b", "a@", "a..b@c", "Ada <a@b.c>", "a b@c"] {
            assert!(!is_email(other), "{other}");
        }
        for licence in ["MIT", "MIT OR Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-own"] {
            assert!(is_spdx(licence), "{licence}");
        }
        for other in ["mit license", "MIT OR", ""] {
            assert!(!is_spdx(other), "{other}");
        }
        assert!(is_git_hash("abcdef0") && !is_git_hash("ABCDEF0") && !is_git_hash("abcdef01"));
    }
}
