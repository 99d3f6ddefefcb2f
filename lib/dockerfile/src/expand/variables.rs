use super::ExpandError;
use super::lexer::{Lexer, Options};
use crate::Logical;
use plimsoll_base::Span;

/// A reference to a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The variable's name: `NAME`, a number, or a special parameter such as `@`.
    pub name: String,
    /// Where the reference stands in the Dockerfile, from `$` to its last character.
    pub span: Span,
    /// Where the name stands.
    pub name_span: Span,
    /// What is done with the value; absent for `$NAME` and `${NAME}`.
    pub operator: Option<Operator>,
}

impl Variable {
    /// Whether the reference says what holds where the variable is not set: `-`, `:-`, `+` or `:+`.
    pub fn has_default(&self) -> bool {
        matches!(self.operator, Some(Operator::Default | Operator::Alternative))
    }
}

/// What a reference does with the variable's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `-` or `:-`: a value for where it is not set.
    Default,
    /// `+` or `:+`: a value for where it is set.
    Alternative,
    /// `?` or `:?`: an error where it is not set.
    Required,
    /// `#` or `##`: removes a start.
    Prefix,
    /// `%` or `%%`: removes an end.
    Suffix,
    /// `/` or `//`: replaces a part.
    Replace,
}

/// The references in a text, in their order, those inside of others too. Escaped ones and those in single quotes are
/// none. A text that cannot be expanded has those up to the mistake.
///
/// The text is [`Instruction::arguments`](crate::Instruction::arguments), or a part of it: see
/// [`Instruction::word`](crate::Instruction::word) for that of a word.
///
/// ```
/// use plimsoll_dockerfile::{expand::variables, parse};
///
/// let file = parse("FROM alpine\nENV A=$B \\\n  C='$D' E=${F:-$G}\n");
/// let found = variables(&file.instructions[1].arguments, file.escape);
/// let names: Vec<&str> = found.iter().map(|variable| &*variable.name).collect();
/// assert_eq!(names, ["B", "F", "G"]);
/// assert_eq!(found[1].span.text(file.source), "${F:-$G}");
/// ```
pub fn variables(text: &Logical<'_>, escape: char) -> Vec<Variable> {
    let mut found = Vec::new();
    if !text.text.contains('$') {
        return found;
    }
    let options = Options { escape, keep_unset: true, ..Options::default() };
    let span = |range: std::ops::Range<usize>| text.source_span(Span::from(range));
    let lookup = |name: &str, reference: super::lexer::Reference| {
        let operator = text.text[reference.operator].trim_start_matches(':');
        found.push(Variable {
            name: name.to_owned(),
            span: span(reference.whole),
            name_span: span(reference.name),
            operator: match operator.chars().next() {
                Some('-') => Some(Operator::Default),
                Some('+') => Some(Operator::Alternative),
                Some('?') => Some(Operator::Required),
                Some('#') => Some(Operator::Prefix),
                Some('%') => Some(Operator::Suffix),
                Some('/') => Some(Operator::Replace),
                _ => None,
            },
        });
        None
    };
    // The mistake, if there is one, is not what is asked for here.
    let _ = Lexer::new(&text.text, options, lookup).run();
    found.sort_by_key(|variable| variable.span.start);
    found
}

/// Why no builder expands a text, whatever its variables hold, and where that stands. For the text see [`variables`]; in
/// that of a heredoc quotes are characters like others (`quotes` is false), and the escape character is always `\`.
///
/// ```
/// use plimsoll_dockerfile::{expand::{ExpandError, mistake}, parse};
///
/// let file = parse("FROM alpine\nENV A=${B:-c\n");
/// let (error, span) = mistake(&file.instructions[1].arguments, file.escape, true).expect("a mistake");
/// assert_eq!((error, span.text(file.source)), (ExpandError::Unclosed('}'), "${B"));
/// ```
pub fn mistake(text: &Logical<'_>, escape: char, quotes: bool) -> Option<(ExpandError, Span)> {
    if !text.text.contains(['$', '"', '\'']) {
        return None;
    }
    let options = Options { escape, no_quotes: !quotes, ..Options::default() };
    // With a value for each, `?` demands nothing and every pattern is looked at.
    let mut lexer = Lexer::new(&text.text, options, |_: &str, _| Some("x".into()));
    match lexer.run() {
        // These are limits of ours, and the values'.
        Ok(_) | Err(ExpandError::TooLong | ExpandError::TooDeep | ExpandError::Required { .. }) => None,
        Err(error) => Some((error, text.source_span(Span::from(lexer.mistake().unwrap_or(0..text.text.len()))))),
    }
}
