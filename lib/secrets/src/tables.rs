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
    beginnings: Beginnings,
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
    /// `_auth` of npm's configuration.
    NpmAuth,
    /// A client of MySQL or MariaDB.
    DatabaseClient,
    /// `IDENTIFIED` of SQL.
    Identified,
}

/// Literals that lead to secrets whose values have no run of [`crate::runs::STEP`] bytes, those in lower case also to
/// those in upper case; and for those of three bytes what may stand before them.
const ANCHORS: [(&str, &str, Action); 33] = [
    ("pass", "", Action::Name),
    ("pwd=", "", Action::Name),
    ("pwd:", "", Action::Name),
    ("pwd\"", "", Action::Name),
    ("pwd'", "", Action::Name),
    ("pwd ", "", Action::Name),
    ("ecret", "", Action::Name),
    ("accountkey", "", Action::Name),
    ("accesskey", "", Action::Name),
    ("://", "abcdefghijklmnopqrstuvwxyz0123456789+}", Action::Url),
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
    // Of the places by which a name could be found these are rare in texts and programs.
    ("rauth ", "", Action::Name),
    ("_pw=", "", Action::Name),
    ("_pw:", "", Action::Name),
    ("_auth", "", Action::NpmAuth),
    ("mysql", "", Action::DatabaseClient),
    ("iadb", "", Action::DatabaseClient),
    ("tified ", "", Action::Identified),
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
        let mut prefixed = Vec::new();
        let literal = |text: &'static str, before: &'static str, any_case| Literal {
            text: text.as_bytes(),
            any_case,
            before: before.as_bytes(),
        };
        let named = |action: &Action| matches!(action, Action::Name | Action::Identified);
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
                prefixed.push((shape.prefix, at, number));
            }
        }
        let near = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .ascii_case_insensitive(true)
            .build(words.keys())
            .ok();
        Self {
            by_id: (0..).zip(&kinds).map(|(at, kind)| (kind.id, at)).collect(),
            kinds,
            beginnings: Beginnings::new(&prefixed),
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

    /// The forms that begin with the bytes' first ones, as far as eight of them tell.
    pub(crate) fn beginning(
        &'static self,
        bytes: &[u8],
    ) -> impl Iterator<Item = (&'static Kind, &'static Shape)> + use<> {
        let bytes = eight(bytes);
        self.beginnings
            .like(bytes)
            .iter()
            .filter(move |beginning| bytes & beginning.mask == beginning.first)
            .filter_map(|beginning| {
                let kind = self.kind(beginning.kind)?;
                Some((kind, kind.shapes.get(usize::from(beginning.shape))?))
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

/// Forms by what they begin with.
struct Beginnings {
    /// A bit for each two bytes with which a form begins.
    known: Vec<u64>,
    /// How many bits are set before each of these words.
    before: Vec<u16>,
    /// Where in `all` those begin that share their first two bytes, by the number of the bit.
    starts: Vec<u16>,
    all: Vec<Beginning>,
}

/// What a form begins with: up to eight bytes, the first one lowest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    key: u16,
    kind: u16,
    shape: u16,
    first: u64,
    mask: u64,
}

impl Beginnings {
    /// From the literals that forms begin with, two bytes or more each, with the numbers of kind and form.
    fn new(prefixes: &[(&str, u16, u16)]) -> Self {
        let of = |&(prefix, kind, shape): &(&str, u16, u16)| {
            let bytes = prefix.as_bytes();
            let &[one, two, ..] = bytes else { return None };
            let mask = u64::MAX >> (64 - 8 * bytes.len().min(8));
            Some(Beginning { key: u16::from_be_bytes([one, two]), kind, shape, first: eight(bytes), mask })
        };
        let mut all: Vec<Beginning> = prefixes.iter().filter_map(of).collect();
        all.sort_unstable();
        let mut known = vec![0_u64; 1024];
        let mut starts = Vec::new();
        for (at, beginning) in (0..).zip(&all) {
            let bit = 1 << (beginning.key & 63);
            let word = &mut known[usize::from(beginning.key >> 6)];
            if *word & bit == 0 {
                *word |= bit;
                starts.push(at);
            }
        }
        starts.push(all.len() as u16);
        let mut count = 0;
        let mut before = Vec::with_capacity(known.len());
        for word in &known {
            before.push(count);
            count += word.count_ones() as u16;
        }
        Self { known, before, starts, all }
    }

    /// Those that share their first two bytes with `bytes`.
    fn like(&self, bytes: u64) -> &[Beginning] {
        let key = (bytes as u16).swap_bytes();
        let (word, bit) = (usize::from(key >> 6), key & 63);
        if self.known[word] >> bit & 1 == 0 {
            return &[];
        }
        let below = self.known[word] & !(u64::MAX << bit);
        let number = usize::from(self.before[word]) + below.count_ones() as usize;
        &self.all[usize::from(self.starts[number])..usize::from(self.starts[number + 1])]
    }
}

/// The first eight bytes, the first one lowest; zeros where there are fewer.
fn eight(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or_else(
        || bytes.iter().take(8).rev().fold(0, |number, &byte| number << 8 | u64::from(byte)),
        |&eight| u64::from_le_bytes(eight),
    )
}
