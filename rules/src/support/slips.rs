//! Typing mistakes in names.

/// Looks for slips in one file, a limited number of times: each search looks at every name, so that thousands of
/// unknown names would take a time that grows with their square. Files of that kind are made by programs anyway, which
/// make no slips.
pub(crate) struct Slips {
    left: u32,
}

impl Slips {
    pub(crate) fn new() -> Self {
        Self { left: 100 }
    }

    /// The candidate that is meant by the word, if it is a slip of one.
    pub(crate) fn find<'a, C: IntoIterator<Item = &'a str>>(
        &mut self,
        word: &str,
        candidates: impl FnOnce() -> C,
    ) -> Option<&'a str> {
        self.left = self.left.checked_sub(1)?;
        slip(word, candidates())
    }
}

/// The first candidate that the word is when one character is added, left out or another, or two neighbours are
/// swapped; or when the case is another. Short words have too many neighbours to tell.
fn slip<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates.into_iter().find(|candidate| candidate.len() > 3 && is_slip(word.as_bytes(), candidate.as_bytes()))
}

fn is_slip(word: &[u8], other: &[u8]) -> bool {
    let same = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    let prefix = word.iter().zip(other).take_while(same).count();
    let (word, other) = (&word[prefix..], &other[prefix..]);
    let suffix = word.iter().rev().zip(other.iter().rev()).take_while(same).count();
    match (&word[..word.len() - suffix], &other[..other.len() - suffix]) {
        ([a, b], [c, d]) => same(&(a, d)) && same(&(b, c)),
        (a, b) => a.len() <= 1 && b.len() <= 1,
    }
}

#[cfg(test)]
mod tests {
    use super::slip;

    #[test]
    fn one_mistake() {
        for word in ["bulider", "buildr", "buiilder", "Builder", "buolder"] {
            assert_eq!(slip(word, ["test", "builder"]), Some("builder"), "{word}");
        }
        for word in ["bldr", "build", "nginx", ""] {
            assert_eq!(slip(word, ["builder"]), None, "{word}");
        }
        assert_eq!(slip("app", ["api"]), None);
    }
}
