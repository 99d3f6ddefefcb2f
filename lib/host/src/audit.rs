//! Linux audit rules: those of `auditctl -l` and of the files in /etc/audit.

use crate::mounts::MountPoint;
use crate::paths::{is_in, normal};

/// A rule that watches a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The file or folder.
    pub path: String,
    /// Whether what is below a folder is watched too: `-w` on a folder and `-F dir=` do, `-F path=` does not.
    pub below: bool,
    /// Whether writes are recorded.
    pub write: bool,
    /// Whether changes of attributes are recorded.
    pub attributes: bool,
}

/// The rules of a text that watch paths and record what they see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditRules {
    /// In their order.
    pub watches: Vec<Watch>,
    /// Paths that a rule before the others takes out: `-a never,exit -F path=`.
    pub never: Vec<(String, bool)>,
}

/// How a path is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    /// Writes and changes of attributes are recorded.
    Full,
    /// There is a rule, which leaves out writes or changes of attributes.
    Partial,
    /// There is no rule.
    None,
}

impl AuditRules {
    /// Reads rules, one a line. `-D` forgets the ones before it, `-W` takes one out.
    pub fn parse(text: &str) -> Self {
        let mut rules = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().map(unquoted).collect();
            match words.first() {
                Some(&"-D") => rules = Self::default(),
                Some(&"-W") => {
                    let gone = words.get(1).map(|path| normal(path));
                    rules.watches.retain(|watch| Some(&watch.path) != gone.as_ref());
                }
                Some(word) if word.starts_with("-w") => rules.watches.extend(watch(&words)),
                Some(&("-a" | "-A")) => rules.filter(&words),
                _ => {}
            }
        }
        rules
    }

    /// How a path, without links, is watched. Mount points below a watched folder are not watched with it.
    pub fn cover(&self, path: &str, mounts: &[MountPoint]) -> Cover {
        let mounted_in = |place: &str| {
            let between = |point: &str| point != place && is_in(point, place) && is_in(path, point);
            mounts.iter().any(|mount| between(&mount.point))
        };
        let covers = |place: &str, below: bool| path == place || below && is_in(path, place) && !mounted_in(place);
        if self.never.iter().any(|(place, below)| covers(place, *below)) {
            return Cover::None;
        }
        let (mut write, mut attributes, mut any) = (false, false, false);
        for watch in self.watches.iter().filter(|watch| covers(&watch.path, watch.below)) {
            any = true;
            write |= watch.write;
            attributes |= watch.attributes;
        }
        match (any, write && attributes) {
            (_, true) => Cover::Full,
            (true, false) => Cover::Partial,
            (false, _) => Cover::None,
        }
    }

    /// `-a always,exit -F path=... -F perm=... -k key`, `-F dir=...`.
    fn filter(&mut self, words: &[&str]) {
        let list = words.get(1).copied().unwrap_or_default();
        let parts: Vec<&str> = list.split(',').collect();
        let never = parts.contains(&"never");
        if !parts.contains(&"exit") && !parts.contains(&"filesystem") {
            return;
        }
        let mut place = None;
        let mut permissions = None;
        let mut narrow = false;
        let mut words = words.iter().skip(2);
        while let Some(word) = words.next() {
            match *word {
                "-F" => {
                    let Some(field) = words.next() else { return };
                    if let Some(path) = field.strip_prefix("path=") {
                        place = Some((normal(path), false));
                    } else if let Some(path) = field.strip_prefix("dir=") {
                        place = Some((normal(path), true));
                    } else if let Some(letters) = field.strip_prefix("perm=") {
                        permissions = Some(letters);
                    } else if !field.starts_with("key=") && *field != "arch=b64" && *field != "arch=b32" {
                        // Another condition, such as a user: the rule sees only a part of what happens.
                        narrow = true;
                    }
                }
                // Only some system calls: whether they are all that write cannot be told.
                "-S" => {
                    narrow |= words.next().is_some_and(|call| *call != "all");
                }
                "-C" => {
                    words.next();
                    narrow = true;
                }
                "-k" => {
                    words.next();
                }
                _ => {}
            }
        }
        let Some((path, below)) = place else { return };
        if never {
            if !narrow {
                self.never.push((path, below));
            }
            return;
        }
        // Without permissions every access is recorded.
        let has = |letter: char| !narrow && permissions.is_none_or(|letters| letters.contains(letter));
        self.watches.push(Watch { path, below, write: has('w'), attributes: has('a') });
    }
}

/// `-w PATH -p wa -k key`.
fn watch(words: &[&str]) -> Option<Watch> {
    let first = words.first()?.strip_prefix("-w")?;
    let path = if first.is_empty() { words.get(1)? } else { first };
    let mut permissions = "rwxa";
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        if let Some(letters) = word.strip_prefix("-p") {
            permissions = if letters.is_empty() { rest.next()? } else { letters };
        }
    }
    let has = |letter| permissions.contains(letter);
    Some(Watch { path: normal(path), below: true, write: has('w'), attributes: has('a') })
}

fn unquoted(word: &str) -> &str {
    let inner = |quote| word.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(word)
}
