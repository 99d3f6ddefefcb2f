use plimsoll_base::Span;
use std::borrow::Cow;

/// Shell text taken apart. All spans are bytes of that text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script<'a> {
    /// Every simple command, in the order in which they stand, those in substitutions included. `[[` and the keyword
    /// `time` are shown as commands too.
    pub commands: Vec<Command<'a>>,
    /// Every pipeline of two or more commands, in no particular order.
    pub pipelines: Vec<Pipeline>,
}

/// A pipeline of two or more commands, `a | b` or `a |& b`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// From its first to its last command, redirections included.
    pub span: Span,
    /// The first `|` or `|&`.
    pub operator: Span,
}

/// A simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command<'a> {
    /// From the first assignment or the name to the last argument; redirections at its end are left out. A command
    /// of nothing but redirections spans these.
    pub span: Span,
    /// The command's name. Its text is empty where the command is nothing but assignments or redirections.
    pub name: Word<'a>,
    /// The arguments in their order.
    pub args: Vec<Word<'a>>,
    /// `NAME=value` before the name.
    pub assignments: Vec<Assignment<'a>>,
    /// Redirections to or from files; heredocs and here strings are none. Those of a wrapper are not repeated at the
    /// command behind it.
    pub redirects: Vec<Redirect<'a>>,
    /// The place in a pipeline: the pipeline's position in [`Script::pipelines`], and which of its parts the command
    /// stands in, from 0. The innermost pipeline counts, also where the command stands in a group or a substitution.
    pub pipeline: Option<(u32, u32)>,
    /// How many subshells, substitutions and scripts of other shells (`sh -c '...'`) the command stands in.
    pub subshells: u32,
    /// How many branches of conditions, loop bodies, `case` arms and function bodies it stands in: over 0, it may never
    /// run. What follows `&&` or `||` does not count, nor do the conditions of `if` and `while`, which always run.
    pub conditional: u32,
    /// The number of the `&&`, `||` or `;` list that the command is a direct part of, unique in the script: commands
    /// with the same number follow each other in one list.
    pub list: u32,
    /// The operator before the command, or before the pipeline that it is a part of, in its list.
    pub operator: Operator,
    /// The command that runs this one, where it stands behind a wrapper such as `sudo`, `env`, `exec`, `xargs`, or in
    /// `sh -c '...'`; the wrapper itself is a command of its own before this one.
    pub wrapper: Option<&'static str>,
}

/// What joins a command to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Nothing: the first of its list.
    First,
    /// `;` or a line break.
    Then,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `&`
    Background,
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// Where it stands, quotes included.
    pub span: Span,
    /// The word with quotes and escapes removed; expansions stay as they stand, such as `$X`, `${X:-y}`, `$(cmd)`.
    pub text: Cow<'a, str>,
    /// Whether any part stands in quotation marks.
    pub quoted: bool,
    /// Whether the shell expands a variable, a command or arithmetic in it.
    pub expands: bool,
}

/// `NAME=value` before a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment<'a> {
    /// From the name to the end of the value.
    pub span: Span,
    /// The name.
    pub name: Cow<'a, str>,
    /// The value.
    pub value: Word<'a>,
}

/// A redirection to or from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect<'a> {
    /// The whole redirection.
    pub span: Span,
    /// Whether it writes to a file: `>`, `>>`, `>|`, `&>`, `<>`, or `>&` with a file.
    pub writes: bool,
    /// The file, or the descriptor for `>&`.
    pub target: Word<'a>,
}

impl Word<'_> {
    /// A word that is not there.
    pub(crate) fn empty(offset: u32) -> Self {
        Self { span: Span::empty(offset), text: Cow::Borrowed(""), quoted: false, expands: false }
    }
}

impl<'a> Command<'a> {
    /// Whether the command has that name, written without a path.
    pub fn is(&self, name: &str) -> bool {
        self.name.text == name
    }

    /// The arguments that are no flags, in their order; `--` ends the flags and is none itself. Values of flags
    /// (`-t stable`) are among them: the grammar alone cannot tell.
    pub fn operands(&self) -> impl Iterator<Item = &Word<'a>> {
        let end = self.args.iter().position(|arg| arg.text == "--").unwrap_or(self.args.len());
        self.args
            .iter()
            .enumerate()
            .filter(move |&(at, arg)| at > end || at < end && !(arg.text.starts_with('-') && arg.text.len() > 1))
            .map(|(_, arg)| arg)
    }

    /// The first argument that is no flag: the subcommand of `apt-get`, `npm`, `yum`.
    pub fn subcommand(&self) -> Option<&Word<'a>> {
        self.operands().next()
    }

    /// The argument that is `--name` or `--name=...`.
    pub fn long(&self, name: &str) -> Option<&Word<'a>> {
        self.args.iter().find(|arg| {
            let rest = arg.text.strip_prefix("--").and_then(|rest| rest.strip_prefix(name));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        })
    }

    /// The argument that holds the short flag: `-y`, or `y` in a cluster such as `-qy`.
    pub fn short(&self, flag: char) -> Option<&Word<'a>> {
        self.args.iter().find(|arg| {
            let cluster = arg.text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
            cluster.is_some_and(|cluster| cluster.split('=').next().is_some_and(|letters| letters.contains(flag)))
        })
    }

    /// The value of a flag in any of its forms: `--uid 1`, `--uid=1`, `-u 1`, `-u1`. Give long names with `--` and
    /// short ones with `-`.
    pub fn value_of(&self, names: &[&str]) -> Option<(&Word<'a>, &str)> {
        for (at, arg) in self.args.iter().enumerate() {
            for name in names {
                let Some(rest) = arg.text.strip_prefix(name) else { continue };
                if rest.is_empty() {
                    return self.args.get(at + 1).map(|value| (value, &*value.text));
                }
                if name.starts_with("--") {
                    if let Some(value) = rest.strip_prefix('=') {
                        return Some((arg, value));
                    }
                } else {
                    return Some((arg, rest.strip_prefix('=').unwrap_or(rest)));
                }
            }
        }
        None
    }
}
