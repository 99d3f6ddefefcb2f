/// The candidate nearest to `word`, for a "did you mean": ignoring case, at most a third of the longer word's
/// characters changed (optimal string alignment distance, so a swap of neighbours is one change). Earlier
/// candidates win ties.
///
/// ```
/// assert_eq!(plimsoll_base::nearest("FORM", ["FROM", "RUN"]), Some("FROM"));
/// assert_eq!(plimsoll_base::nearest("BANANA", ["FROM", "RUN"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer words are no typing mistakes, and the distance is quadratic.
    const LONGEST: usize = 64;
    let word: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    if word.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        let allowed = (word.len().max(other.len()) / 3).max(1);
        if word.len().abs_diff(other.len()) > allowed {
            continue;
        }
        let changes = distance(&word, &other);
        if changes <= allowed && best.is_none_or(|(least, _)| changes < least) {
            best = Some((changes, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let substituted = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = substituted.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}
