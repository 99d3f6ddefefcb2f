//! Secrets that show by their own form: tokens whose providers gave them a prefix, JSON web tokens, private keys.
//!
//! Text without any is most of what there is, so the scan takes long steps: every form has a run of twenty or more
//! letters, digits, `_` and `-`, and looking at every twentieth byte finds each such run.

use plimsoll_base::Span;

/// A secret in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// Where it stands.
    pub(crate) span: Span,
    /// What it is, such as "GitHub token".
    pub(crate) what: &'static str,
}

/// Finds them, by rising place.
pub(crate) fn find(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // A run may start at `start`; the bytes from there up to `known` belong to it.
    let (mut start, mut known) = (0, 0);
    while let Some(window) = bytes.get(known..start + STEP) {
        // From its end, so that most bytes of short words are never looked at.
        if let Some(gap) = window.iter().rposition(|&byte| !RUN[usize::from(byte)]) {
            let end = start + STEP;
            start = known + gap + 1;
            known = end;
            continue;
        }
        let end = start + STEP;
        let end = end + bytes[end..].iter().take_while(|&&byte| RUN[usize::from(byte)]).count();
        found.extend(in_run(bytes, start, end));
        (start, known) = (end + 1, end + 1);
    }
    private_keys(text, &mut found);
    found.sort_by_key(|token| token.span);
    found
}

/// The least length of a run.
const STEP: usize = 20;

/// The bytes of runs.
static RUN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let at = byte as u8;
        table[byte] = at.is_ascii_alphanumeric() || at == b'_' || at == b'-';
        byte += 1;
    }
    table
};

/// The characters behind a prefix.
#[derive(Clone, Copy)]
enum Charset {
    /// `A-Z` and `0-9`
    Capitals,
    /// `0-9` and `a-f` in any case
    Hex,
    /// Letters and digits
    Alphanumeric,
    /// All that a run holds
    Any,
}

impl Charset {
    fn holds(self, byte: u8) -> bool {
        match self {
            Self::Capitals => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Any => RUN[usize::from(byte)],
        }
    }
}

/// A token with a prefix: prefix, characters, how many at least and at most, what it is.
type Format = (&'static str, Charset, usize, usize, &'static str);

const MANY: usize = usize::MAX;

