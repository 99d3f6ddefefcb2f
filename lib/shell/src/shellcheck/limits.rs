//! What is too long or too deep for the linter.

/// Longer texts are not checked: the linter takes time that grows with the square of a word's length. The longest body
/// of 1,511 real Dockerfiles has 3,471 bytes.
const MOST_BYTES: usize = 16 * 1024;

/// Texts with more characters that may end a command are not checked: the linter takes time that grows with more than
/// the square of the number of commands. The real bodies have up to 98.
const MOST_SEPARATORS: usize = 500;

/// Texts with more words that make the parser recurse without counting are not checked.
const MOST_PREFIXES: usize = 16;

/// How deeply commands may nest: the linter walks the tree by recursion.
pub(super) const MOST_NESTING: usize = 50;

/// Whether the analysis ends in bounded time and stack.
pub(super) fn is_tame(text: &str) -> bool {
    if text.len() > MOST_BYTES {
        return false;
    }
    // Half of the real bodies are too short to reach any of the limits.
    if text.len() <= MOST_NESTING.min(MOST_SEPARATORS).min(MOST_PREFIXES * "time".len()) {
        return true;
    }
    let (mut separators, mut depth, mut deepest) = (0, 0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        separators += usize::from(b";|&\n(`{".contains(&byte));
    }
    separators <= MOST_SEPARATORS
        && deepest <= MOST_NESTING
        && ["time", "coproc"].into_iter().all(|word| text.matches(word).count() <= MOST_PREFIXES)
}

/// How many steps the parser may take: its own default, which is too little for long texts of short commands.
pub(super) fn parser_fuel(source: &str) -> usize {
    source.len().max(100_000)
}
