use crate::{Command, Word};
use plimsoll_base::Span;
use std::borrow::Cow;
use std::ops::Range;

/// What a command runs, with the name by which it is known.
pub(crate) enum Runs {
    /// The command that these of its arguments make up.
    Command(&'static str, Range<usize>),
    /// The same, in `find`'s `-exec`; further ones may follow.
    Find(Range<usize>),
    /// The script that is this argument.
    Script(&'static str, usize),
    /// The script that it reads from its standard input.
    Stdin(&'static str),
}

/// A program that runs the command behind its own arguments.
struct Wrapper {
    name: &'static str,
    /// Short flags that take a value.
    short: &'static str,
    /// Long flags whose value may be the next argument.
    long: &'static [&'static str],
    /// Short flags with which it runs no command.
    inert: &'static str,
    /// How many operands of its own come before the command.
    operands: u8,
    /// Whether `NAME=value` may come before the command.
    assignments: bool,
}

const fn wrapper(name: &'static str, short: &'static str, long: &'static [&'static str]) -> Wrapper {
    Wrapper { name, short, long, inert: "", operands: 0, assignments: false }
}

/// By name, sorted.
const WRAPPERS: &[Wrapper] = &[
    wrapper("builtin", "", &[]),
    wrapper("busybox", "", &[]),
    Wrapper { operands: 1, ..wrapper("chroot", "", &["groups", "userspec"]) },
    Wrapper { inert: "vV", ..wrapper("command", "", &[]) },
    wrapper("dbus-run-session", "", &["config-file", "dbus-daemon"]),
    Wrapper { inert: "L", ..wrapper("doas", "Cu", &[]) },
    wrapper("eatmydata", "", &[]),
    Wrapper { inert: "S", assignments: true, ..wrapper("env", "Cu", &["chdir", "unset"]) },
    wrapper("exec", "a", &[]),
    wrapper("fakeroot", "bfils", &["faked", "fd-base", "lib"]),
    Wrapper { inert: "cu", operands: 1, ..wrapper("flock", "Ew", &["conflict-exit-code", "timeout", "wait"]) },
    Wrapper { operands: 1, ..wrapper("gosu", "", &[]) },
    Wrapper { inert: "Ppu", ..wrapper("ionice", "cn", &["class", "classdata"]) },
    wrapper("linux32", "", &[]),
    wrapper("linux64", "", &[]),
    wrapper("nice", "n", &["adjustment"]),
    wrapper("nohup", "", &[]),
    wrapper("runuser", "Ggu", &["group", "supp-group", "user"]),
    Wrapper {
        inert: "d",
        ..wrapper(
            "setpriv",
            "",
            &[
                "ambient-caps",
                "apparmor-profile",
                "bounding-set",
                "egid",
                "euid",
                "groups",
                "inh-caps",
                "pdeathsig",
                "regid",
                "reuid",
                "rgid",
                "ruid",
                "securebits",
                "selinux-label",
            ],
        )
    },
    wrapper("setsid", "", &[]),
    wrapper("stdbuf", "eio", &["error", "input", "output"]),
    Wrapper { inert: "p", ..wrapper("strace", "EIOPSUXabeosu", &["env", "output", "string-limit", "trace", "user"]) },
    Wrapper { operands: 1, ..wrapper("su-exec", "", &[]) },
    Wrapper {
        inert: "KVelv",
        assignments: true,
        ..wrapper(
            "sudo",
            "CDRTUghprtu",
            &[
                "chdir",
                "chroot",
                "close-from",
                "command-timeout",
                "group",
                "host",
                "other-user",
                "prompt",
                "role",
                "type",
                "user",
            ],
        )
    },
    Wrapper { inert: "p", operands: 1, ..wrapper("taskset", "", &[]) },
    wrapper("time", "fo", &["format", "output"]),
    Wrapper { operands: 1, ..wrapper("timeout", "ks", &["kill-after", "signal"]) },
    wrapper(
        "unshare",
        "GRSw",
        &["map-group", "map-user", "propagation", "root", "setgid", "setgroups", "setuid", "wd"],
    ),
    wrapper("xargs", "EILPadns", &["arg-file", "delimiter", "max-args", "max-chars", "max-procs", "process-slot-var"]),
    wrapper("xvfb-run", "efnpsw", &["auth-file", "error-file", "server-args", "server-num", "wait", "xauth-protocol"]),
];

const SHELLS: &[&str] = &["ash", "bash", "dash", "ksh", "mksh", "sh", "zsh"];

/// For each first letter of a name in the tables, the lengths of such names as bits: most commands are no wrappers, and
/// this tells them at once.
static LENGTHS: [u32; 128] = {
    let mut lengths = [0; 128];
    let mut at = 0;
    while at < WRAPPERS.len() + SHELLS.len() + 2 {
        let name = if at < WRAPPERS.len() {
            WRAPPERS[at].name
        } else if at < WRAPPERS.len() + SHELLS.len() {
            SHELLS[at - WRAPPERS.len()]
        } else {
            ["find", "su"][at - WRAPPERS.len() - SHELLS.len()]
        };
        lengths[name.as_bytes()[0] as usize] |= 1 << name.len();
        at += 1;
    }
    lengths
};

/// What the command runs, where it is a wrapper or a shell that is given a script.
pub(crate) fn runs(command: &Command) -> Option<Runs> {
    let name = program(&command.name)?;
    let lengths = name.bytes().next().and_then(|first| LENGTHS.get(usize::from(first)))?;
    if name.len() >= 32 || lengths >> name.len() & 1 == 0 {
        return None;
    }
    if let Some(shell) = SHELLS.iter().find(|&&shell| shell == name) {
        return shell_runs(shell, &command.args);
    }
    if name == "find" {
        return find_exec(&command.args, 0).map(Runs::Find);
    }
    if name == "su" || name == "runuser" && !command.args.iter().any(|arg| is_user_flag(&arg.text)) {
        return su_runs(if name == "su" { "su" } else { "runuser" }, &command.args);
    }
    let wrapper = &WRAPPERS[WRAPPERS.binary_search_by(|wrapper| wrapper.name.cmp(name)).ok()?];
    let first = wrapper.first_of_command(&command.args)?;
    Some(Runs::Command(wrapper.name, first..command.args.len()))
}

impl Wrapper {
    /// Which argument is the name of the command that it runs.
    fn first_of_command(&self, args: &[Word]) -> Option<usize> {
        let (mut at, mut operands, mut flags) = (0, self.operands, true);
        while let Some(arg) = args.get(at) {
            let arg = &*arg.text;
            at += 1;
            if flags && arg == "--" {
                flags = false;
            } else if flags && arg.starts_with('-') {
                at += usize::from(self.takes_value(arg)?);
            } else if operands > 0 {
                operands -= 1;
            } else if !(self.assignments && is_assignment(arg)) {
                return Some(at - 1);
            }
        }
        None
    }

