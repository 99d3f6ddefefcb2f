//! Commands that download, and programs that run what they are given.

use crate::support::commands::is_versioned;
use plimsoll_shell::Command;

/// Whether the command gets something from the network. `wget -O - file` and `curl file` without a scheme count too.
pub(crate) fn is_download(command: &Command<'_>) -> bool {
    matches!(&*command.name.text, "curl" | "wget" | "aria2c" | "fetch" | "lynx" | "w3m")
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
