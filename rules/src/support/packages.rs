//! The command lines of package managers: which flags take values, where the subcommand stands, what it is given.

use crate::cx::Cmd;
use crate::facts::RunScript;
use plimsoll_base::Span;
use plimsoll_shell::Word;

/// How a package manager's command line is read, and what its subcommands do.
#[derive(Debug)]
pub(crate) struct Manager {
    /// The programs that share the syntax.
    pub(crate) programs: &'static [&'static str],
    /// Short flags whose value may be the next word.
    pub(super) short: &'static str,
    /// Long flags, without dashes, whose value may be the next word.
    pub(super) long: &'static [&'static str],
    /// Whether long flags may stand behind one dash, as those of `go` do.
    pub(super) single_dash: bool,
    /// The subcommands that install what they are given.
    pub(crate) install: &'static [&'static str],
    /// The subcommands that remove packages.
    pub(crate) remove: &'static [&'static str],
}

/// A command line of a package manager, behind the program's name.
pub(crate) struct Call<'w, 'a> {
    /// The subcommand.
    pub(crate) verb: &'w Word<'a>,
    /// What stands behind it and is neither a flag nor a flag's value.
    pub(crate) operands: Vec<&'w Word<'a>>,
}

impl Call<'_, '_> {
    /// Whether the subcommand is one of these.
    pub(crate) fn is(&self, verbs: &[&str]) -> bool {
        verbs.contains(&&*self.verb.text)
    }

    /// Where the program and the subcommand stand: `apt-get install`, `dnf group install`.
    pub(crate) fn place(&self, cmd: &Cmd<'_>) -> Span {
        let end = self.second().unwrap_or(self.verb);
        cmd.script.place(cmd.name.span.cover(end.span))
    }

    /// The program and the subcommand for a message.
    pub(crate) fn shown(&self, cmd: &Cmd<'_>) -> String {
        let second = self.second().map_or(String::new(), |word| format!(" {}", word.text));
        format!("{} {}{second}", cmd.name.text, self.verb.text)
    }

    /// The second word of a subcommand of two.
    fn second(&self) -> Option<&Word<'_>> {
        self.operands.first().copied().filter(|_| self.is(&["group", "groups", "module", "mod"]))
    }

    /// Whether trivy recognises the command: only flags of letters and dashes stand before the subcommand.
    pub(crate) fn is_plain(&self, cmd: &Cmd<'_>) -> bool {
        let before = cmd.args().iter().take_while(|word| word.span != self.verb.span);
        let plain = |byte: u8| byte == b'-' || byte.is_ascii_alphabetic();
        before.into_iter().all(|word| word.text.starts_with('-') && word.text.bytes().all(plain))
    }
}

/// What a word of a command line is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Flag,
    Value,
    Operand,
}

