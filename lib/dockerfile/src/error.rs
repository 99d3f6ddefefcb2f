use plimsoll_base::Span;

/// Something in a Dockerfile that the builder refuses. The rest of the file is parsed all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// The words that are wrong.
    pub span: Span,
    /// One line for a person: lower case, no final dot.
    pub message: String,
}

/// The kinds of [`ParseError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No instruction in the file.
    Empty,
    /// No `FROM` in the file.
    MissingFrom,
    /// An instruction other than `ARG` before the first `FROM`.
    BeforeFrom,
    /// A keyword that no builder knows.
    UnknownInstruction,
    /// A parser directive that stands twice, or whose value is not allowed.
    Directive,
    /// A heredoc whose terminator never comes.
    UnclosedHeredoc,
    /// Too few, too many or malformed arguments.
    Arguments,
    /// A flag that the instruction does not know, that stands twice, or whose value is not allowed.
    Flag,
    /// An instruction that cannot stand behind `ONBUILD`.
    OnBuild,
    /// A line that starts like JSON form but is not JSON, for an instruction that has no shell form.
    Json,
    /// A stage name that is not allowed.
    StageName,
}
