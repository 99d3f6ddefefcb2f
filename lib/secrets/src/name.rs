//! Names of variables, keys and fields that hold secrets.

/// How sure a name is that its value is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// No secret's name, or that of something about a secret: its file, its length.
    None,
    /// Names with `key`, `auth` or `credential`: also those of public keys and headers.
    Weak,
    /// Tokens, secrets, keys to something.
    Strong,
    /// Passwords: also short values count.
    Password,
}

/// Judges a name in any style: `DB_PASSWORD`, `dbPassword`, `db-password`, `db.password`.
pub(crate) fn judge(name: &[u8]) -> Strength {
    let mut parts: [&[u8]; 12] = [&[]; 12];
    let mut count = 0;
    for part in Parts(name) {
        if count == parts.len() {
            return Strength::None;
        }
        parts[count] = part;
        count += 1;
    }
    let parts = &parts[..count];
    // Most names are no secret's, and are done here.
    let judged = strength(parts);
    let about = |part: &&[u8]| is_one_of(part, &ABOUT) || is_one_of(part, &ABOUT_IN_CODE);
    let is_none = judged == Strength::None || is_id(name) || parts.iter().any(about);
    if is_none { Strength::None } else { judged }
}

fn strength(parts: &[&[u8]]) -> Strength {
    let is =
        |words: &[&str]| parts.iter().any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes())));
    let pair = |left: &[&str], right: &[&str]| {
        parts.windows(2).any(|pair| {
            let one = |part: &[u8], words: &[&str]| words.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes()));
            one(pair[0], left) && one(pair[1], right)
        })
    };
    // Rendering passes and request tokens are neither.
    if is(&["pass"]) && !parts.last().is_some_and(|part| part.eq_ignore_ascii_case(b"pass"))
        || pair(&["request", "change", "idempotency"], &["token"])
    {
        return Strength::None;
    }
    let ends_as_one = parts.len() > 1 && parts.last().is_some_and(|part| part.eq_ignore_ascii_case(b"pw"));
    if ends_as_one
        || is(&PASSWORDS)
        || parts.iter().any(|part| ends_with(part, "password") || ends_with(part, "passwd"))
    {
        return Strength::Password;
    }
    let strong = is(&STRONG)
        || parts.iter().any(|part| ends_with(part, "secret") || ends_with(part, "token") || ends_with(part, "apikey"))
        || pair(
            &[
                "api",
                "access",
                "auth",
                "private",
                "secret",
                "encryption",
                "signing",
                "master",
                "service",
                "account",
                "storage",
                "admin",
                "app",
                "license",
                "deploy",
                "storageaccount",
            ],
            &["key", "keys"],
        );
    if strong {
        Strength::Strong
    } else if is(&[
        "key",
        "auth",
        "credential",
        "credentials",
        "creds",
        "cred",
        "salt",
        "pw",
        "bearer",
        "webhook",
        "dsn",
    ]) {
        Strength::Weak
    } else {
        Strength::None
    }
}

/// Whether a name is that of an identifier, which only its provider tells from a secret.
pub(crate) fn is_id(name: &[u8]) -> bool {
    Parts(name).last().is_some_and(|part| part.eq_ignore_ascii_case(b"id") || part.eq_ignore_ascii_case(b"clientid"))
}

const PASSWORDS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "pass",
    "pwd",
    "pword",
    "passcode",
    "userpass",
    "dbpass",
    "mysqlpass",
    "requirepass",
    "masterauth",
];

const STRONG: [&str; 10] = [
    "secret",
    "secrets",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "authkey",
    "authtoken",
    "authorization",
];

/// Whether a word of a name, in any case, says that the name is not a secret's but that of something about one: its place,
/// age, length or form.
///
/// ```
/// assert!(plimsoll_secrets::is_about_a_secret("TTL") && !plimsoll_secrets::is_about_a_secret("token"));
/// ```
pub fn is_about_a_secret(word: &str) -> bool {
    is_one_of(word.as_bytes(), &ABOUT)
}

fn is_one_of(part: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// What is said of a secret rather than being one: its name, place, age or form.
const ABOUT: [&str; 49] = [
    "path",
    "dir",
    "folder",
    "url",
    "uri",
    "endpoint",
    "header",
    "ttl",
    "expiry",
    "expiration",
    "expires",
    "lifetime",
    "timeout",
    "length",
    "len",
    "size",
    "min",
    "max",
    "type",
    "kind",
    "enabled",
    "disabled",
    "enable",
    "disable",
    "is",
    "has",
    "use",
    "allow",
    "require",
    "required",
    "policy",
    "version",
    "algorithm",
    "alg",
    "issuer",
    "audience",
    "prefix",
    "suffix",
    "format",
    "provider",
    "store",
    "prompt",
    "hint",
    "count",
    "limit",
    "field",
    "claim",
    "name",
    "names",
];

/// The same in programs and their configuration; and public things.
const ABOUT_IN_CODE: [&str; 41] = [
    "page",
    "next",
    "continuation",
    "cursor",
    "ref",
    "stub",
    "file",
    "files",
    "public",
    "pub",
    "pubkey",
    "regex",
    "pattern",
    "label",
    "placeholder",
    "title",
    "description",
    "message",
    "msg",
    "error",
    "text",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "checksum",
    "digest",
    "integrity",
    "fingerprint",
    "etag",
    "hash",
    "cache",
    "sort",
    "primary",
    "foreign",
    "index",
    "icon",
    "css",
    "class",
    "selector",
];

fn ends_with(part: &[u8], word: &str) -> bool {
    part.len() > word.len() && part[part.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
}

/// The words of a name, split at signs and where lower case turns into upper case.
struct Parts<'a>(&'a [u8]);

impl<'a> Iterator for Parts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.0.iter().position(u8::is_ascii_alphanumeric)?;
        let name = &self.0[start..];
        let mut end = 1;
        while let Some(&byte) = name.get(end) {
            let humps = byte.is_ascii_uppercase() && name[end - 1].is_ascii_lowercase();
            // `APIKey`: the last capital begins the next word.
            let after = byte.is_ascii_uppercase()
                && name[end - 1].is_ascii_uppercase()
                && name.get(end + 1).is_some_and(u8::is_ascii_lowercase);
            if !byte.is_ascii_alphanumeric() || humps || after {
                break;
            }
            end += 1;
        }
        self.0 = &name[end..];
        Some(&name[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, expected) in [
            ("DB_PASSWORD", Strength::Password),
            ("adminPassword", Strength::Password),
            ("spring.datasource.password", Strength::Password),
            ("MYSQL_PWD", Strength::Password),
            ("rootpassword", Strength::Password),
            ("GITHUB_TOKEN", Strength::Strong),
            ("AWS_SECRET_ACCESS_KEY", Strength::Strong),
            ("APIKey", Strength::Strong),
            ("api-key", Strength::Strong),
            ("clientSecret", Strength::Strong),
            ("ROOT_PW", Strength::Password),
            ("requirepass", Strength::Password),
            ("GPG_KEY", Strength::Weak),
            ("private_key_id", Strength::None),
            ("tokenId", Strength::None),
            ("PASSWORD_FILE", Strength::None),
            ("passwordLength", Strength::None),
            ("PUBLIC_KEY", Strength::None),
            ("tokenizer", Strength::None),
            ("keyboard", Strength::None),
            ("author", Strength::None),
            ("bypass", Strength::None),
        ] {
            assert_eq!(judge(name.as_bytes()), expected, "{name}");
        }
    }
}
