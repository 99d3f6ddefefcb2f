//! The patterns of a `.dockerignore`.

/// The patterns of a file, in their order.
pub(crate) struct Ignore {
    patterns: Vec<Pattern>,
}

struct Pattern {
    /// Whether it begins with `!`: what it matches is kept.
    keeps: bool,
    /// The path's parts; `**` stands for any number of them.
    parts: Vec<String>,
}

impl Ignore {
    /// Reads the file: one pattern a line, `#` before comments, `!` before exceptions.
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.starts_with('#'));
        let patterns = lines.map(str::trim).filter(|line| !line.is_empty()).filter_map(|line| {
            let (keeps, pattern) = match line.strip_prefix('!') {
                Some(pattern) => (true, pattern.trim()),
                None => (false, line),
            };
            let parts = parts(pattern)?;
            (!parts.is_empty()).then_some(Pattern { keeps, parts })
        });
        Self { patterns: patterns.collect() }
    }

    /// Whether there are exceptions.
    pub(crate) fn has_exceptions(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.keeps)
    }

    /// Whether everything is ignored: the pattern is `*`, `**` or `**/*`.
    pub(crate) fn ignores_all(&self) -> bool {
        self.patterns
            .iter()
            .any(|pattern| !pattern.keeps && pattern.parts.iter().all(|part| part == "*" || part == "**"))
            && !self.has_exceptions()
    }

    /// Whether the file or folder at a path of the build context is left out, with all that is in it.
    pub(crate) fn ignores(&self, path: &str) -> bool {
        let Some(path) = parts(path) else { return false };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let mut ignored = false;
        for pattern in &self.patterns {
            // A pattern that matches a folder holds for what is in it.
            let matches =
                (1..=path.len()).any(|length| path.get(..length).is_some_and(|head| matches(&pattern.parts, head)));
            if matches {
                ignored = !pattern.keeps;
            } else if pattern.keeps && may_match_below(&pattern.parts, &path) {
                ignored = false;
            }
        }
        ignored
    }
}

/// The parts of a path, `.`, `..` and doubled slashes resolved; `None` where it leads out of the context.
fn parts(path: &str) -> Option<Vec<String>> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part.to_owned()),
        }
    }
    Some(parts)
}

/// Whether the pattern matches the whole path.
fn matches(pattern: &[String], path: &[&str]) -> bool {
    // Which parts of the path the pattern's beginning can reach: no recursion, and no blow-up with many `**`.
    let mut reached = vec![false; path.len() + 1];
    reached[0] = true;
    for part in pattern {
        let mut next = vec![false; path.len() + 1];
        if part == "**" {
            let first = reached.iter().position(|&here| here).unwrap_or(reached.len());
            next.iter_mut().skip(first).for_each(|here| *here = true);
        } else {
            for (at, name) in path.iter().enumerate() {
                if reached[at] && part_matches(part, name) {
                    next[at + 1] = true;
                }
            }
        }
        reached = next;
    }
    reached[path.len()]
}

/// Whether an exception may keep something inside the folder.
fn may_match_below(pattern: &[String], folder: &[&str]) -> bool {
    for (at, name) in folder.iter().enumerate() {
        match pattern.get(at) {
            Some(part) if part == "**" => return true,
            Some(part) if part_matches(part, name) => {}
            _ => return false,
        }
    }
    pattern.len() > folder.len()
}

/// Matches a name against `*`, `?`, `[…]` and `\` escapes.
fn part_matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // Where to go on if the last `*` has to take one character more.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        let step = match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            Some('?') => Some(1),
            Some('[') => class(&pattern[p..], name[n]),
            Some('\\') => (pattern.get(p + 1) == Some(&name[n])).then_some(2),
            Some(&character) => (character == name[n]).then_some(1),
            None => None,
        };
        if let Some(width) = step {
            (p, n) = (p + width, n + 1);
        } else if let Some((at, taken)) = star {
            (p, n) = (at + 1, taken + 1);
            star = Some((at, taken + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&character| character == '*')
}

/// The width of the class at the start of the pattern, where the character is in it.
fn class(pattern: &[char], character: char) -> Option<usize> {
    let end = pattern.iter().skip(2).position(|&c| c == ']')? + 2;
    let (negated, mut at) = if pattern.get(1) == Some(&'^') { (true, 2) } else { (false, 1) };
    let mut found = false;
    while at < end {
        if pattern.get(at + 1) == Some(&'-') && at + 2 < end {
            found |= pattern[at] <= character && character <= pattern[at + 2];
            at += 3;
        } else {
            found |= pattern[at] == character;
            at += 1;
        }
    }
    (found != negated).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let ignores = |text: &str, path: &str| Ignore::parse(text).ignores(path);
        assert!(ignores("node_modules", "./node_modules/x"));
        assert!(ignores("/build/", "build"));
        assert!(ignores("*.log", "a.log") && !ignores("*.log", "sub/a.log"));
        assert!(ignores("**/*.log", "sub/a.log") && ignores("**/*.log", "a.log"));
        assert!(ignores("a/**", "a/b/c") && !ignores("a/*/d", "a/d"));
        assert!(ignores("[a-c]?\\*", "bx*") && !ignores("[^a-c]x", "bx"));
        assert!(!ignores("*\n!app", "app") && ignores("*\n!app", "other"));
        assert!(!ignores("dist\n!dist/keep", "dist"));
        assert!(!ignores("# a\n\n", "a"));
        assert!(Ignore::parse("**/*").ignores_all() && !Ignore::parse("*\n!a").ignores_all());
    }
}
