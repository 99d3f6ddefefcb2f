//! Commands that download, and programs that run what they are given.

use crate::support::commands::{curl_flags, is_versioned};
use plimsoll_shell::{Command, Word};
use std::borrow::Cow;

/// Whether the command gets something from the network. `wget -O - file` and `curl file` without a scheme count too.
pub(crate) fn is_download(command: &Command<'_>) -> bool {
    matches!(&*command.name.text, "curl" | "wget" | "aria2c" | "fetch" | "lynx" | "w3m")
}

/// A file that a download is stored in.
pub(crate) struct Saved<'w, 'c> {
    /// Its path, relative to the folder in which the command runs.
    pub(crate) path: Cow<'w, str>,
    /// The word that names it: an argument, or the target of a redirection.
    pub(crate) word: &'w Word<'c>,
}

/// The files that a download is stored in, as far as the command line tells.
pub(crate) fn saved<'w, 'c>(command: &'w Command<'c>) -> Vec<Saved<'w, 'c>> {
    let mut named: Vec<(&'w Word<'c>, &'w str)> = Vec::new();
    let mut to_output = true;
    let mut by_url = false;
    let mut folder = "";
    match &*command.name.text {
        "curl" => {
            for flag in curl_flags(command) {
                match (flag.letter, flag.value) {
                    ('o', Some((word, from))) => named.extend(word.text.get(from..).map(|path| (word, path))),
                    ('O', _) => by_url = true,
                    _ => {}
                }
            }
            named.extend(command.value_of(&["--output"]));
            by_url |= command.long("remote-name").is_some() || command.long("remote-name-all").is_some();
            folder = command.value_of(&["--output-dir"]).map_or("", |(_, folder)| folder);
            to_output = named.is_empty() && !by_url;
        }
        "wget" => {
            let flag = |letter, long| wget_flag(command, letter).or_else(|| command.value_of(&[long]));
            folder = flag('P', "--directory-prefix").map_or("", |(_, folder)| folder);
            let output = flag('O', "--output-document");
            to_output = output.is_some_and(|(_, path)| path == "-");
            by_url = output.is_none();
            named.extend(output);
        }
        _ => {}
    }
    let mut saved: Vec<Saved<'w, 'c>> = Vec::new();
    if to_output {
        let target = command.redirects.iter().rfind(|redirect| redirect.writes && !redirect.target.text.is_empty());
        saved.extend(target.map(|it| Saved { path: Cow::Borrowed(&*it.target.text), word: &it.target }));
    }
    saved.extend(named.into_iter().map(|(word, path)| Saved { path: within(folder, path), word }));
    if by_url {
        let urls = command.args.iter().filter_map(|word| Some((word, file_of(&word.text)?)));
        saved.extend(urls.map(|(word, name)| Saved { path: within(folder, name), word }));
    }
    saved.retain(|file| !matches!(&*file.path, "" | "-") && !file.path.starts_with("/dev/"));
    saved
}

/// The folder that `git clone` makes, and the word that names it.
pub(crate) fn clone_target<'w, 'c>(command: &'w Command<'c>) -> Option<(&'w str, &'w Word<'c>)> {
    if !command.is("git") || command.subcommand()?.text != "clone" {
        return None;
    }
    let at = command.args.iter().position(|word| word.text.contains("://") || word.text.starts_with("git@"))?;
    let url = command.args.get(at)?;
    if let Some(target) = command.args.get(at + 1).filter(|word| !word.text.starts_with('-')) {
        return Some((&target.text, target));
    }
    let name = url.text.trim_end_matches('/').rsplit(['/', ':']).next()?;
    Some((name.strip_suffix(".git").unwrap_or(name), url))
}

fn within<'p>(folder: &str, path: &'p str) -> Cow<'p, str> {
    if folder.is_empty() { Cow::Borrowed(path) } else { Cow::Owned(format!("{folder}/{path}")) }
}

/// The value of a short flag of wget, which may stand in a cluster such as `-qO-`.
fn wget_flag<'w, 'c>(command: &'w Command<'c>, wanted: char) -> Option<(&'w Word<'c>, &'w str)> {
    const WITH_VALUE: &str = "ADIKBOPQRTUaeilotwX";
    let mut args = command.args.iter();
    while let Some(arg) = args.next() {
        let Some(cluster) = arg.text.strip_prefix('-').filter(|rest| !rest.starts_with('-')) else { continue };
        let mut letters = cluster.char_indices();
        while let Some((at, letter)) = letters.next() {
            if letter == 'n' {
                // `-nv` and its kin are one flag of two letters.
                letters.next();
            } else if WITH_VALUE.contains(letter) {
                let glued = cluster.get(at + 1..).filter(|rest| !rest.is_empty());
                let value = glued.map(|value| (arg, value)).or_else(|| args.next().map(|next| (next, &*next.text)));
                if letter == wanted {
                    return value;
                }
                break;
            }
        }
    }
    None
}

/// The name under which a URL is stored: the last part of its path. With a query behind it, programs differ.
fn file_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let (_, path) = rest.split_once('/')?;
    let path = path.split('#').next().unwrap_or(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    (!name.is_empty() && !name.contains('?')).then_some(name)
}

/// Whether the command runs the script that it reads from its standard input: a shell or another interpreter without
/// a script of its own among its arguments.
pub(crate) fn runs_stdin(command: &Command<'_>) -> bool {
    let name = program(command);
    let args = &command.args;
    if is_shell(name) {
        // `bash -s -- arguments`, `sh -x -`
        for arg in args {
            match &*arg.text {
                "-" | "/dev/stdin" => return true,
                "-s" | "--stdin" => return true,
                flag if flag.starts_with("--") => {}
                flag if flag.starts_with(['-', '+']) => {
                    if flag.contains('c') || flag.ends_with(['o', 'O']) {
                        return false;
                    }
                    if flag.contains('s') {
                        return true;
                    }
                }
                _ => return false,
            }
        }
        return true;
    }
    is_interpreter(name) && args.first().is_none_or(|first| matches!(&*first.text, "-" | "/dev/stdin"))
}

/// Whether the command runs a script that one of its arguments holds or names: `sh -c`, `eval`, `source`, `bash file`.
pub(crate) fn runs_argument(command: &Command<'_>) -> bool {
    let name = program(command);
    matches!(name, "eval" | "source" | ".") || is_shell(name) || is_interpreter(name)
}

/// The command's name without a path.
fn program<'c>(command: &'c Command<'_>) -> &'c str {
    let name = &*command.name.text;
    name.rsplit('/').next().unwrap_or(name)
}

fn is_shell(name: &str) -> bool {
    matches!(name, "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh")
}

fn is_interpreter(name: &str) -> bool {
    matches!(name, "perl" | "node" | "ruby" | "php") || is_versioned(name, "python")
}
