//! Secrets whose values stand in a `RUN`, or in a command that containers run.

use crate::cx::At;
use crate::facts::{Facts, RunScript};
use crate::support::commands::{Parts, curl_flags};
use crate::support::secret_names::{self, Strength};
use crate::support::secret_values::{self, Value};
use crate::support::url_passwords;
use plimsoll_base::Span;
use plimsoll_shell::{Command, Word};
use std::ops::Range;

/// A secret in a command.
pub(crate) struct RunSecret<'c> {
    /// The instruction.
    pub(crate) at: At<'c>,
    /// The value, without quotes around it.
    pub(crate) value: Span,
    /// What it stands in, for the message: "the password in a URL".
    pub(crate) what: String,
}

/// The values of the secrets in `RUN`s, for the mask.
pub(crate) fn in_run(facts: &Facts<'_>) -> Vec<Span> {
    let source = facts.file.source;
    let values = facts.run_secrets().iter().map(|found| found.value);
    // Words that say nothing would only garble the text around them.
    values.filter(|value| !secret_values::is_word(value.text(source), "")).collect()
}

/// The secrets in all texts and commands that `RUN`s and containers run, one after the other.
pub(crate) fn find_all<'c>(facts: &Facts<'c>) -> Vec<RunSecret<'c>> {
    let lists = facts.run_time_lists();
    let scripts = facts.scripts().iter().chain(facts.run_time_scripts()).chain(&lists);
    scripts.flat_map(|script| find(facts, script)).collect()
}

/// The secrets in one text or command.
fn find<'c>(facts: &Facts<'c>, script: &RunScript<'c>) -> Vec<RunSecret<'c>> {
    let mut finder = Finder { source: facts.file.source, script, parts: None, found: Vec::new() };
    // The command that feeds each pipeline's next one.
    let mut feeder: Option<&Command<'_>> = None;
    for command in script.commands() {
        finder.command(command);
        if let Some(feeder) = feeder.filter(|feeder| feeds(feeder, command)) {
            finder.fed(feeder, command);
        }
        if command.is("echo") || command.is("printf") {
            feeder = Some(command);
        }
    }
    let mut found = finder.found;
    found.sort_by_key(|secret| secret.value);
    found.dedup_by_key(|secret| secret.value);
    found
}

/// Whether the one's output is the other's input.
fn feeds(one: &Command<'_>, other: &Command<'_>) -> bool {
    match (one.pipeline, other.pipeline) {
        (Some((of, part)), Some((same, next))) => of == same && part + 1 == next,
        _ => false,
    }
}

struct Finder<'s, 'c> {
    source: &'s str,
    script: &'s RunScript<'c>,
    /// The way into the word that was looked at last.
    parts: Option<Parts<'s>>,
    found: Vec<RunSecret<'c>>,
}

impl Finder<'_, '_> {
    fn command(&mut self, command: &Command<'_>) {
        for assignment in &command.assignments {
            let value = &assignment.value;
            if is_named_secret(&assignment.name, &value.text) {
                self.add(value, 0..value.text.len(), || format!("the value of `{}`", assignment.name));
            }
            self.word(value);
        }
        let writes = command.is("echo") || command.is("printf");
        let assigns = matches!(&*command.name.text, "export" | "env" | "declare" | "typeset" | "readonly");
        for (at, arg) in command.args.iter().enumerate() {
            self.word(arg);
            let next = command.args.get(at + 1);
            if assigns && let Some((name, value)) = arg.text.split_once('=') {
                if is_named_secret(name, value) {
                    self.add(arg, name.len() + 1..arg.text.len(), || format!("the value of `{name}`"));
                }
            } else if writes {
                self.written(arg);
            } else {
                self.flag(arg, next);
            }
        }
        self.program(command);
    }