impl Manager {
    /// The subcommand and its operands. A variable before the subcommand (`apt-get $OPTIONS install`) is taken for
    /// flags.
    pub(crate) fn call<'w, 'a>(&self, args: &'w [Word<'a>]) -> Option<Call<'w, 'a>> {
        let mut operands = self.operands(args).skip_while(|word| word.expands);
        Some(Call { verb: operands.next()?, operands: operands.collect() })
    }

    /// The words that are neither flags nor values of flags.
    pub(crate) fn operands<'w, 'a>(&self, args: &'w [Word<'a>]) -> impl Iterator<Item = &'w Word<'a>> {
        self.roles(args).filter(|(role, _)| *role == Role::Operand).map(|(_, word)| word)
    }

    /// How often a short flag stands there, alone or in clusters (`-qqy`).
    pub(crate) fn short(&self, args: &[Word<'_>], flag: char) -> usize {
        let flags = self.roles(args).filter(|(role, _)| *role == Role::Flag).map(|(_, word)| &*word.text);
        flags.map(|text| self.cluster(text).filter(|&(_, letter)| letter == flag).count()).sum()
    }

    fn roles<'w, 'a>(&self, args: &'w [Word<'a>]) -> impl Iterator<Item = (Role, &'w Word<'a>)> {
        let (mut value_follows, mut flags) = (false, true);
        args.iter().map(move |word| {
            let text = &*word.text;
            let role = if std::mem::take(&mut value_follows) {
                Role::Value
            } else if !flags || text.len() < 2 || !text.starts_with('-') {
                Role::Operand
            } else {
                flags = text != "--";
                value_follows = self.takes_next(text);
                Role::Flag
            };
            (role, word)
        })
    }

    /// Whether the flag's value is the next word.
    fn takes_next(&self, flag: &str) -> bool {
        if let Some(long) = flag.strip_prefix("--").or(flag.strip_prefix('-').filter(|_| self.single_dash)) {
            return self.long.contains(&long);
        }
        self.cluster(flag).last().is_some_and(|(rest, letter)| rest.is_empty() && self.short.contains(letter))
    }

    /// The short flags of a cluster, each with what stands behind it; a flag that takes a value is the last.
    fn cluster<'t>(&self, flag: &'t str) -> impl Iterator<Item = (&'t str, char)> {
        let letters = flag.strip_prefix('-').filter(|rest| !rest.starts_with('-') && !self.single_dash).unwrap_or("");
        let (short, mut ended) = (self.short, false);
        letters.char_indices().map_while(move |(at, letter)| {
            let last = ended || !letter.is_ascii_alphanumeric();
            ended = short.contains(letter);
            (!last).then_some((&letters[at + letter.len_utf8()..], letter))
        })
    }
}

/// The calls of a manager's programs in a script, in their order.
pub(crate) fn calls<'c>(
    script: &'c RunScript<'c>,
    manager: &'static Manager,
) -> impl DoubleEndedIterator<Item = (Cmd<'c>, Call<'c, 'c>)> {
    script.commands().iter().enumerate().filter_map(move |(index, command)| {
        let call = manager.programs.contains(&&*command.name.text).then(|| manager.call(&command.args))??;
        Some((Cmd { script, index, command }, call))
    })
}

/// A distribution package's name without version, release, architecture or repository: `curl` of `curl=8.5*`,
/// `curl/stable`, `curl:amd64`, `curl@edge`, `curl~8`.
pub(crate) fn package_name(operand: &str) -> &str {
    // Groups of `dnf` begin with the sign behind which `apk` names a repository.
    let start = usize::from(operand.starts_with('@'));
    let end = operand[start..].find(['=', '/', ':', '@', '~', '<', '>', '!']).map_or(operand.len(), |end| start + end);
    &operand[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::managers::{APT, GO, NPM, PIP};
    use plimsoll_shell::{Dialect, parse};

    fn call(manager: &Manager, line: &str) -> (String, Vec<String>) {
        let script = parse(line, Dialect::Posix).expect("it parses");
        let call = manager.call(&script.commands[0].args).expect("a subcommand");
        (call.verb.text.to_string(), call.operands.iter().map(|word| word.text.to_string()).collect())
    }

    #[test]
    fn flags_and_their_values_are_left_out() {
        let installs = |manager, line, operands: &[&str]| {
            let (verb, found) = call(manager, line);
            assert_eq!(
                (&*verb, &found[..]),
                ("install", &operands.iter().map(ToString::to_string).collect::<Vec<_>>()[..])
            );
        };
        installs(&APT, "apt-get -qqt stable -o X=y install --yes curl -t=sid -- git", &["curl", "git"]);
        installs(&APT, "apt-get $OPTIONS install -tstable curl", &["curl"]);
        installs(&PIP, "pip --proxy p install -rreq.txt -c c.txt --pre a b", &["a", "b"]);
        installs(&GO, "go install -tags x -ldflags='-s -w' -v a@v1", &["a@v1"]);
        installs(&NPM, "npm --prefix /a install -- -x", &["-x"]);
    }

    #[test]
    fn short_flags_are_counted() {
        let count = |line, flag| APT.short(&parse(line, Dialect::Posix).expect("it parses").commands[0].args, flag);
        assert_eq!(count("apt-get -qqy -q install", 'q'), 3);
        assert_eq!(count("apt-get -q=2 install", 'q'), 1);
        assert_eq!(count("apt-get -oy=y -t y install --yes", 'y'), 0);
    }
}