/// After the forms that the providers publish; those with the same first byte stand together.
static FORMATS: [Format; 57] = {
    use Charset::{Alphanumeric, Any, Capitals, Hex};
    [
        ("AGE-SECRET-KEY-1", Capitals, 58, 58, "age secret key"),
        ("AIza", Any, 35, 35, "Google API key"),
        ("AKCp", Alphanumeric, 69, 69, "Artifactory API key"),
        ("AKIA", Capitals, 16, 16, "AWS access key"),
        ("ASIA", Capitals, 16, 16, "AWS access key"),
        ("ATATT3", Any, 60, MANY, "Atlassian token"),
        ("ATBB", Alphanumeric, 32, 32, "Bitbucket password"),
        ("CLOJARS_", Alphanumeric, 60, 60, "Clojars token"),
        ("GOCSPX-", Any, 28, 28, "Google client secret"),
        ("NRAK-", Capitals, 27, 27, "New Relic key"),
        ("PMAK-", Any, 59, 59, "Postman key"),
        ("cio", Alphanumeric, 32, 32, "Cargo registry token"),
        ("dapi", Hex, 32, 32, "Databricks token"),
        ("dckr_oat_", Any, 27, MANY, "Docker Hub token"),
        ("dckr_pat_", Any, 27, 27, "Docker Hub token"),
        ("doo_v1_", Hex, 64, 64, "DigitalOcean token"),
        ("dop_v1_", Hex, 64, 64, "DigitalOcean token"),
        ("dor_v1_", Hex, 64, 64, "DigitalOcean token"),
        ("fo1_", Any, 43, 43, "Fly.io token"),
        ("gho_", Alphanumeric, 36, MANY, "GitHub token"),
        ("ghp_", Alphanumeric, 36, MANY, "GitHub token"),
        ("ghr_", Alphanumeric, 36, MANY, "GitHub token"),
        ("ghs_", Alphanumeric, 36, MANY, "GitHub token"),
        ("ghu_", Alphanumeric, 36, MANY, "GitHub token"),
        ("github_pat_", Any, 82, 82, "GitHub token"),
        ("glc_", Alphanumeric, 32, MANY, "Grafana token"),
        ("glcbt-", Any, 20, MANY, "GitLab token"),
        ("gldt-", Any, 20, MANY, "GitLab token"),
        ("glpat-", Any, 20, MANY, "GitLab token"),
        ("glptt-", Any, 20, MANY, "GitLab token"),
        ("glrt-", Any, 20, MANY, "GitLab token"),
        ("glsa_", Any, 41, 41, "Grafana token"),
        ("glsoat-", Any, 20, MANY, "GitLab token"),
        ("hf_", Alphanumeric, 34, 34, "Hugging Face token"),
        ("key-", Hex, 32, 32, "Mailgun key"),
        ("lin_api_", Alphanumeric, 40, 40, "Linear key"),
        ("npm_", Alphanumeric, 36, 36, "npm token"),
        ("ntn_", Alphanumeric, 46, 46, "Notion token"),
        ("pscale_pw_", Any, 32, MANY, "PlanetScale password"),
        ("pscale_tkn_", Any, 32, MANY, "PlanetScale token"),
        ("pul-", Hex, 40, 40, "Pulumi token"),
        ("pypi-AgEIcHlwaS5vcmc", Any, 50, MANY, "PyPI token"),
        ("rk_live_", Alphanumeric, 24, MANY, "Stripe key"),
        ("rubygems_", Hex, 48, 48, "RubyGems key"),
        ("shpat_", Hex, 32, 32, "Shopify token"),
        ("shpca_", Hex, 32, 32, "Shopify token"),
        ("shppa_", Hex, 32, 32, "Shopify token"),
        ("shpss_", Hex, 32, 32, "Shopify secret"),
        ("sk-ant-", Any, 80, MANY, "Anthropic key"),
        ("sk-", Any, 40, MANY, "OpenAI key"),
        ("sk_live_", Alphanumeric, 24, MANY, "Stripe key"),
        ("sk_test_", Alphanumeric, 24, MANY, "Stripe key"),
        ("sntryu_", Hex, 64, 64, "Sentry token"),
        ("sq0atp-", Any, 22, 60, "Square token"),
        ("sq0csp-", Any, 43, 43, "Square secret"),
        ("xapp-", Any, 30, MANY, "Slack token"),
        ("xox", Any, 24, MANY, "Slack token"),
    ]
};

/// Where in [`FORMATS`] the prefixes begin that start with a byte; past its end where none does.
static FIRST: [u8; 256] = {
    let mut table = [u8::MAX; 256];
    let mut at = FORMATS.len();
    while at > 0 {
        at -= 1;
        table[FORMATS[at].0.as_bytes()[0] as usize] = at as u8;
    }
    table
};

fn in_run(bytes: &[u8], start: usize, end: usize) -> Option<Token> {
    let token = |from: usize, to: usize, what| Token { span: Span::from(from..to), what };
    let run = &bytes[start..end];
    if let Some((from, to, what)) = behind(bytes, start, end) {
        return Some(token(from, to, what));
    }
    if run.starts_with(b"eyJ") {
        return web_token(bytes, start, end).map(|to| token(start, to, "JSON web token"));
    }
    for (offset, &byte) in run.iter().enumerate() {
        if FIRST[usize::from(byte)] == u8::MAX {
            continue;
        }
        // At a word's start, or behind a short option as in `-pTOKEN`.
        let boundary = offset == 0 || !run[offset - 1].is_ascii_alphanumeric() || offset == 2 && run[0] == b'-';
        if !boundary {
            continue;
        }
        if let Some((length, what)) = prefixed(&run[offset..]) {
            return Some(token(start + offset, start + offset + length, what));
        }
    }
    None
}