    /// `--password value`, `--password=value`, `--header 'Authorization: …'`.
    fn flag(&mut self, arg: &Word<'_>, next: Option<&Word<'_>>) {
        let (name, glued) = match arg.text.split_once('=') {
            Some((name, _)) => (name, true),
            None => (&*arg.text, false),
        };
        let word = if glued { Some((arg, name.len() + 1)) } else { next.map(|next| (next, 0)) };
        let Some((word, start)) = word else { return };
        if SECRET_FLAGS.contains(&name) && (glued || !word.text.starts_with('-')) {
            self.add(word, start..word.text.len(), || format!("the value of `{name}`"));
        } else if name == "--from-literal"
            && let Some((key, value)) = word.text.get(start..).and_then(|pair| pair.split_once('='))
        {
            if is_named_secret(&key.replace(['-', '.'], "_"), value) {
                let value = start + key.len() + 1..word.text.len();
                self.add(word, value, || format!("the value of `{key}`"));
            }
        } else if matches!(name, "-H" | "--header" | "--proxy-header") {
            self.header(word, start);
        } else if matches!(name, "-passin" | "-passout" | "-pass") && word.text.starts_with("pass:") {
            self.add(word, "pass:".len()..word.text.len(), || format!("the value of `{name}`"));
        }
    }

    /// `password=value` in a text that is written somewhere.
    fn written(&mut self, word: &Word<'_>) {
        /// Longer values are files, and the search of each would take the square of their length.
        const LONGEST: usize = 512;
        let text = &*word.text;
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        for (at, _) in text.match_indices('=') {
            let before = &text[..at];
            let name = &before[before.trim_end_matches(is_of_name).len()..];
            // The `n` of a line break.
            let is_escape = before[..at - name.len()].ends_with('\\');
            let name = if is_escape { name.get(1..).unwrap_or_default() } else { name };
            let rest = &text[at + 1..];
            let ends = |c: char| c.is_whitespace() || matches!(c, '\\' | '"' | '\'' | ';' | '&' | ',');
            let end = rest.char_indices().take(LONGEST).find(|(_, c)| ends(*c)).map_or(rest.len(), |(end, _)| end);
            if end <= LONGEST && is_named_secret(&name.replace(['-', '.'], "_"), &rest[..end]) {
                self.add(word, at + 1..at + 1 + end, || format!("the value of `{name}`"));
            }
        }
    }

    /// A header of HTTP that authorizes.
    fn header(&mut self, word: &Word<'_>, start: usize) {
        let Some((name, value)) = word.text.get(start..).and_then(|header| header.split_once(':')) else { return };
        if word.expands && value.contains(['$', '`']) {
            return;
        }
        const NAMES: &[&str] = &[
            "authorization",
            "proxy-authorization",
            "private-token",
            "job-token",
            "deploy-token",
            "x-api-key",
            "api-key",
            "x-auth-token",
            "x-vault-token",
            "x-jfrog-art-api",
        ];
        if NAMES.contains(&name.trim().to_ascii_lowercase().as_str()) {
            // `Bearer value`, `Basic value`, `token value`, or the value alone.
            let token = value.trim().rsplit(' ').next().unwrap_or_default();
            let end = start + name.len() + 1 + value.trim_end().len();
            self.add(word, end - token.len()..end, || format!("the value of the header `{}`", name.trim()));
        }
    }

