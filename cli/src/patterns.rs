//! Patterns over paths as .gitignore has them: a name without a slash matches anywhere, a folder with all in it.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::{Path, PathBuf};

/// Patterns, and the folder that they speak of.
#[derive(Debug)]
pub(crate) struct PathPatterns {
    root: PathBuf,
    matcher: Gitignore,
}

impl PathPatterns {
    /// Compiles patterns; gives those that are none with the reason.
    pub(crate) fn new<'p>(
        root: &Path,
        patterns: impl IntoIterator<Item = &'p String>,
    ) -> (Self, Vec<(String, String)>) {
        let mut builder = GitignoreBuilder::new(root);
        let mut errors = Vec::new();
        for pattern in patterns {
            if let Err(error) = builder.add_line(None, pattern) {
                errors.push((pattern.clone(), reason(&error)));
            }
        }
        let matcher = builder.build().unwrap_or_else(|error| {
            errors.push((String::new(), reason(&error)));
            Gitignore::empty()
        });
        (Self { root: root.to_owned(), matcher }, errors)
    }

    /// Whether a file, by its absolute path, matches, or a folder that it is in.
    pub(crate) fn matches(&self, file: &Path) -> bool {
        // The matcher wants paths below its root.
        !self.matcher.is_empty()
            && file
                .strip_prefix(&self.root)
                .is_ok_and(|relative| self.matcher.matched_path_or_any_parents(relative, false).is_ignore())
    }
}

/// What is wrong with a pattern, without the pattern.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(patterns: &[&str], file: &str) -> bool {
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        let (compiled, errors) = PathPatterns::new(Path::new("/root"), &patterns);
        assert_eq!(errors, []);
        compiled.matches(Path::new(file))
    }

    #[test]
    fn as_in_gitignore() {
        assert!(matches(&["testdata/"], "/root/a/testdata/x/Dockerfile"));
        assert!(matches(&["/a"], "/root/a/Dockerfile"));
        assert!(!matches(&["/a"], "/root/b/a/Dockerfile"));
        assert!(matches(&["*.dev"], "/root/b/Dockerfile.dev"));
        assert!(!matches(&["*.dev", "!keep.dev"], "/root/b/keep.dev"));
        assert!(matches(&["a/**/Dockerfile"], "/root/a/b/c/Dockerfile"));
        assert!(!matches(&["*"], "/elsewhere/Dockerfile"));
        assert!(!matches(&[], "/root/Dockerfile"));
    }

    #[test]
    fn broken_patterns_are_named() {
        let (_, errors) = PathPatterns::new(Path::new("/root"), [&"[z-a]".to_owned(), &"b".to_owned()]);
        assert_eq!(errors.iter().map(|(pattern, _)| pattern.as_str()).collect::<Vec<_>>(), ["[z-a]"]);
    }
}
