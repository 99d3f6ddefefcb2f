//! The form of a token: literals and counted classes, matched from left to right without going back.

use std::ops::Range;

/// The most that a class takes whose count has no end.
const LONGEST: usize = 8192;

/// A compiled form, such as `ghp_[A-Za-z0-9]{36}`.
///
/// Written as a small part of what regular expressions have: literals, classes in brackets, and the counts `{n}`,
/// `{n,m}`, `{n,}` and `?` behind a class; `^` marks where the value begins. A class takes as many bytes as it may and
/// never gives one back, so matching is linear; what follows a class must not begin with one of its bytes unless its
/// count is fixed.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    atoms: Vec<Atom>,
    /// The atom with which the value begins.
    value: usize,
    /// The literal that the form begins with; may be empty.
    pub(crate) prefix: &'static str,
}

#[derive(Debug, Clone)]
enum Atom {
    Literal(&'static [u8]),
    Class { set: Set, least: usize, most: usize },
}

/// A set of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Set([u64; 4]);

impl Set {
    pub(crate) const fn has(&self, byte: u8) -> bool {
        self.0[(byte >> 6) as usize] >> (byte & 63) & 1 == 1
    }

    const fn insert(&mut self, byte: u8) {
        self.0[(byte >> 6) as usize] |= 1 << (byte & 63);
    }

    /// Reads what stands between brackets: bytes and ranges; a dash at an end stands for itself.
    fn parse(text: &[u8]) -> Self {
        let mut set = Self([0; 4]);
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            if let Some(&[b'-', last]) = text.get(at + 1..at + 3) {
                (byte..=last).for_each(|byte| set.insert(byte));
                at += 3;
            } else {
                set.insert(byte);
                at += 1;
            }
        }
        set
    }
}

impl Shape {
    /// Reads a form; `None` where it is not well formed.
    pub(crate) fn parse(text: &'static str) -> Option<Self> {
        let mut atoms = Vec::new();
        let mut value = 0;
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            if first == b'[' {
                let end = rest.find(']')?;
                let set = Set::parse(rest.get(1..end)?.as_bytes());
                rest = &rest[end + 1..];
                let (least, most) = if let Some(counted) = rest.strip_prefix('{') {
                    let (count, behind) = counted.split_once('}')?;
                    rest = behind;
                    match count.split_once(',') {
                        None => (count.parse().ok()?, count.parse().ok()?),
                        Some((least, "")) => (least.parse().ok()?, LONGEST),
                        Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
                    }
                } else if let Some(behind) = rest.strip_prefix('?') {
                    rest = behind;
                    (0, 1)
                } else {
                    (1, 1)
                };
                atoms.push(Atom::Class { set, least, most });
            } else {
                if let Some(behind) = rest.strip_prefix('^') {
                    value = atoms.len();
                    rest = behind;
                    continue;
                }
                let end = rest.find(['[', '^']).unwrap_or(rest.len());
                atoms.push(Atom::Literal(&rest.as_bytes()[..end]));
                rest = &rest[end..];
            }
        }
        let prefix = match atoms.first()? {
            Atom::Literal(_) => &text[..text.find(['[', '^']).unwrap_or(text.len())],
            Atom::Class { .. } => "",
        };
        Some(Self { atoms, value, prefix })
    }

    /// Where a form begins whose literal `anchor` stands at a place: so far before it as what stands before the literal is
    /// long. One class of no fixed count is taken as far as it goes.
    pub(crate) fn start(&self, bytes: &[u8], at: usize, anchors: &[&str]) -> Option<usize> {
        let holds = |atom: &Atom| matches!(atom, Atom::Literal(text) if anchors.iter().any(|anchor| text.starts_with(anchor.as_bytes())));
        let head = &self.atoms[..self.atoms.iter().position(holds)?];
        let mut start = at;
        for atom in head.iter().rev() {
            start -= match atom {
                Atom::Literal(literal) => bytes[..start].ends_with(literal).then_some(literal.len())?,
                Atom::Class { set, least, most } => {
                    let length = bytes[..start].iter().rev().take(*most).take_while(|&&byte| set.has(byte)).count();
                    (length >= *least).then_some(length)?
                }
            };
        }
        Some(start)
    }

    /// The value of the form at the start of the bytes, where it stands there and does not go on: neither with a letter
    /// or digit nor with a byte of its last class.
    pub(crate) fn value(&self, bytes: &[u8]) -> Option<Range<usize>> {
        let mut at = 0;
        let mut start = 0;
        let mut last = None;
        for (number, atom) in self.atoms.iter().enumerate() {
            if number == self.value {
                start = at;
            }
            match atom {
                Atom::Literal(literal) => {
                    if !bytes.get(at..)?.starts_with(literal) {
                        return None;
                    }
                    at += literal.len();
                    last = None;
                }
                Atom::Class { set, least, most } => {
                    let length = bytes.get(at..)?.iter().take(*most).take_while(|&&byte| set.has(byte)).count();
                    if length < *least {
                        return None;
                    }
                    at += length;
                    last = Some(set);
                }
            }
        }
        let goes_on = |&byte: &u8| byte.is_ascii_alphanumeric() || last.is_some_and(|set| set.has(byte));
        (!bytes.get(at).is_some_and(goes_on)).then_some(start..at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (shape, text, expected) in [
            ("ab_[a-c]{3}", "ab_abc", Some(6)),
            ("ab_[a-c]{3}", "ab_abc\"", Some(6)),
            ("ab_[a-c]{3}", "ab_abca", None),
            ("ab_[a-c]{3}", "ab_abcx", None),
            ("ab_[a-c]{3}", "ab_ab", None),
            ("x[0-9-]{2,}", "x1-2-3 ", Some(6)),
            ("x[0-9]{2,3}.[a]", "x12.a", Some(5)),
            ("x[=]?y", "x=y", Some(3)),
            ("x[=]?y", "xy", Some(2)),
        ] {
            assert_eq!(
                Shape::parse(shape).and_then(|shape| shape.value(text.as_bytes())).map(|value| value.end),
                expected,
                "{shape} {text}"
            );
        }
        let marked = Shape::parse("k=^[0-9]{3}").and_then(|shape| shape.value(b"k=123"));
        assert_eq!(marked, Some(2..5));
        assert!(Shape::parse("a[b").is_none() && Shape::parse("a[b]{x}").is_none());
    }
}