    /// Whether the flag's value is the next argument; `None` where the flag means that no command is run.
    fn takes_value(&self, flag: &str) -> Option<bool> {
        if let Some(long) = flag.strip_prefix("--") {
            return Some(self.long.contains(&long));
        }
        for (at, letter) in flag.char_indices().skip(1) {
            if self.inert.contains(letter) {
                return None;
            }
            if self.short.contains(letter) {
                return Some(at + letter.len_utf8() == flag.len());
            }
        }
        Some(false)
    }
}

/// Which arguments make up the next command of `find`'s `-exec`, from the argument `from` on.
pub(crate) fn find_exec(args: &[Word], from: usize) -> Option<Range<usize>> {
    let rest = args.get(from..)?;
    let exec = rest.iter().position(|arg| matches!(&*arg.text, "-exec" | "-execdir" | "-ok" | "-okdir"))?;
    let start = from + exec + 1;
    let length = args[start..].iter().position(|arg| matches!(&*arg.text, ";" | "+"))?;
    (length > 0).then_some(start..start + length)
}

/// What a shell with these arguments runs.
fn shell_runs(shell: &'static str, args: &[Word]) -> Option<Runs> {
    let (mut at, mut script, mut stdin) = (0, false, false);
    while let Some(arg) = args.get(at) {
        let flag = &*arg.text;
        if !matches!(flag.as_bytes(), [b'-' | b'+', _, ..]) {
            break;
        }
        at += 1;
        if flag == "--" {
            break;
        } else if flag.starts_with("--") {
            at += usize::from(matches!(flag, "--rcfile" | "--init-file"));
        } else {
            script |= flag.starts_with('-') && flag.contains('c');
            stdin |= flag.starts_with('-') && flag.contains('s');
            // `-o pipefail` and `-O extglob`, alone or at the end of a cluster.
            at += usize::from(flag.ends_with(['o', 'O']));
        }
    }
    match at < args.len() {
        true if script => Some(Runs::Script(shell, at)),
        false if !script => Some(Runs::Stdin(shell)),
        true if stdin => Some(Runs::Stdin(shell)),
        _ => None,
    }
}

/// What `su` with these arguments runs: `-c`'s script.
fn su_runs(name: &'static str, args: &[Word]) -> Option<Runs> {
    let flag = args.iter().position(|arg| match arg.text.strip_prefix("--") {
        Some(long) => matches!(long, "command" | "session-command"),
        None => arg.text.starts_with('-') && arg.text.ends_with('c'),
    })?;
    (flag + 1 < args.len()).then_some(Runs::Script(name, flag + 1))
}

/// Where the script in a shell's `-c` argument stands, where the shell sees it as it stands: without escapes, and
/// with no expansions but those of plain variables.
pub(crate) fn script_span(word: &Word, text: &str) -> Option<Span> {
    let Cow::Borrowed(script) = word.text else { return None };
    let quotes = u32::from(word.quoted);
    let span = Span::new(word.span.start + quotes, word.span.end.saturating_sub(quotes));
    (span.text(text) == script && (!word.expands || word.quoted && only_variables(script))).then_some(span)
}

/// Whether a heredoc with this body gives it to its command as it stands, variables aside. A line break behind a
/// backslash goes away in the heredoc or in the shell that reads it.
pub(crate) fn stands_as_it_is(body: &str) -> bool {
    only_variables(body) && body.split('\\').skip(1).all(|behind| behind.starts_with('\n'))
}

/// Whether the only expansions in the text are `$NAME` and `${NAME}`.
fn only_variables(text: &str) -> bool {
    let is_name = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    !text.contains('`')
        && text.split('$').skip(1).all(|behind| match behind.strip_prefix('{') {
            Some(braced) => braced.split_once('}').is_some_and(|(name, _)| name.bytes().all(is_name)),
            None => !behind.starts_with('('),
        })
}

/// The last part of the path that names a program; `None` where it is only known when the script runs.
fn program<'w>(name: &'w Word) -> Option<&'w str> {
    let text = &*name.text;
    let path = text.starts_with(['/', '.']);
    (!name.expands).then(|| if path { text.rsplit_once('/').map_or(text, |(_, last)| last) } else { text })
}

fn is_user_flag(flag: &str) -> bool {
    flag == "-u" || flag == "--user" || flag.starts_with("--user=")
}

/// Whether the text is `NAME=value`.
fn is_assignment(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else { return false };
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte == b'_' || byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(WRAPPERS.is_sorted_by_key(|wrapper| wrapper.name));
    }
}