/// The length and the name of a token with a prefix at the start of what is left of a run.
fn prefixed(run: &[u8]) -> Option<(usize, &'static str)> {
    let first = run.first()?;
    let formats = FORMATS.get(usize::from(FIRST[usize::from(*first)])..)?;
    let mut formats = formats.iter().take_while(|(prefix, ..)| prefix.as_bytes().first() == Some(first));
    let &(prefix, charset, least, most, what) = formats.find(|(prefix, ..)| run.starts_with(prefix.as_bytes()))?;
    let body = &run[prefix.len()..];
    let length = body.iter().take_while(|&&byte| charset.holds(byte)).count();
    let whole = length == body.len() && (least..=most).contains(&length);
    let form = match prefix {
        // xoxb-, xoxp- and so on: a letter, a dash, a number.
        "xox" => matches!(body, [kind, b'-', number, ..] if kind.is_ascii_lowercase() && number.is_ascii_digit()),
        "sk-" => {
            body.starts_with(b"proj-") || body.starts_with(b"svcacct-") || body.starts_with(b"admin-") || length == 48
        }
        "cio" => body.iter().any(u8::is_ascii_digit) && body.iter().any(u8::is_ascii_uppercase),
        _ => true,
    };
    (whole && form && is_varied(body)).then_some((prefix.len() + length, what))
}

/// Whether a body is no example: `xxxx…`, `1234…`, `…EXAMPLE`.
fn is_varied(body: &[u8]) -> bool {
    let mut seen = [false; 256];
    for &byte in body {
        seen[usize::from(byte)] = true;
    }
    seen.iter().filter(|&&seen| seen).count() >= 8 && !body.ends_with(b"EXAMPLE")
}

/// Secrets that show by what stands before the run.
fn behind(bytes: &[u8], start: usize, end: usize) -> Option<(usize, usize, &'static str)> {
    let before = &bytes[..start];
    let run = &bytes[start..end];
    let length = run.len();
    match before.last()? {
        b'.' => {
            let with = |prefix: &str| before.ends_with(prefix.as_bytes()).then(|| start - prefix.len());
            if let Some(from) = with("SG.").filter(|_| length == 22 && bytes.get(end) == Some(&b'.')) {
                let rest = bytes[end + 1..].iter().take_while(|&&byte| RUN[usize::from(byte)]).count();
                return (rest == 43).then_some((from, end + 1 + rest, "SendGrid key"));
            }
            if let Some(from) = with("hvs.").or(with("hvb.")).filter(|_| length >= 90) {
                return Some((from, end, "Vault token"));
            }
            if let Some(from) = with("dp.pt.").or(with("dp.st.")).or(with("dp.sa.")).filter(|_| length >= 40) {
                return Some((from, end, "Doppler token"));
            }
            let from = with(".atlasv1.").filter(|_| (60..=70).contains(&length))?;
            let head = before[..from].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            (head == 14).then_some((from - head, end, "Terraform token"))
        }
        b':' => {
            let digits = before[..start - 1].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            let telegram = (8..=10).contains(&digits) && length == 35 && run.starts_with(b"AA");
            telegram.then_some((start - 1 - digits, end, "Telegram token"))
        }
        b'=' => {
            let npm = before.ends_with(b":_authToken=") && is_varied(run);
            if npm {
                return Some((start, end, "registry token"));
            }
            let azure = before.ends_with(b"AccountKey=") || before.ends_with(b"SharedAccessKey=");
            let rest = bytes[end..].iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
            azure.then(|| (start, end + rest.count(), "Azure key")).filter(|(from, to, _)| to - from >= 40)
        }
        b'/' if length == 24 => {
            let window = before.get(start.saturating_sub(64)..)?;
            let mark = b"hooks.slack.com/services/";
            let at = window.windows(mark.len()).position(|window| window == mark)?;
            let from = start - window.len() + at + mark.len();
            let path = bytes.get(from..start)?;
            let form = path.starts_with(b"T") && path.windows(2).any(|pair| pair == b"/B");
            form.then_some((from, end, "Slack webhook"))
        }
        _ => None,
    }
}

/// The end of `eyJ….eyJ….…` whose first part is the run.
fn web_token(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    let rest = bytes.get(end..)?.strip_prefix(b".eyJ")?;
    let run = |bytes: &[u8]| bytes.iter().take_while(|&&byte| RUN[usize::from(byte)]).count();
    let payload = run(rest);
    let signature = rest.get(payload..)?.strip_prefix(b".")?;
    let length = run(signature);
    (payload >= 10 && length >= 20 && is_varied(&bytes[start..end])).then_some(end + 4 + payload + 1 + length)
}

