//! Names of variables that hold secrets, as Plimsoll and its peers judge them.

use super::any_word::any_word_in_any_case;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What a name says of its variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SecretName {
    /// How sure the name is.
    pub(crate) strength: Strength,
    /// Whether hadolint takes the name for a secret's.
    pub(crate) hadolint: bool,
    /// Whether BuildKit does.
    pub(crate) buildkit: bool,
    /// Whether trivy does.
    pub(crate) trivy: bool,
    /// Whether checkov does.
    pub(crate) checkov: bool,
}

/// How sure a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// Only peers take it for a secret's name.
    Peers,
    /// Names with `KEY`, `AUTH` or `CREDENTIALS` hold secrets, but also public keys, paths and switches.
    Weak,
    /// Passwords, tokens, secrets.
    Strong,
}

/// Whether a name is that of a secret beyond doubt.
pub(crate) fn is_secret(name: &str) -> bool {
    judge(name).is_some_and(|judged| judged.strength == Strength::Strong)
}

/// Judges a name; `None` where nobody takes it for a secret's, and for those of files (`*_FILE`) and public things.
pub(crate) fn judge(name: &str) -> Option<SecretName> {
    // Most names hold none of these, and are done here.
    const WORDS_OF_SECRETS: [&str; 12] =
        ["key", "pass", "pwd", "pword", "secret", "token", "auth", "cred", "private", "username", "salt", "pw"];
    static MARKS: LazyLock<AhoCorasick> =
        LazyLock::new(|| any_word_in_any_case(WORDS_OF_SECRETS.iter().chain(&OTHERS).chain(&VENDORS)));
    if !MARKS.is_match(name) {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let has = |word: &str| contains(&lower, word);
    let listed = OTHERS.contains(&lower.as_str());
    let vendor = VENDORS.iter().any(|vendor| lower == *vendor || lower.strip_prefix("vite_") == Some(vendor));
    if !(listed || vendor || WORDS_OF_SECRETS.into_iter().any(has)) {
        return None;
    }
    let parts: Vec<&str> = lower.split('_').collect();
    let is = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    if is(&["file", "files", "public", "pub"]) || has("tokeniz") || lower.ends_with("file") || has("publickey") {
        return None;
    }
    let words = is(&WORDS);
    let judged = SecretName {
        strength: strength(&lower, &parts),
        hadolint: listed || SUBSTRINGS.into_iter().any(has),
        buildkit: words && !is(&["version"]),
        trivy: (words || vendor) && !POINTERS.contains(&name),
        checkov: CHECKOV.iter().any(|end| lower.ends_with(end)),
    };
    let known = judged.hadolint || words || vendor || judged.strength > Strength::Peers;
    known.then_some(judged)
}

/// Whether a word stands in a name. Names are too short for the set-up of a clever search.
fn contains(name: &str, word: &str) -> bool {
    name.as_bytes().windows(word.len()).any(|window| window == word.as_bytes())
}

/// Words between underscores that BuildKit and trivy look for.
const WORDS: [&str; 10] =
    ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// What hadolint looks for anywhere in a name.
const SUBSTRINGS: [&str; 7] = ["api_key", "client_key", "password", "private", "secret", "token", "username"];

/// Further names that hadolint takes for secrets'.
const OTHERS: [&str; 11] = [
    "aws_access_key_id",
    "ci_deploy_user",
    "docker_email",
    "facebook_app_id",
    "okta_authn_groupid",
    "okta_client_orgurl",
    "okta_oauth2_clientid",
    "stripe_device_name",
    "travis_os_name",
    "travis_secure_env_vars",
    "travis_sudo",
];

/// Further names that trivy takes for secrets'.
const VENDORS: [&str; 2] = ["aws_access_key_id", "azure_client_id"];

/// Variables that point to a file with credentials. trivy looks at what is copied there instead, and compares these
/// names with their case.
pub(crate) const POINTERS: [&str; 3] = ["AWS_CONFIG_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "HF_TOKEN_PATH"];

/// How names end that checkov takes for secrets'.
const CHECKOV: [&str; 9] = ["key", "secret", "token", "password", "pwd", "auth", "credential", "api-key", "api_key"];

fn strength(lower: &str, parts: &[&str]) -> Strength {
    let is = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    let any = |words: &[&str]| words.iter().any(|word| contains(lower, word));
    // What is said of a secret, rather than the secret.
    let is_about = |part: &&str| plimsoll_secrets::is_about_a_secret(part);
    if parts.iter().any(is_about)
        || is(&["id", "arn", "less", "budget"])
        || any(&["passwordless", "secretary", "secretless"])
        || ["pwd", "oldpwd"].contains(&lower)
    {
        return Strength::Peers;
    }
    let strong = any(&[
        "password",
        "passwd",
        "passphrase",
        "secret",
        "apikey",
        "api_key",
        "private_key",
        "access_key",
        "auth_key",
        "authtoken",
    ]) || is(&["token", "tokens", "pword", "pwd", "pw", "pass", "passcode", "accesskey", "privatekey"])
        || lower.ends_with("token");
    if strong {
        Strength::Strong
    } else if is(&["key", "auth", "credential", "credentials", "creds", "salt"]) {
        Strength::Weak
    } else {
        Strength::Peers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let strength = |name| judge(name).map(|judged| judged.strength);
        for name in [
            "DB_PASSWORD",
            "adminPassword",
            "GITHUB_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "SSH_PRIVATE_KEY",
            "API_KEY",
            "MYSQL_PWD",
            "NEXUS_PW",
        ] {
            assert_eq!(strength(name), Some(Strength::Strong), "{name}");
        }
        for name in ["GPG_KEY", "LICENSE_KEY", "AUTH"] {
            assert_eq!(strength(name), Some(Strength::Weak), "{name}");
        }
        for name in ["USERNAME", "SECRET_IS_BASE64", "TOKEN_TTL", "PASSWORDLESS", "AWS_ACCESS_KEY_ID", "SECRET_ARN"] {
            assert_eq!(strength(name), Some(Strength::Peers), "{name}");
        }
        for name in
            ["PASSWORD_FILE", "PUBLIC_TOKEN", "PUBLIC_KEY", "TOKENIZER", "PATH", "KEYCLOAK_HOME", "MONKEY", "AUTHOR"]
        {
            assert_eq!(strength(name), None, "{name}");
        }
    }
}
