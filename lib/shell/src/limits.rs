use crate::Dialect;

/// Longer texts are not parsed.
pub(crate) const MOST_BYTES: usize = 256 * 1024;

/// Some texts take the full parser time that grows with the number of brackets times the length. Up to this product
/// they take less than a tenth of a second; a script with a bracket in fifty bytes reaches it at 22 KiB.
const MOST_WORK: usize = 10_000_000;

/// How many expansions with other expansions in them a script may have, such as `${x%"$(y)"}`. Each level of them
/// takes the full parser several times as long as the one outside.
const MOST_NESTED_EXPANSIONS: usize = 10;

/// How many brackets a script for zsh may have. The full parser counts the levels that it goes down for all others.
const MOST_ZSH_BRACKETS: usize = 100;

/// How often `time` and `coproc` may come in a script: the full parser does not count these levels.
const MOST_UNCOUNTED_LEVELS: usize = 25;

/// Whether the full parser might take too long for the text, or too much of the stack. The answer does not rest on
/// brackets that close others, as it would take the full parser to know which do.
pub(crate) fn are_exceeded(text: &str, dialect: Dialect) -> bool {
    let brackets = text.bytes().filter(|byte| matches!(byte, b'(' | b'{' | b'[' | b'`' | b'<')).count();
    let words = || text.split(|character: char| !character.is_ascii_alphanumeric());
    brackets.saturating_mul(text.len()) > MOST_WORK
        || dialect == Dialect::Zsh && brackets > MOST_ZSH_BRACKETS
        || text.split("${").skip(1).filter(|behind| !ends_plainly(behind)).count() > MOST_NESTED_EXPANSIONS
        || words().filter(|&word| word == "time" || word == "coproc").count() > MOST_UNCOUNTED_LEVELS
}

/// Whether an expansion ends at the first `}`, without others in it.
fn ends_plainly(behind: &str) -> bool {
    let Some((inside, _)) = behind.split_once('}') else { return false };
    let pairs = |quote: char| inside.matches(quote).count() % 2 == 0;
    !inside.contains(['`', '\\', '{']) && !inside.contains("$(") && pairs('\'') && pairs('"')
}