/// Finds `-----BEGIN … PRIVATE KEY-----` with a key behind it.
fn private_keys(text: &str, found: &mut Vec<Token>) {
    const DASHES: usize = 5;
    const HEADER: usize = 48;
    const LONGEST: usize = 8192;
    let position = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).position(|window| window == word);
    let bytes = text.as_bytes();
    let mut at = DASHES - 1;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'-' {
            at += DASHES;
            continue;
        }
        let start = at - bytes[..at].iter().rev().take(DASHES).take_while(|&&byte| byte == b'-').count();
        let end = at + bytes[at..].iter().take_while(|&&byte| byte == b'-').count();
        at = end + DASHES;
        let head = &bytes[end..bytes.len().min(end + HEADER)];
        let Some(header) =
            position(head, b"PRIVATE KEY-----").filter(|_| end - start >= DASHES && head.starts_with(b"BEGIN "))
        else {
            continue;
        };
        let body = end + header + "PRIVATE KEY-----".len();
        // A key is long; what only speaks of one is not.
        let behind = &bytes[body..bytes.len().min(body + 160)];
        let longest =
            behind.split(|byte| !(byte.is_ascii_alphanumeric() || b"+/=".contains(byte))).map(<[u8]>::len).max();
        if longest.unwrap_or_default() < 40 {
            continue;
        }
        let window = &bytes[body..bytes.len().min(body + LONGEST)];
        let line = window.iter().position(|&byte| byte == b'\n').unwrap_or(window.len());
        let stop = body + position(window, b"-----END").unwrap_or(line);
        found.push(Token { span: Span::from(end - DASHES..stop), what: "private key" });
        at = stop + DASHES - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Joined at run time, so that no scanner of this source takes an example for a secret.
    fn found(parts: &[&str]) -> Option<(String, &'static str)> {
        let text = format!("ENV X=\"{}\" \\\n  Y=1\n", parts.concat());
        let tokens = find(&text);
        assert!(tokens.len() < 2, "{tokens:?}");
        tokens.first().map(|token| (token.span.text(&text).to_owned(), token.what))
    }

    #[test]
    fn forms() {
        let body =
            "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1fG3hI5jK7lM9nO1pQ3rS5tU7vW9xY1zA3bC5dE7fG9hI1jK3lM5nO7";
        let hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        for (parts, what) in [
            (vec!["ghp", "_", &body[..36]], "GitHub token"),
            (vec!["github", "_pat_", &body[..82]], "GitHub token"),
            (vec!["glpat", "-", &body[..20]], "GitLab token"),
            (vec!["AK", "IA", "Q3EGUYZW7QEXMXYZ"], "AWS access key"),
            (vec!["npm", "_", &body[..36]], "npm token"),
            (vec!["AI", "za", &body[..35]], "Google API key"),
            (vec!["xox", "b-123456789012-", &body[..24]], "Slack token"),
            (vec!["sk", "_live_", &body[..24]], "Stripe key"),
            (vec!["dop", "_v1_", hex], "DigitalOcean token"),
            (vec!["sk", "-ant-api03-", &body[..90]], "Anthropic key"),
            (vec!["S", "G.", &body[..22], ".", &body[..43]], "SendGrid key"),
            (vec!["ey", "JhbGciOiJIUzI1NiJ9", ".ey", "JzdWIiOiIxMjM0NTY3", ".", &body[..43]], "JSON web token"),
            (vec!["123456789:", "AA", &body[..33]], "Telegram token"),
        ] {
            let whole = parts.concat();
            assert_eq!(found(&parts), Some((whole, what)));
        }
        let slack = found(&["https://hooks.slack.com/services/", "T0000AAAA/B0000BBBB/", &body[..24]]);
        assert_eq!(slack.map(|(_, what)| what), Some("Slack webhook"));
        let key =
            found(&["-----BEGIN RSA PRIV", "ATE KEY-----\\n", &body[..64], "\\n-----END RSA PRIV", "ATE KEY-----"]);
        assert_eq!(key.map(|(_, what)| what), Some("private key"));
    }

    #[test]
    fn others() {
        for text in [
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "--no-install-recommends-and-more-options",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "AKIAIOSFODNN7EXAMPLE",
            "-----BEGIN PRIVATE KEY-----",
            "task-force-with-a-rather-long-name-for-a-directory-somewhere",
            "é-é-é-----BEGIN é",
        ] {
            assert_eq!(found(&[text]), None, "{text}");
        }
    }
}
