//! What switches the verification of downloads off: of servers' certificates, and of packages' signatures.

use crate::facts::Facts;
use crate::prelude::*;
use crate::support::commands::{curl_flags, is_local_only, is_versioned, part_place};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Something that switches verification off.
pub(crate) struct Switch {
    /// The word that does it.
    pub(crate) place: Span,
    /// As it is named in messages: a flag, or a variable.
    pub(crate) name: String,
    /// checkov's id of the same check.
    pub(crate) checkov: Option<&'static str>,
}

/// Everything in a file that switches verification off.
#[derive(Default)]
pub(crate) struct Switches {
    /// The check of servers' certificates.
    pub(crate) tls: Vec<Switch>,
    /// The check of packages' signatures or checksums.
    pub(crate) packages: Vec<Switch>,
}

/// Looks through a file for both at once.
pub(crate) fn find(facts: &Facts<'_>) -> Switches {
    let mut found = Switches::default();
    let Switches { tls, packages } = &mut found;
    for at in facts.instructions() {
        in_instruction(at, TLS_SETTINGS, tls);
        in_instruction(at, PACKAGE_SETTINGS, packages);
    }
    for script in facts.scripts() {
        for command in script.commands() {
            in_assignments(script, command, TLS_SETTINGS, tls);
            in_assignments(script, command, PACKAGE_SETTINGS, packages);
            let program = &*command.name.text;
            let program = ["pip", "python"].into_iter().find(|name| is_versioned(program, name)).unwrap_or(program);
            if PROGRAMS.contains(program) {
                in_arguments(script, command, program, (TLS_FLAGS, TLS_KEYS), tls);
                in_arguments(script, command, program, (PACKAGE_FLAGS, PACKAGE_KEYS), packages);
            }
            packages.extend(trusted_list(facts.file.source, script, command));
        }
    }
    found
}

/// The line of a repository that is written into a list and trusted unseen.
fn trusted_list(source: &str, script: &RunScript<'_>, command: &shell::Command<'_>) -> Option<Switch> {
    if !matches!(&*command.name.text, "echo" | "printf" | "add-apt-repository" | "apt-add-repository") {
        return None;
    }
    let trusts = |arg: &&shell::Word<'_>| arg.text.contains("trusted=yes") && arg.text.contains("deb");
    let arg = command.args.iter().find(trusts)?;
    let at = arg.text.find("trusted=yes")?;
    let place = part_place(source, script, arg, at..at + "trusted=yes".len());
    Some(Switch { place, name: "trusted=yes".to_owned(), checkov: None })
}

/// What an `ENV` or `ARG` switches off.
fn in_instruction(at: &At<'_>, settings: &[Setting], found: &mut Vec<Switch>) {
    let mut look = |name: &Word<'_>, value: &Word<'_>| {
        found.extend(switch_of(settings, name.unquoted(), value.unquoted(), name.span.cover(value.span)));
    };
    match &at.instruction.kind {
        Kind::Env(pairs) => pairs.iter().for_each(|pair| look(&pair.key, &pair.value)),
        Kind::Arg(declarations) => {
            for declaration in declarations {
                if let Some(default) = &declaration.default {
                    look(&declaration.name, default);
                }
            }
        }
        _ => {}
    }
}

/// What the assignments of a command switch off: those before its name, and those of `export`, `env`, `go env -w`.
fn in_assignments(script: &RunScript<'_>, command: &shell::Command<'_>, settings: &[Setting], found: &mut Vec<Switch>) {
    for assignment in &command.assignments {
        let place = script.place(assignment.span);
        found.extend(switch_of(settings, &assignment.name, &assignment.value.text, place));
    }
    if matches!(&*command.name.text, "export" | "env" | "declare" | "typeset" | "readonly" | "go") {
        for arg in &command.args {
            if let Some((name, value)) = arg.text.split_once('=') {
                found.extend(switch_of(settings, name, value, script.place(arg.span)));
            }
        }
    }
}

