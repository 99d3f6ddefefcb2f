//! Packages that are installed without a version.

use crate::prelude::*;

/// Packages that are installed without a version, and how sure that is.
pub(crate) struct Unpinned<'w, 'a> {
    words: Vec<&'w shell::Word<'a>>,
    /// Whether the file tells that one of them has no version; variables of the shell may hold one.
    known: bool,
}

/// Those of the packages that `pinned` refuses. A variable counts by its value, where the file tells it.
pub(crate) fn unpinned<'w, 'a>(
    cx: &Cx<'_>,
    cmd: &Cmd<'_>,
    packages: impl IntoIterator<Item = &'w shell::Word<'a>>,
    pinned: impl Fn(&str) -> bool,
) -> Unpinned<'w, 'a>
where
    'a: 'w,
{
    let mut found = Unpinned { words: Vec::new(), known: false };
    for word in packages {
        if pinned(&word.text) {
            continue;
        }
        let value = if word.expands { value(cx, cmd, word) } else { Some(word.text.to_string()) };
        match value {
            Some(value) if value.split_whitespace().all(&pinned) => {}
            value => {
                found.known |= value.is_some();
                found.words.push(word);
            }
        }
    }
    found
}

/// What the variables in a word stand for, where `ENV` and `ARG` tell it.
fn value(cx: &Cx<'_>, cmd: &Cmd<'_>, word: &shell::Word<'_>) -> Option<String> {
    let at = cmd.at();
    if word.text.contains(['(', '`']) {
        return None;
    }
    cx.facts.expand(at.stage?, at.index, &word.text)
}

impl Unpinned<'_, '_> {
    /// Reports them as one finding at the first of them; `None` where there are none.
    pub(crate) fn report<'f>(&self, cx: &'f mut Cx<'_>, cmd: &Cmd<'_>, what: &str) -> Option<&'f mut Finding> {
        let (first, others) = self.words.split_first()?;
        let message = match (first.expands, others.len()) {
            (true, _) => format!("version of {what} `{}` not set", shown(first)),
            (false, 0) => format!("{what} `{}` installed without a version", shown(first)),
            (false, more) => format!("{what} `{}` and {more} more installed without a version", shown(first)),
        };
        let finding = cx.report(cmd.place(first), message);
        for word in others {
            finding.related(cmd.place(word), format!("`{}` has no version either", shown(word)));
        }
        if !self.known {
            finding.confidence(Confidence::Low).quiet();
        }
        Some(finding)
    }

    /// Whether one of the words meets a condition.
    pub(crate) fn any(&self, condition: impl Fn(&shell::Word<'_>) -> bool) -> bool {
        self.words.iter().any(|word| condition(word))
    }
}

/// A word for a message: a long substitution is cut.
fn shown(word: &shell::Word<'_>) -> String {
    const MOST: usize = 40;
    let line = word.text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}

/// Whether a package of `yum` or `dnf` has a version: behind the name's first dash, a part that begins with a digit
/// (`httpd-2.4.6`), or a variable. Packages given as a file or by address are what they are.
pub(crate) fn rpm_pinned(package: &str) -> bool {
    let is_file = package.ends_with(".rpm") || package.contains("://");
    let Some((_, version)) = package.split_once('-').filter(|_| !is_file) else { return is_file };
    let sound = |c: char| c.is_ascii_alphanumeric() || ".~^_:+-".contains(c);
    version.contains('$')
        || version.chars().all(sound)
            && version.split('-').any(|part| part.bytes().next().is_some_and(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::rpm_pinned;

    #[test]
    fn rpm_versions() {
        for package in
            ["httpd-2.4.6-88.el7", "gcc-c++-4.8", "foo-$VERSION", "foo.rpm", "https://x/y.rpm", "1:glibc-2.17"]
        {
            assert!(rpm_pinned(package), "{package}");
        }
        for package in
            ["httpd", "python3-devel", "gcc-c++", "foo*", "@group", "/usr/bin/foo", "dnf-command(copr)", "$X"]
        {
            assert!(!rpm_pinned(package), "{package}");
        }
    }
}
