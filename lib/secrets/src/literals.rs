//! Finds literals in bytes, many at once and without vectors.
//!
//! Every second place is looked at, three bytes from there on, in either case: a bit says whether any literal has these
//! three at its start or one byte on, so that each literal is seen whether it begins at an even place or an odd one. The
//! places do not depend on each other, which keeps a processor busy. (Teddy, the vector search of aho-corasick, was
//! measured at 43 MB/s on machine code with these literals: so many short ones match by half nearly everywhere.)

/// A literal to find.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal {
    /// Three bytes or more.
    pub(crate) text: &'static [u8],
    /// Whether it is found in upper case, too; it is then written in lower case.
    pub(crate) any_case: bool,
    /// For a literal of three bytes: the bytes, in either case, behind which it counts, each of which is a place more to look
    /// at; the text's start counts too. A longer one needs none.
    pub(crate) before: &'static [u8],
}

impl Literal {
    /// Whether what stands before a place lets it count there. Every literal is asked, so that it does not depend on the place
    /// being even or odd.
    fn counts(&self, bytes: &[u8], place: usize) -> bool {
        let lower = |byte: u8| byte | 0x20;
        self.text.len() > 3
            || place
                .checked_sub(1)
                .is_none_or(|before| self.before.iter().any(|&counting| lower(counting) == lower(bytes[before])))
    }
}

/// The search for a set of literals.
pub(crate) struct Literals {
    all: Vec<Literal>,
    /// A bit for each hash of three bytes.
    bits: Box<[u64; 1024]>,
    /// Where in `entries` those begin whose hash shares its first ten bits.
    buckets: Box<[u16; 1025]>,
    /// By rising hash.
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    hash: u16,
    literal: u16,
    /// How far behind the place that is looked at the literal begins, and one: 0 for one byte on.
    back: u8,
}