/// What the flags and settings among the arguments of a program switch off.
fn in_arguments(
    script: &RunScript<'_>,
    command: &shell::Command<'_>,
    program: &str,
    (flags, keys): (&[Flag], &[Key]),
    found: &mut Vec<Switch>,
) {
    let is_one_of = |programs: &[&str]| programs.contains(&program);
    for flag in flags.iter().filter(|flag| is_one_of(flag.programs)) {
        if matches!(program, "curl" | "wget") && is_local_only(command) {
            continue;
        }
        // A letter may stand in a cluster, which only curl has here.
        let cluster = if flag.flags.contains(&"-k") { curl_flags(command) } else { Vec::new() };
        for letter in cluster.iter().filter(|letter| letter.letter == 'k').take(1) {
            found.push(Switch { place: script.place(letter.arg.span), name: "-k".to_owned(), checkov: flag.checkov });
        }
        for arg in &command.args {
            let met = flag.flags.iter().find(|one| {
                let value = arg.text.strip_prefix(**one);
                value.is_some_and(|value| value.is_empty() || value.starts_with('=') && !one.contains('='))
            });
            if let Some(name) = met.filter(|name| **name != "-k") {
                found.push(Switch { place: script.place(arg.span), name: (*name).to_owned(), checkov: flag.checkov });
            }
        }
    }
    if !keys.iter().any(|key| is_one_of(key.programs)) {
        return;
    }
    for (at, arg) in command.args.iter().enumerate() {
        let (name, value) = match arg.text.bytes().rposition(|byte| byte == b'=') {
            Some(sign) => (&arg.text[..sign], Some(&arg.text[sign + 1..])),
            None => (&*arg.text, command.args.get(at + 1).map(|next| &*next.text)),
        };
        let met = |key: &&Key| is_one_of(key.programs) && ends_with_key(name, key.ending);
        for key in keys.iter().filter(met) {
            if value.is_some_and(key.off) && !name.starts_with("--strict-ssl") {
                let name = name.rsplit(['=', ' ']).next().unwrap_or(name);
                let name = name.strip_prefix("-o").unwrap_or(name).to_owned();
                found.push(Switch { place: script.place(arg.span), name, checkov: key.checkov });
            }
        }
    }
}

/// Whether a name ends with a key, which is in lower case, in any case.
fn ends_with_key(name: &str, key: &str) -> bool {
    let start = name.len().checked_sub(key.len());
    start.and_then(|start| name.as_bytes().get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(key.as_bytes()))
}

fn switch_of(settings: &[Setting], name: &str, value: &str, place: Span) -> Option<Switch> {
    let setting = settings.iter().find(|setting| setting.name.eq_ignore_ascii_case(name))?;
    let off = (setting.off)(value.trim_matches(['"', '\'']));
    off.then(|| Switch { place, name: setting.name.to_owned(), checkov: setting.checkov })
}

fn is_no(value: &str) -> bool {
    ["0", "false", "no", "off"].iter().any(|no| no.eq_ignore_ascii_case(value))
}

fn is_yes(value: &str) -> bool {
    ["1", "true", "yes", "on"].iter().any(|yes| yes.eq_ignore_ascii_case(value))
}

/// Any value, those in variables aside, which may be empty.
fn is_set(value: &str) -> bool {
    !value.is_empty() && !value.starts_with('$')
}

/// A variable that switches something off.
struct Setting {
    name: &'static str,
    off: fn(&str) -> bool,
    checkov: Option<&'static str>,
}

const fn setting(name: &'static str, off: fn(&str) -> bool, checkov: Option<&'static str>) -> Setting {
    Setting { name, off, checkov }
}

/// Variables that switch the check of servers' certificates off. Names are compared without case: npm's are.
static TLS_SETTINGS: &[Setting] = &[
    setting("PYTHONHTTPSVERIFY", is_no, Some("CKV2_DOCKER_5")),
    setting("NODE_TLS_REJECT_UNAUTHORIZED", is_no, Some("CKV2_DOCKER_6")),
    setting("NPM_CONFIG_STRICT_SSL", is_no, Some("CKV2_DOCKER_12")),
    setting("YARN_STRICT_SSL", is_no, None),
    setting("YARN_ENABLE_STRICT_SSL", is_no, None),
    setting("GIT_SSL_NO_VERIFY", is_yes, Some("CKV2_DOCKER_14")),
    setting("PIP_TRUSTED_HOST", is_set, Some("CKV2_DOCKER_16")),
    setting("UV_INSECURE_HOST", is_set, None),
    setting("GOINSECURE", is_set, None),
    setting("CONDA_SSL_VERIFY", is_no, None),
    setting("COMPOSER_DISABLE_TLS", is_yes, None),
    setting("HEX_UNSAFE_HTTPS", is_yes, None),
];

/// Variables that switch the check of packages' signatures or checksums off.
static PACKAGE_SETTINGS: &[Setting] = &[
    setting("GOSUMDB", is_no, None),
    setting("GONOSUMCHECK", is_yes, None),
    setting("GONOSUMDB", |value| value == "*", None),
    setting("HEX_UNSAFE_REGISTRY", is_yes, None),
];