    /// What a program's own flags and arguments hold.
    fn program(&mut self, command: &Command<'_>) {
        let what = |flag: &str| format!("the value of `{flag}`");
        let name = &*command.name.text;
        match name {
            "curl" => {
                for flag in curl_flags(command).iter().filter(|flag| matches!(flag.letter, 'u' | 'U')) {
                    if let Some((word, start)) = flag.value {
                        self.user_and_password(word, start);
                    }
                }
                for flag in ["--user", "--proxy-user"] {
                    if let Some((word, value)) = command.value_of(&[flag]) {
                        self.user_and_password(word, word.text.len() - value.len());
                    }
                }
            }
            "sshpass" | "mysql" | "mysqldump" | "mysqladmin" | "mariadb" | "mariadb-admin" => {
                let glued = |arg: &&Word<'_>| arg.text.strip_prefix("-p").is_some_and(|rest| !rest.is_empty());
                if let Some(arg) = command.args.iter().find(glued) {
                    self.add(arg, 2..arg.text.len(), || what("-p"));
                } else if name == "sshpass"
                    && let Some((word, value)) = command.value_of(&["-p"])
                {
                    self.add(word, word.text.len() - value.len()..word.text.len(), || what("-p"));
                }
                if let Some(at) = command.args.iter().position(|arg| arg.text == "password")
                    && name.ends_with("admin")
                    && let Some(word) = command.args.get(at + 1)
                {
                    self.add(word, 0..word.text.len(), || "the argument of `password`".to_owned());
                }
            }
            "docker" | "podman" | "buildah" | "skopeo" | "helm" | "az" | "oras" | "crane" => {
                if command.operands().any(|word| word.text == "login")
                    && let Some((word, value)) = command.value_of(&["-p"])
                {
                    self.add(word, word.text.len() - value.len()..word.text.len(), || what("-p"));
                }
            }
            // Nothing matches `*`, `!` and `x`.
            "useradd" | "usermod" => {
                if let Some((word, value)) = command.value_of(&["-p"])
                    && !value.starts_with(['*', '!'])
                    && value != "x"
                {
                    self.add(word, word.text.len() - value.len()..word.text.len(), || what("-p"));
                }
            }
            "redis-cli" => {
                if let Some((word, value)) = command.value_of(&["-a", "--pass"]) {
                    self.add(word, word.text.len() - value.len()..word.text.len(), || {
                        "the password of Redis".to_owned()
                    });
                }
            }
            "vault" => self.vault(command),
            "keytool" => {
                for flag in ["-storepass", "-keypass", "-srcstorepass", "-deststorepass"] {
                    if let Some((word, _)) = command.value_of(&[flag]) {
                        self.add(word, 0..word.text.len(), || what(flag));
                    }
                }
            }
            "htpasswd" if command.short('b').is_some() => {
                let index = if command.short('n').is_some() { 1 } else { 2 };
                if let Some(word) = command.operands().nth(index) {
                    self.add(word, 0..word.text.len(), || "the password of `htpasswd`".to_owned());
                }
            }
            "aws" => {
                let secret = |arg: &Word<'_>| {
                    arg.text.ends_with("aws_secret_access_key") || arg.text.ends_with("aws_session_token")
                };
                if let Some(at) = command.args.iter().position(secret)
                    && let (Some(key), Some(word)) = (command.args.get(at), command.args.get(at + 1))
                {
                    self.add(word, 0..word.text.len(), || what(&key.text));
                }
            }
            "npm" | "yarn" | "pnpm" => {
                let secret = |arg: &Word<'_>| arg.text.ends_with("_authToken") || arg.text.ends_with("_password");
                if let Some(at) = command.args.iter().position(secret)
                    && let Some(word) = command.args.get(at + 1)
                {
                    self.add(word, 0..word.text.len(), || "a token of the registry".to_owned());
                }
            }
            _ => {}
        }
    }

    /// `vault login TOKEN`, `vault login -method=userpass username=me password=VALUE`.
    fn vault(&mut self, command: &Command<'_>) {
        let Some(login) = command.args.iter().position(|arg| arg.text == "login") else { return };
        let has_value = |flag: &str| flag.starts_with('-') && !flag.contains('=') && !flag.starts_with("-no-");
        for pair in command.args[login..].windows(2) {
            let [before, word] = pair else { continue };
            if word.text.starts_with('-') || has_value(&before.text) && before.text != "-token-only" {
                continue;
            }
            match word.text.split_once('=') {
                Some((name, value)) if is_named_secret(name, value) => {
                    self.add(word, name.len() + 1..word.text.len(), || format!("the value of `{name}`"));
                }
                Some(_) => {}
                None => self.add(word, 0..word.text.len(), || "the token of `vault login`".to_owned()),
            }
        }
    }

    /// What `echo` gives to the command behind it.
    fn fed(&mut self, feeder: &Command<'_>, command: &Command<'_>) {
        match &*command.name.text {
            "chpasswd" => {
                for word in &feeder.args {
                    if let Some((user, password)) = word.text.split_once(':') {
                        let password = password.split(['\n', '\\']).next().unwrap_or_default();
                        let start = user.len() + 1;
                        self.add(word, start..start + password.len(), || "the password for `chpasswd`".to_owned());
                    }
                }
            }
            "debconf-set-selections" => {
                for word in &feeder.args {
                    self.behind(word, &word.text, " password ", [' ', '\n', '\\'], "a password for debconf");
                }
            }
            _ => {}
        }
    }

    /// What a word holds, whatever the command is.
    fn word(&mut self, word: &Word<'_>) {
        let text = &*word.text;
        // Most words are short and hold none of the characters that matter.
        let held = text.bytes().fold(0, |held, byte| held | MARKS[usize::from(byte)]);
        let holds = |byte: u8| held & MARKS[usize::from(byte)] != 0;
        if held == 0 {
            return;
        }
        if holds(b'@') {
            for span in url_passwords::find(text) {
                self.add(word, span.range(), || "the password in a URL".to_owned());
            }
        }
        if holds(b'=') && holds(b'_') {
            for key in ["_authToken=", "_password=", "_auth="] {
                self.behind(word, text, key, [' ', '\n', '\\'], "a token of the registry");
            }
        }
        if holds(b' ') && text.contains("machine ") && text.contains("login ") {
            self.behind(word, text, "password ", [' ', '\n', '\\'], "the password of a netrc");
        }
        if holds(b'\'') {
            let lower = text.to_ascii_lowercase();
            if lower.contains("identified") {
                self.behind(word, &lower, "by '", ['\'', '\'', '\''], "the password of a database user");
            }
            self.behind(word, &lower, "password '", ['\'', '\'', '\''], "the password of a database user");
            self.behind(word, &lower, "password = '", ['\'', '\'', '\''], "the password of a database user");
        }
    }

    fn user_and_password(&mut self, word: &Word<'_>, start: usize) {
        if let Some((user, _)) = word.text.get(start..).and_then(|value| value.split_once(':')) {
            self.add(word, start + user.len() + 1..word.text.len(), || "the password behind `--user`".to_owned());
        }
    }

    /// What stands behind `key` in the word, up to one of `ends`. `text` is the word's, possibly in lower case.
    fn behind(&mut self, word: &Word<'_>, text: &str, key: &str, ends: [char; 3], what: &str) {
        let Some(at) = text.find(key) else { return };
        let start = at + key.len();
        let value = text.get(start..).unwrap_or_default();
        // debconf's type and the question's name both may read `password`.
        let (start, value) = match value.strip_prefix("password ") {
            Some(rest) => (start + "password ".len(), rest),
            None => (start, value),
        };
        let end = value.find(ends).unwrap_or(value.len());
        self.add(word, start..start + end, || what.to_owned());
    }

    /// Adds a part of a word, unless it holds a variable or is plainly no secret.
    fn add(&mut self, word: &Word<'_>, part: Range<usize>, what: impl FnOnce() -> String) {
        let Some(value) = word.text.get(part.clone()) else { return };
        let literal = matches!(secret_values::judge(value), Value::Literal | Value::Random);
        if word.expands && value.contains('`') || !literal {
            return;
        }
        if self.parts.as_ref().is_none_or(|parts| !parts.is_of(word)) {
            self.parts = Some(Parts::new(self.source, self.script, word));
        }
        let Some(parts) = &mut self.parts else { return };
        let value = parts.place(self.script, word, part);
        self.found.push(RunSecret { at: self.script.at, value, what: what() });
    }
}

/// A bit for each character without which a word holds no secret by its form.
static MARKS: [u8; 256] = {
    let mut table = [0; 256];
    table[b'@' as usize] = 1;
    table[b'=' as usize] = 2;
    table[b'_' as usize] = 4;
    table[b' ' as usize] = 8;
    table[b'\'' as usize] = 16;
    table
};

/// Flags whose value is a secret whatever the program.
const SECRET_FLAGS: &[&str] = &[
    "--password",
    "--passwd",
    "--passphrase",
    "--token",
    "--access-token",
    "--auth-token",
    "--api-token",
    "--api-key",
    "--apikey",
    "--secret-key",
    "--client-secret",
    "--http-password",
    "--ftp-password",
    "--proxy-password",
    "--requirepass",
];

/// Whether a variable's name is a secret's, and its value more than a word that stands in for one while the image is
/// built.
fn is_named_secret(name: &str, value: &str) -> bool {
    let strong = secret_names::judge(name).is_some_and(|judged| judged.strength == Strength::Strong);
    strong && !secret_values::is_word(value, name) && !["build", "temp", "tmp", "foo", "bar", "fake"].contains(&value)
}