impl Literals {
    pub(crate) fn new(literals: Vec<Literal>) -> Self {
        let mut entries = Vec::new();
        for (number, literal) in (0..).zip(&literals) {
            let mut add = |bytes: [u8; 3], back| entries.push(Entry { hash: hash(gram(bytes)), literal: number, back });
            if let Some(&first) = literal.text.first_chunk() {
                add(first, 1);
            }
            if let Some(&second) = literal.text.get(1..).and_then(<[u8]>::first_chunk) {
                add(second, 2);
            } else if let Some(&[one, two, _]) = literal.text.first_chunk() {
                literal.before.iter().for_each(|&before| add([before, one, two], 0));
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let mut bits = Box::new([0; 1024]);
        let mut buckets = Box::new([0; 1025]);
        for entry in &entries {
            bits[usize::from(entry.hash >> 6)] |= 1 << (entry.hash & 63);
        }
        for (bucket, start) in (0..).zip(buckets.iter_mut()) {
            *start = entries.partition_point(|entry| u32::from(entry.hash >> 6) < bucket) as u16;
        }
        Self { all: literals, bits, buckets, entries }
    }

    /// Calls `found` with the number and the start of each literal that begins from `start` to `end`.
    pub(crate) fn find(&self, bytes: &[u8], start: usize, end: usize, mut found: impl FnMut(u16, usize)) {
        const STRIDE: usize = 6;
        let mut at = start;
        // One place more at the end, for literals that are seen one byte on.
        while at <= end {
            let Some(&eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) else { break };
            let eight = u64::from_le_bytes(eight) | 0x2020_2020_2020_2020;
            let hashes = [hash(eight as u32), hash((eight >> 16) as u32), hash((eight >> 32) as u32)];
            if self.bit(hashes[0]) | self.bit(hashes[1]) | self.bit(hashes[2]) != 0 {
                for (hash, at) in hashes.into_iter().zip([at, at + 2, at + 4]) {
                    if self.bit(hash) != 0 {
                        self.check(bytes, hash, at, start, end, &mut found);
                    }
                }
            }
            at += STRIDE;
        }
        // The last few bytes of a file.
        while at <= end && at < bytes.len() {
            let mut three = [0; 3];
            let rest = &bytes[at..bytes.len().min(at + 3)];
            three[..rest.len()].copy_from_slice(rest);
            self.check(bytes, hash(gram(three)), at, start, end, &mut found);
            at += 2;
        }
    }

    fn bit(&self, hash: u16) -> u64 {
        self.bits[usize::from(hash >> 6)] >> (hash & 63) & 1
    }

    /// Compares the literals that a hash may stand for.
    #[inline(never)]
    fn check(&self, bytes: &[u8], hash: u16, at: usize, start: usize, end: usize, found: &mut impl FnMut(u16, usize)) {
        let bucket = usize::from(hash >> 6);
        let entries = &self.entries[usize::from(self.buckets[bucket])..usize::from(self.buckets[bucket + 1])];
        for entry in entries.iter().filter(|entry| entry.hash == hash) {
            let Some(place) = (at + 1).checked_sub(usize::from(entry.back)) else { continue };
            let Some(literal) = self.all.get(usize::from(entry.literal)) else { continue };
            let Some(text) = bytes.get(place..place + literal.text.len()) else { continue };
            // Most are no match in their fourth byte already, where it is looked at without a call.
            if !literal.any_case && text.get(3) != literal.text.get(3) {
                continue;
            }
            let same = if literal.any_case { text.eq_ignore_ascii_case(literal.text) } else { text == literal.text };
            if same && (start..end).contains(&place) && literal.counts(bytes, place) {
                found(entry.literal, place);
            }
        }
    }
}

/// Three bytes in lower case.
fn gram([one, two, three]: [u8; 3]) -> u32 {
    u32::from_le_bytes([one, two, three, 0]) | 0x0020_2020
}

/// The hash of the three lowest bytes.
fn hash(gram: u32) -> u16 {
    ((gram << 8).wrapping_mul(0x9E37_79B1) >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_three_bytes_counts_at_each_place() {
        let search = Literals::new(vec![Literal { text: b"://", any_case: false, before: b"sp}" }]);
        for (before, expected) in [("s", 1), ("S", 1), ("}", 1), ("\n", 0), ("x", 0), ("\"", 0)] {
            for place in 0..20 {
                let bytes = format!("{}{before}://a", " ".repeat(place));
                let mut count = 0;
                search.find(bytes.as_bytes(), 0, bytes.len(), |_, _| count += 1);
                assert_eq!(count, expected, "{bytes:?}");
            }
        }
    }

    #[test]
    fn finds_each_at_each_place() {
        let literal = |text: &'static str, any_case, before: &'static str| Literal {
            text: text.as_bytes(),
            any_case,
            before: before.as_bytes(),
        };
        let literals = [
            literal("pass", true, ""),
            literal("://", false, "sp"),
            literal("ABCD", false, ""),
            literal("abcdefghij", false, ""),
        ];
        let search = Literals::new(literals.to_vec());
        for (number, text) in [(0, "pass"), (0, "PASS"), (0, "Pass"), (1, "://"), (2, "ABCD"), (3, "abcdefghij")] {
            for before in 0..40 {
                for after in 0..20 {
                    let bytes = format!("{}{text}{}", "s".repeat(before), ".".repeat(after));
                    let mut found = Vec::new();
                    search.find(bytes.as_bytes(), 0, bytes.len(), |number, at| found.push((number, at)));
                    assert_eq!(found, [(number, before)], "{bytes}");
                    // Cut anywhere, it belongs to one part.
                    for cut in 0..bytes.len() {
                        let mut found = Vec::new();
                        search.find(bytes.as_bytes(), 0, cut, |number, at| found.push((number, at)));
                        search.find(bytes.as_bytes(), cut, bytes.len(), |number, at| found.push((number, at)));
                        assert_eq!(found, [(number, before)], "{bytes} cut at {cut}");
                    }
                }
            }
        }
    }
}
