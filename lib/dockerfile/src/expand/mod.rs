//! Variables in a Dockerfile's words: expansion, splitting into words, and the list of references.
//!
//! These are the rules of the builders' own lexer, which is not quite a shell: `$NAME`, `${NAME}` and
//! `${NAME<operator>word}` with `-`, `:-`, `+`, `:+`, `?`, `:?`, `#`, `##`, `%`, `%%`, `/` and `//`; double quotes,
//! in which variables are expanded; single quotes, in which nothing is; and the escape character.
//!
//! ```
//! use plimsoll_dockerfile::expand::{expand, words};
//!
//! let variables = |name: &str| (name == "VERSION").then_some("3.20");
//! let image = expand("alpine:${VERSION:-latest}-${FLAVOUR:-slim}", '\\', variables)?;
//! assert_eq!(image.value, "alpine:3.20-slim");
//! assert!(image.matched.contains("VERSION") && image.unmatched.contains("FLAVOUR"));
//! assert_eq!(words(r#"a "b c" d\ e"#, '\\', variables)?, ["a", "b c", "d e"]);
//! # Ok::<(), plimsoll_dockerfile::expand::ExpandError>(())
//! ```

pub(crate) mod lexer;
mod pattern;
mod variables;

pub use variables::{Operator, Variable, mistake, variables};

use lexer::{Lexer, Options};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// A word with its variables expanded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expansion {
    /// The word without quotes and escapes.
    pub value: String,
    /// The names of the variables that were looked up and found.
    pub matched: BTreeSet<String>,
    /// The names of the variables that were looked up and not found.
    pub unmatched: BTreeSet<String>,
}

/// Expands a word. `escape` is [`Dockerfile::escape`](crate::Dockerfile::escape); `lookup` gives a variable's value,
/// `None` where it is not set. On Windows names have no case: there a look-up has to ignore it.
///
/// The value may be at most 64 KiB longer than the word.
pub fn expand<'v, V: Into<Cow<'v, str>>>(
    word: &str,
    escape: char,
    lookup: impl Fn(&str) -> Option<V>,
) -> Result<Expansion, ExpandError> {
    let mut expansion = Expansion::default();
    // Most words hold nothing to expand or to take away.
    if !word.contains(['$', '\'', '"', '<', escape]) {
        word.clone_into(&mut expansion.value);
        return Ok(expansion);
    }
    let mut lexer = Lexer::new(word, Options { escape, ..Options::default() }, |name: &str, _| {
        let value = lookup(name).map(Into::into);
        let names = if value.is_some() { &mut expansion.matched } else { &mut expansion.unmatched };
        if !names.contains(name) {
            names.insert(name.to_owned());
        }
        value
    });
    let (value, _) = lexer.run()?;
    expansion.value = value;
    Ok(expansion)
}

/// Expands a text and splits it at the blanks outside of quotes; blanks in the values of unquoted variables split
/// too. Otherwise like [`expand`].
pub fn words<'v, V: Into<Cow<'v, str>>>(
    text: &str,
    escape: char,
    lookup: impl Fn(&str) -> Option<V>,
) -> Result<Vec<String>, ExpandError> {
    let options = Options { escape, ..Options::default() };
    let (_, words) = Lexer::new(text, options, |name: &str, _| lookup(name).map(Into::into)).run()?;
    Ok(words.into_iter().map(|word| word.text).collect())
}

/// Why a word cannot be expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpandError {
    /// A quote, `}` or `/` that never comes.
    Unclosed(char),
    /// No name stands behind `${`.
    BadSubstitution,
    /// What stands behind the name in `${}` is no operator.
    Operator(String),
    /// A variable that `?` or `:?` demands is not set or empty.
    Required {
        /// The variable.
        name: String,
        /// What the word says about it; empty where it says nothing.
        message: String,
    },
    /// A pattern of `#`, `%` or `/` with an escape that it may not have.
    Pattern(String),
    /// The value grows too long, or the matching of a pattern takes too many steps.
    TooLong,
    /// More than 100 substitutions stand inside one another.
    TooDeep,
}

impl fmt::Display for ExpandError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclosed(close) => write!(formatter, "missing `{close}`"),
            Self::BadSubstitution => write!(formatter, "no variable name behind `${{`"),
            Self::Operator(operator) => write!(formatter, "unknown operator `{operator}` in `${{}}`"),
            Self::Required { name, message } if message.is_empty() => write!(formatter, "`{name}` has to be set"),
            Self::Required { name, message } => write!(formatter, "`{name}` has to be set: {message}"),
            Self::Pattern(pattern) => write!(formatter, "invalid escape in the pattern `{pattern}`"),
            Self::TooLong => write!(formatter, "the expanded text is too long"),
            Self::TooDeep => write!(formatter, "too many nested substitutions"),
        }
    }
}

impl std::error::Error for ExpandError {}