/// Every program that one of the tables names: most commands are none of them.
static PROGRAMS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let flags = [TLS_FLAGS, PACKAGE_FLAGS].into_iter().flatten().flat_map(|flag| flag.programs);
    let keys = [TLS_KEYS, PACKAGE_KEYS].into_iter().flatten().flat_map(|key| key.programs);
    flags.chain(keys).copied().collect()
});

/// A flag that switches something off by itself.
struct Flag {
    programs: &'static [&'static str],
    /// The flags; with a value of their own behind `=` too.
    flags: &'static [&'static str],
    checkov: Option<&'static str>,
}

const fn flag(
    programs: &'static [&'static str],
    flags: &'static [&'static str],
    checkov: Option<&'static str>,
) -> Flag {
    Flag { programs, flags, checkov }
}

const APT: &[&str] = &["apt", "apt-get", "aptitude"];
const DNF: &[&str] = &["yum", "dnf", "microdnf", "tdnf"];
const NPM: &[&str] = &["npm", "yarn", "pnpm"];
const PIP: &[&str] = &["pip", "python", "pipenv", "pipx", "poetry", "uv"];

static TLS_FLAGS: &[Flag] = &[
    flag(&["curl"], &["-k", "--insecure", "--proxy-insecure"], Some("CKV2_DOCKER_2")),
    flag(&["wget"], &["--no-check-certificate"], Some("CKV2_DOCKER_3")),
    flag(PIP, &["--trusted-host"], Some("CKV2_DOCKER_4")),
    flag(PIP, &["--allow-insecure-host", "global.trusted-host", "install.trusted-host"], None),
    flag(NPM, &["--strict-ssl=false", "--no-strict-ssl"], None),
    flag(&["apk"], &["--no-check-certificate"], None),
    flag(&["aria2c"], &["--check-certificate=false"], None),
    flag(&["composer"], &["--disable-tls"], None),
    flag(
        &["argocd", "helm", "kubectl", "oc"],
        &["--insecure-skip-tls-verify", "--insecure-skip-tls-verify=true"],
        None,
    ),
    flag(
        &["buildah", "docker", "podman", "skopeo"],
        &["--tls-verify=false", "--src-tls-verify=false", "--dest-tls-verify=false"],
        None,
    ),
];

static PACKAGE_FLAGS: &[Flag] = &[
    flag(&["apk"], &["--allow-untrusted"], Some("CKV2_DOCKER_7")),
    flag(APT, &["--allow-unauthenticated"], Some("CKV2_DOCKER_8")),
    flag(DNF, &["--nogpgcheck", "--no-gpgchecks"], Some("CKV2_DOCKER_9")),
    flag(&["rpm"], &["--nosignature"], Some("CKV2_DOCKER_10")),
    flag(APT, &["--force-yes"], Some("CKV2_DOCKER_11")),
    flag(APT, &["--allow-insecure-repositories"], None),
    flag(&["zypper"], &["--no-gpg-checks", "--no-gpgcheck", "--allow-unsigned-rpm"], None),
];

/// A setting among the arguments, as `key value` or in a word that ends with `key=value`.
struct Key {
    programs: &'static [&'static str],
    /// What the key ends with, in lower case.
    ending: &'static str,
    off: fn(&str) -> bool,
    checkov: Option<&'static str>,
}

const fn key(
    programs: &'static [&'static str],
    ending: &'static str,
    off: fn(&str) -> bool,
    checkov: Option<&'static str>,
) -> Key {
    Key { programs, ending, off, checkov }
}

static TLS_KEYS: &[Key] = &[
    key(&["git"], "sslverify", is_no, None),
    key(&["npm", "yarn", "pnpm"], "strict-ssl", is_no, Some("CKV2_DOCKER_13")),
    key(&["yarn"], "enablestrictssl", is_no, None),
    key(&["conda", "mamba"], "ssl_verify", is_no, None),
    key(APT, "::verify-peer", is_no, None),
    key(APT, "::verify-host", is_no, None),
    key(DNF, "sslverify", is_no, None),
    key(&["yum-config-manager"], "sslverify", is_no, Some("CKV2_DOCKER_15")),
];

static PACKAGE_KEYS: &[Key] = &[
    key(APT, "apt::get::allowunauthenticated", is_yes, None),
    key(APT, "acquire::allowinsecurerepositories", is_yes, None),
    key(APT, "apt::get::force-yes", is_yes, None),
    key(DNF, "gpgcheck", is_no, None),
];
