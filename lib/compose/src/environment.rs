//! Variables: the `.env` beside a file, and what `${NAME:-default}` stands for.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

/// Where a value comes from, what decides it most loosely last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Origin {
    /// It stands in the file.
    #[default]
    Written,
    /// A default of a variable stands in the file; the environment may say something else.
    Default,
    /// The `.env` beside the file gives it. It may be a secret, and is not for showing.
    Environment,
}

/// The variables that the `.env` beside a file sets; `None` for those whose value is not known. The environment of this
/// process has no part in it.
#[derive(Debug)]
pub(crate) struct Environment {
    values: HashMap<String, Option<String>>,
    /// How many bytes may still be made.
    left: Cell<usize>,
}

/// The longest text that variables may make of a scalar.
const LONGEST: usize = 1 << 16;

/// The most bytes that variables may make of all scalars of a file; what would be more is not known.
const MOST: usize = 16 << 20;

/// How deep defaults may stand in defaults.
const DEEPEST: usize = 8;

impl Environment {
    /// Reads lines of `NAME=value`, quoted as shells quote.
    pub(crate) fn parse(text: &str) -> Self {
        let mut values = HashMap::new();
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.trim_start();
            let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
            let Some((name, value)) = line.split_once('=') else { continue };
            let name = name.trim_end();
            if !name.is_empty() && name_length(name) == name.len() {
                values.insert(name.to_owned(), unquoted(value.trim()));
            }
        }
        Self { values, left: Cell::new(MOST) }
    }

    /// A text with its variables replaced, and where the result comes from; `None` where a variable is not known.
    pub(crate) fn expand<'t>(&self, text: &'t str) -> Option<(Cow<'t, str>, Origin)> {
        if !text.contains('$') {
            return Some((Cow::Borrowed(text), Origin::Written));
        }
        let mut expansion = Expansion { environment: self, text: String::new(), origin: Origin::Written };
        expansion.add(text, 0)?;
        self.left.set(self.left.get().checked_sub(expansion.text.len())?);
        Some((Cow::Owned(expansion.text), expansion.origin))
    }
}

/// A value of the `.env` without quotes and comment; `None` where variables stand in it, or it goes on below.
fn unquoted(value: &str) -> Option<String> {
    if let Some(inner) = value.strip_prefix('\'') {
        return inner.split_once('\'').map(|(inner, _)| inner.to_owned());
    }
    if let Some(inner) = value.strip_prefix('"') {
        let inner = inner.split_once('"').map(|(inner, _)| inner)?;
        return (!inner.contains(['$', '\\'])).then(|| inner.to_owned());
    }
    let value = if value.starts_with('#') { "" } else { value.split(" #").next().unwrap_or_default().trim_end() };
    (!value.contains('$')).then(|| value.to_owned())
}

/// How many bytes at the beginning are a variable's name.
fn name_length(text: &str) -> usize {
    let is_name = |(at, c): (usize, char)| c == '_' || c.is_ascii_alphabetic() || at > 0 && c.is_ascii_digit();
    text.char_indices().find(|&place| !is_name(place)).map_or(text.len(), |(at, _)| at)
}

struct Expansion<'e> {
    environment: &'e Environment,
    text: String,
    origin: Origin,
}

impl Expansion<'_> {
    fn add(&mut self, text: &str, depth: usize) -> Option<()> {
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            self.text.push_str(before);
            let length = name_length(behind);
            if let Some(after) = behind.strip_prefix('$') {
                self.text.push('$');
                rest = after;
            } else if let Some(inner) = behind.strip_prefix('{') {
                let end = closing_brace(inner)?;
                self.braced(&inner[..end], depth)?;
                rest = &inner[end + 1..];
            } else if length > 0 {
                let value = self.environment.values.get(&behind[..length])?.as_deref()?;
                self.say(value, Origin::Environment)?;
                rest = &behind[length..];
            } else {
                self.text.push('$');
                rest = behind;
            }
        }
        self.say(rest, Origin::Written)
    }

    /// What stands between braces: `NAME`, `NAME:-default`, `NAME?message`, `NAME:+instead`.
    fn braced(&mut self, inner: &str, depth: usize) -> Option<()> {
        let (name, operator) = inner.split_at(name_length(inner));
        let set = self.environment.values.get(name);
        // With a colon an empty value counts as none. Of a value that is not known it is not known whether it is empty.
        let (set, operator) = match operator.strip_prefix(':') {
            Some(operator) => (set.filter(|value| value.as_deref() != Some("")), operator),
            None => (set, operator),
        };
        let kind = operator.chars().next();
        if name.is_empty() || depth >= DEEPEST {
            return None;
        }
        match (kind, set) {
            (None | Some('?' | '-'), Some(value)) => self.say(value.as_deref()?, Origin::Environment),
            (Some('-'), None) => {
                self.origin = self.origin.max(Origin::Default);
                self.add(&operator[1..], depth + 1)
            }
            (Some('+'), Some(value)) => {
                value.as_deref()?;
                self.origin = Origin::Environment;
                self.add(&operator[1..], depth + 1)
            }
            _ => None,
        }
    }

    fn say(&mut self, text: &str, origin: Origin) -> Option<()> {
        self.text.push_str(text);
        self.origin = self.origin.max(origin);
        (self.text.len() <= LONGEST).then_some(())
    }
}

/// Where the brace closes that was opened before the text.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut after_dollar = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if after_dollar => open += 1,
            b'}' if open == 0 => return Some(at),
            b'}' => open -= 1,
            _ => {}
        }
        after_dollar = byte == b'$';
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        let text =
            "# a comment\nexport TAG=1.2 # the version\nEMPTY=\nNAME='a $b' # c\nOTHER=\"x y\"\nOPEN=$TAG\n1=2\nNONE\n";
        let environment = Environment::parse(text);
        let expand = |text: &'static str| environment.expand(text).map(|(text, origin)| (text.into_owned(), origin));
        for (text, expected, origin) in [
            ("a$$b $1 5$", "a$b $1 5$", Origin::Written),
            ("app:$TAG", "app:1.2", Origin::Environment),
            ("app:${TAG}-x", "app:1.2-x", Origin::Environment),
            ("${TAG:-2}", "1.2", Origin::Environment),
            ("${MISSING:-2}", "2", Origin::Default),
            ("${EMPTY:-2}", "2", Origin::Default),
            ("${EMPTY-2}", "", Origin::Environment),
            ("${MISSING:-${OTHER}}", "x y", Origin::Environment),
            ("${MISSING-}", "", Origin::Default),
            ("${TAG:?set it}", "1.2", Origin::Environment),
            ("${TAG:+tagged}", "tagged", Origin::Environment),
            ("${NAME}", "a $b", Origin::Environment),
        ] {
            assert_eq!(expand(text), Some((expected.to_owned(), origin)), "{text}");
        }
        for text in
            ["$A", "${A}", "${A:?set it}", "${A:+x}", "$OPEN", "${OPEN:-x}", "${", "${A", "${EMPTY:?x}", "${A b}"]
        {
            assert_eq!(expand(text), None, "{text}");
        }
    }

    #[test]
    fn what_variables_make_is_bounded() {
        let environment = Environment::parse(&format!("A={}\n", "x".repeat(1000)));
        assert!(environment.expand(&"$A".repeat(65)).is_some() && environment.expand(&"$A".repeat(66)).is_none());
        let nested = format!("{}x{}", "${A1:-".repeat(9), "}".repeat(9));
        assert_eq!(environment.expand(&nested), None);
        assert_eq!(environment.expand(&"${".repeat(1 << 16)), None);
    }
}
