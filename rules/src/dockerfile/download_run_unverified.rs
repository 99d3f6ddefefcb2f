use crate::prelude::*;
use crate::support::any_word::any_word_in_any_case;
use crate::support::commands::{is_local_only, scripts_of};
use crate::support::downloads::{runs_argument, saved};
use crate::support::folders::{Folder, Step, steps};
use aho_corasick::AhoCorasick;
use std::collections::HashMap;
use std::sync::LazyLock;

rule! {
    /// ## What it does
    /// Flags files that a `RUN` downloads and then runs or makes executable, with nothing in between that verifies
    /// them.
    ///
    /// ## Why is this bad?
    /// The build runs, mostly as root, whatever the server sends at that moment, or puts it into the image as a
    /// program. A release that was replaced, or a server that somebody got into, changes the image without a trace.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM debian:13
    /// RUN curl -fsSLo /tmp/install.sh https://example.com/install.sh && sh /tmp/install.sh
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM debian:13
    /// RUN curl -fsSLo /tmp/install.sh https://example.com/install.sh \
    ///     && echo "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d  /tmp/install.sh" | sha256sum -c - \
    ///     && sh /tmp/install.sh
    /// ```
    /// or `ADD --checksum=sha256:…`, which does both, or `gpg --verify` with a key that came another way.
    ///
    /// ## Notes
    /// What is only made executable is shown as info. Where the same `RUN` computes a checksum or verifies a
    /// signature, whatever of, or the URL holds a commit's hash, nothing is said. Over plain `http://` it is an error.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    fixable: false,
    check: Stage(check),
}

/// A file that was downloaded.
struct Download {
    /// The command that did.
    place: Span,
    /// Whether it came without encryption.
    plain: bool,
    /// Where it was made executable.
    executable: Option<Span>,
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    // Most stages have nothing to do with downloads.
    if !scripts_of(cx, stage).iter().any(|script| script.commands().iter().any(stores)) {
        return;
    }
    let mut downloads: HashMap<String, Download> = HashMap::new();
    for (_, mut folder, step) in steps(cx, stage) {
        let Step::Script(script) = step else { continue };
        if downloads.is_empty() && !script.commands().iter().any(stores) {
            continue;
        }
        if script.commands().iter().any(verifies) {
            downloads.clear();
            continue;
        }
        for command in script.commands() {
            folder.follow(command);
            if stores(command) {
                remember(&folder, script, command, &mut downloads);
            } else if !downloads.is_empty() {
                used(cx, &folder, script, command, &mut downloads);
            }
        }
    }
    let mut left: Vec<(Span, Download)> =
        downloads.into_values().filter_map(|download| Some((download.executable?, download))).collect();
    left.sort_by_key(|(place, _)| *place);
    for (place, download) in left {
        report(cx, place, &download, "made executable").severity(Severity::Info);
    }
}

/// Whether the command may store a download.
fn stores(command: &shell::Command<'_>) -> bool {
    command.is("curl") || command.is("wget")
}

fn remember(
    folder: &Folder,
    script: &RunScript<'_>,
    command: &shell::Command<'_>,
    downloads: &mut HashMap<String, Download>,
) {
    if is_local_only(command) || command.args.iter().any(|arg| holds_commit(&arg.text)) {
        return;
    }
    let plain = command.args.iter().any(|arg| arg.text.starts_with("http://"));
    for file in saved(command) {
        let place = script.place(command.name.span);
        downloads.insert(folder.path(&file.path), Download { place, plain, executable: None });
    }
}

/// Looks at whether a command runs a download, or makes one executable.
fn used(
    cx: &mut Cx<'_>,
    folder: &Folder,
    script: &RunScript<'_>,
    command: &shell::Command<'_>,
    downloads: &mut HashMap<String, Download>,
) {
    let run = if command.name.text.contains('/') {
        Some(&command.name)
    } else if runs_argument(command) && !command.is("eval") {
        command.args.iter().find(|arg| !arg.text.starts_with('-'))
    } else {
        None
    };
    if let Some(word) = run
        && let Some(download) = downloads.remove(&folder.path(&word.text))
    {
        report(cx, script.place(word.span), &download, "run");
    }
    if command.is("chmod") && command.operands().next().is_some_and(|mode| makes_executable(&mode.text)) {
        for word in command.operands().skip(1) {
            if let Some(download) = downloads.get_mut(&folder.path(&word.text)) {
                download.executable.get_or_insert(script.place(word.span));
            }
        }
    }
}

fn report<'f>(cx: &'f mut Cx<'_>, place: Span, download: &Download, how: &str) -> &'f mut Finding {
    let plain = if download.plain { " over plain HTTP" } else { "" };
    let message = format!("download{plain} {how} without verification");
    let finding = cx.report(place, message);
    finding.related(download.place, "downloaded here");
    if download.plain {
        finding.severity(Severity::Error);
    }
    finding
}

/// Whether a command computes a checksum or verifies a signature.
fn verifies(command: &shell::Command<'_>) -> bool {
    let name = command.name.text.rsplit('/').next().unwrap_or_default();
    let sums = name.ends_with("sum") || matches!(name, "rhash" | "gpgv" | "gpgv2" | "minisign" | "signify" | "cosign");
    // Programs have their own ways to compare a hash: `openssl dgst -sha256`, `php -r "hash_file('sha384', …)"`.
    static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        any_word_in_any_case(&[
            "sha1",
            "sha256",
            "sha384",
            "sha512",
            "md5",
            "checksum",
            "hash_file",
            "--verify",
            "verify-blob",
            "blake",
        ])
    });
    sums || command.args.iter().any(|arg| MARKS.is_match(&*arg.text))
}

/// Whether a URL names what it gets by a commit's hash.
fn holds_commit(url: &str) -> bool {
    url.contains("://")
        && url.split(['/', '@', '?']).any(|part| part.len() == 40 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether a mode for `chmod` makes a file executable.
fn makes_executable(mode: &str) -> bool {
    let octal = mode.bytes().all(|byte| byte.is_ascii_digit()) && mode.bytes().rev().take(3).any(|byte| byte % 2 == 1);
    octal || mode.contains('+') && mode.contains(['x', 'X'])
}
