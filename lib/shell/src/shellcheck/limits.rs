//! What is too long or too deep for the linter.

/// Longer texts are not checked: the linter takes time that grows with the square of a word's length. The longest body
/// of 1,511 real Dockerfiles has 3,471 bytes.
const MOST_BYTES: usize = 16 * 1024;

/// Texts with more characters that may end a command are not checked: the linter takes time that grows with more than
/// the square of the number of commands. The real bodies have up to 98.
const MOST_SEPARATORS: usize = 500;

/// Texts with more words that make the parser recurse without counting are not checked.
const MOST_PREFIXES: usize = 16;

/// Texts with more words that begin as an assignment does are not checked: the linter takes time that grows with the cube
/// of the number of assignments before one command.
const MOST_ASSIGNMENTS: usize = 300;

/// Texts with more heredocs, or shifts, in three brackets are not checked: the linter takes twice the time for each
/// heredoc in a substitution in a heredoc.
const MOST_NESTED_HEREDOCS: usize = 8;

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
    (has_few(text) || is_within(text)) && ["time", "coproc"].into_iter().all(|word| is_rare(text, word))
}

/// Whether the characters that matter are so few that no limit can be reached. Counting them, without a look at what
/// stands before, lets the compiler take many bytes at once.
fn has_few(text: &str) -> bool {
    let (mut opens, mut ends, mut equals, mut less) = (0_u32, 0_u32, 0_u32, 0_u32);
    for byte in text.bytes() {
        opens += u32::from(matches!(byte, b'(' | b'{'));
        ends += u32::from(matches!(byte, b';' | b'|' | b'&' | b'\n' | b'`'));
        equals += u32::from(byte == b'=');
        less += u32::from(byte == b'<');
    }
    let [opens, ends, equals, less] = [opens, ends, equals, less].map(|count| count as usize);
    opens + ends <= MOST_SEPARATORS
        && opens <= MOST_NESTING
        && equals <= MOST_ASSIGNMENTS
        && (opens < 3 || less <= MOST_NESTED_HEREDOCS)
}

fn is_within(text: &str) -> bool {
    let (mut separators, mut depth, mut deepest, mut assignments, mut heredocs) = (0, 0_usize, 0, 0, 0);
    // Whether the bytes since the last blank or operator can be a variable's name.
    let (mut name, mut before) = (true, b' ');
    for byte in text.bytes() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.saturating_sub(1),
            b'=' if name => assignments += 1,
            b'<' if before == b'<' && depth >= 3 => heredocs += 1,
            _ => {}
        }
        name = b" \t\n;|&(`{".contains(&byte) || name && (byte == b'_' || byte.is_ascii_alphanumeric());
        before = byte;
        deepest = deepest.max(depth);
        separators += usize::from(b";|&\n(`{".contains(&byte));
    }
    separators <= MOST_SEPARATORS
        && deepest <= MOST_NESTING
        && assignments <= MOST_ASSIGNMENTS
        && heredocs <= MOST_NESTED_HEREDOCS
}

/// Whether a word stands in the text only so often. Counting a pair of its letters first is quick, and nearly always
/// enough.
fn is_rare(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    let pairs = pairs.map(|(&one, &other)| u32::from(one == word[1]) & u32::from(other == word[2])).sum::<u32>();
    pairs as usize <= MOST_PREFIXES
        || text.windows(word.len()).filter(|&window| window == word).count() <= MOST_PREFIXES
}

/// How many steps the parser may take: its own default, which is too little for long texts of short commands.
pub(super) fn parser_fuel(source: &str) -> usize {
    source.len().max(100_000)
}
