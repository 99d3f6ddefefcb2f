//! What the search looks up, built from the kinds once.

use crate::Kind;
use crate::kind::{self, TABLE};
use crate::literals::{Literal, Literals};
use crate::shape::Shape;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// All kinds, in the table's order.
pub fn kinds() -> &'static [Kind] {
    &tables().kinds
}

/// The kind with an id.
pub(crate) fn kind(id: &str) -> Option<&'static Kind> {
    let tables = tables();
    tables.by_id.get(id).and_then(|&at| tables.kinds.get(usize::from(at)))
}

pub(crate) struct Tables {
    kinds: Vec<Kind>,
    by_id: BTreeMap<&'static str, u16>,
    /// A bit for each two bytes with which a form begins.
    first: Vec<u64>,
    /// Two bytes, the kind, the form; sorted.
    prefixed: Vec<(u16, u16, u16)>,
    anchors: Literals,
    actions: Vec<Action>,
    near: Option<AhoCorasick>,
    /// The kinds for each word of `near`.
    near_kinds: Vec<Vec<u16>>,
}

/// What is done where an anchor stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A form of the kind may stand around it.
    Kind(u16),
    /// The name of a secret.
    Name,
    /// `://` of a URL.
    Url,
    /// `-----BEGIN`
    Pem,
    /// The hash of a password.
    Hash,
    /// `Basic ` in front of a name and a password in base64.
    Basic,
    /// `"auth"` of Docker's configuration.
    DockerAuth,
    /// `curl ` with options.
    Curl,
    /// `kind: Secret` of Kubernetes.
    Kubernetes,
    /// A key file of PuTTY.
    Putty,
}

/// Literals that lead to secrets whose values have no run of [`crate::runs::STEP`] bytes, those in lower case also to
/// those in upper case; and for those of three bytes what may stand before them.
const ANCHORS: [(&str, &str, Action); 26] = [
    ("pass", "", Action::Name),
    ("pwd=", "", Action::Name),
    ("pwd:", "", Action::Name),
    ("pwd\"", "", Action::Name),
    ("pwd'", "", Action::Name),
    ("pwd ", "", Action::Name),
    ("ecret", "", Action::Name),
    ("accountkey", "", Action::Name),
    ("accesskey", "", Action::Name),
    ("://", "abcdefghijklmnopqrstuvwxyz0123456789+", Action::Url),
    ("-----BEGIN ", "", Action::Pem),
    ("$apr1$", "", Action::Hash),
    ("$argon2", "", Action::Hash),
    ("$2a$", "", Action::Hash),
    ("$2b$", "", Action::Hash),
    ("$2y$", "", Action::Hash),
    ("$1$", HASHED, Action::Hash),
    ("$5$", HASHED, Action::Hash),
    ("$6$", HASHED, Action::Hash),
    ("$y$", HASHED, Action::Hash),
    ("Basic ", "", Action::Basic),
    ("\"auth\"", "", Action::DockerAuth),
    ("curl ", "", Action::Curl),
    ("kind: Secret", "", Action::Kubernetes),
    ("kind\": \"Secret", "", Action::Kubernetes),
    ("PuTTY-User-Key-File-", "", Action::Putty),
];

/// What may stand before an anchor of three bytes that the table of kinds has.
const ANY: &str = "abcdefghijklmnopqrstuvwxyz0123456789_-.~";

/// What may stand before the hash of a password.
const HASHED: &str = ":\"'`=>( \t\n\0,|}";

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tables").field("kinds", &self.kinds.len()).finish_non_exhaustive()
    }
}

pub(crate) fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(Tables::new)
}

impl Tables {
    fn new() -> Self {
        let kinds = kind::parse(TABLE);
        let mut first = vec![0; 1024];
        let mut prefixed = Vec::new();
        let literal = |text: &'static str, before: &'static str, any_case| Literal {
            text: text.as_bytes(),
            any_case,
            before: before.as_bytes(),
        };
        let named = |action: &Action| *action == Action::Name;
        let mut literals: Vec<Literal> =
            ANCHORS.iter().map(|(text, before, action)| literal(text, before, named(action))).collect();
        let mut actions: Vec<Action> = ANCHORS.iter().map(|(.., action)| *action).collect();
        let mut words: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
        for (at, kind) in (0..).zip(&kinds) {
            for word in &kind.near {
                words.entry(word).or_default().push(at);
            }
            for anchor in &kind.anchors {
                literals.push(literal(anchor, ANY, false));
                actions.push(Action::Kind(at));
            }
            if !kind.near.is_empty() || !kind.anchors.is_empty() {
                continue;
            }
            for (number, shape) in (0..).zip(&kind.shapes) {
                if let &[one, two, ..] = shape.prefix.as_bytes() {
                    let key = u16::from_be_bytes([one, two]);
                    first[usize::from(key >> 6)] |= 1_u64 << (key & 63);
                    prefixed.push((key, at, number));
                }
            }
        }
        prefixed.sort_unstable();
        let near = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(words.keys())
            .ok();
        Self {
            by_id: (0..).zip(&kinds).map(|(at, kind)| (kind.id, at)).collect(),
            kinds,
            first,
            prefixed,
            anchors: Literals::new(literals),
            actions,
            near,
            near_kinds: words.into_values().collect(),
        }
    }

    /// The kind with a number.
    pub(crate) fn kind(&'static self, at: u16) -> Option<&'static Kind> {
        self.kinds.get(usize::from(at))
    }

    /// The forms that begin with the bytes' first two.
    pub(crate) fn beginning(
        &'static self,
        bytes: &[u8],
    ) -> impl Iterator<Item = (&'static Kind, &'static Shape)> + use<> {
        let key = match *bytes {
            [one, two, ..] => u16::from_be_bytes([one, two]),
            _ => 0,
        };
        let known = self.first[usize::from(key >> 6)] >> (key & 63) & 1 == 1;
        let from = if known { self.prefixed.partition_point(|&(other, ..)| other < key) } else { self.prefixed.len() };
        self.prefixed[from..].iter().take_while(move |&&(other, ..)| other == key).filter_map(|&(_, kind, shape)| {
            let kind = self.kind(kind)?;
            Some((kind, kind.shapes.get(usize::from(shape))?))
        })
    }

    /// Calls `found` with the start and the action of each anchor that begins from `start` to `end`.
    pub(crate) fn anchors(&self, bytes: &[u8], start: usize, end: usize, mut found: impl FnMut(usize, Action)) {
        self.anchors.find(bytes, start, end, |number, at| {
            if let Some(&action) = self.actions.get(usize::from(number)) {
                found(at, action);
            }
        });
    }

    /// The kinds whose words stand in a text.
    pub(crate) fn near(&'static self, text: &[u8]) -> impl Iterator<Item = &'static Kind> {
        let found = self.near.iter().flat_map(move |near| near.find_overlapping_iter(text));
        found
            .filter_map(|found| self.near_kinds.get(found.pattern().as_usize()))
            .flatten()
            .filter_map(|&at| self.kind(at))
    }
}
