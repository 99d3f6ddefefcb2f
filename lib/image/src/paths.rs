//! Paths of a layer's entries, stored as a tree of names so that an entry costs no more than its own name.

use hashbrown::HashTable;
use std::fmt::Write as _;
use std::hash::{BuildHasher, RandomState};

/// The longest path that is accepted, in bytes: no system can open a longer one.
pub(crate) const LONGEST: usize = 4096;

/// The root's node.
pub(crate) const ROOT: u32 = 0;

/// A tree of names. Node 0 is the root and has the empty name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paths {
    pub(crate) nodes: Vec<Node>,
    /// Names, and other short texts that are stored with [`Paths::add_text`].
    pub(crate) names: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) parent: u32,
    /// Where its name begins in [`Paths::names`].
    pub(crate) name: u32,
    pub(crate) length: u16,
}

impl Paths {
    pub(crate) fn parent(&self, node: u32) -> u32 {
        self.nodes.get(node as usize).map_or(ROOT, |node| node.parent)
    }

    pub(crate) fn name(&self, node: u32) -> &[u8] {
        let Some(node) = self.nodes.get(node as usize) else { return &[] };
        self.names.get(node.name as usize..).and_then(|rest| rest.get(..usize::from(node.length))).unwrap_or_default()
    }

    /// The whole path, without a leading `/`; empty for the root.
    pub(crate) fn path(&self, node: u32) -> Vec<u8> {
        let mut chain = Vec::new();
        let mut at = node;
        while at != ROOT {
            chain.push(at);
            at = self.parent(at);
        }
        let names: Vec<&[u8]> = chain.iter().rev().map(|&node| self.name(node)).collect();
        names.join(&b'/')
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A text that [`PathsBuilder::add_text`] stored.
    pub(crate) fn text(&self, at: u32) -> &[u8] {
        let Some(rest) = self.names.get(at as usize..) else { return &[] };
        let Some((length, rest)) = rest.split_first_chunk::<2>() else { return &[] };
        rest.get(..usize::from(u16::from_le_bytes(*length))).unwrap_or_default()
    }
}

/// Builds [`Paths`]: each path once.
pub(crate) struct PathsBuilder {
    paths: Paths,
    table: HashTable<u32>,
    hasher: RandomState,
    /// The folder of the path before, because neighbours in an archive mostly share it.
    last: (Vec<u8>, u32),
}

impl PathsBuilder {
    pub(crate) fn new() -> Self {
        let root = Node { parent: ROOT, name: 0, length: 0 };
        Self {
            paths: Paths { nodes: vec![root], names: Vec::new() },
            table: HashTable::new(),
            hasher: RandomState::new(),
            last: (Vec::new(), ROOT),
        }
    }

    pub(crate) fn paths(&self) -> &Paths {
        &self.paths
    }

    /// The node of a clean path, which is made where it is not there yet.
    pub(crate) fn insert(&mut self, path: &[u8]) -> u32 {
        let (folder, name) = match path.iter().rposition(|&byte| byte == b'/') {
            Some(slash) => (&path[..slash], &path[slash + 1..]),
            None => (&path[..0], path),
        };
        if folder != self.last.0 {
            let mut node = ROOT;
            for part in folder.split(|&byte| byte == b'/').filter(|part| !part.is_empty()) {
                node = self.child(node, part);
            }
            self.last = (folder.to_vec(), node);
        }
        let folder = self.last.1;
        if name.is_empty() { folder } else { self.child(folder, name) }
    }

    /// Stores a text of at most 64 KiB beside the names; what is longer is cut.
    pub(crate) fn add_text(&mut self, text: &[u8]) -> u32 {
        let at = self.paths.names.len() as u32;
        let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
        self.paths.names.extend_from_slice(&length.to_le_bytes());
        self.paths.names.extend_from_slice(&text[..usize::from(length)]);
        at
    }

    pub(crate) fn finish(mut self) -> Paths {
        self.paths.nodes.shrink_to_fit();
        self.paths.names.shrink_to_fit();
        self.paths
    }

    fn child(&mut self, parent: u32, name: &[u8]) -> u32 {
        let (paths, hasher) = (&mut self.paths, &self.hasher);
        let hash = hasher.hash_one((parent, name));
        let same = |&node: &u32| paths.parent(node) == parent && paths.name(node) == name;
        if let Some(&node) = self.table.find(hash, same) {
            return node;
        }
        let node = paths.nodes.len() as u32;
        let at = paths.names.len() as u32;
        paths.names.extend_from_slice(name);
        paths.nodes.push(Node { parent, name: at, length: name.len() as u16 });
        let paths = &self.paths;
        self.table.insert_unique(hash, node, |&node| hasher.hash_one((paths.parent(node), paths.name(node))));
        node
    }
}

/// A path without `.`, `..`, empty parts and a leading `/`; `..` stops at the root. Also whether anything but a plain
/// relative path was given that could lead elsewhere: it was absolute, or had `..` in it.
pub(crate) fn clean(path: &[u8]) -> (Vec<u8>, bool) {
    let mut clean: Vec<u8> = Vec::with_capacity(path.len());
    let mut leads_elsewhere = path.first() == Some(&b'/');
    for part in path.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                leads_elsewhere = true;
                let end = clean.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
                clean.truncate(end);
            }
            part => {
                if !clean.is_empty() {
                    clean.push(b'/');
                }
                clean.extend_from_slice(part);
            }
        }
    }
    (clean, leads_elsewhere)
}

/// A path as reports show it: what is not UTF-8, and `%` before two hexadecimal digits, is percent-encoded.
pub(crate) fn shown(path: &[u8]) -> String {
    let mut shown = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(shown, "%{byte:02X}");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_stored_once() {
        let mut builder = PathsBuilder::new();
        let a = builder.insert(b"usr/bin/a");
        let b = builder.insert(b"usr/bin/b");
        assert_eq!(builder.insert(b"usr/bin/a"), a);
        assert_eq!(builder.insert(b""), ROOT);
        let text = builder.add_text(b"busybox");
        let paths = builder.finish();
        assert_eq!((paths.path(a), paths.path(b)), (b"usr/bin/a".to_vec(), b"usr/bin/b".to_vec()));
        assert_eq!(paths.path(paths.parent(a)), b"usr/bin");
        assert_eq!(paths.text(text), b"busybox");
        assert_eq!(paths.len(), 5);
    }

    #[test]
    fn clean_paths_stay_inside() {
        assert_eq!(clean(b"./a//b/./c/"), (b"a/b/c".to_vec(), false));
        assert_eq!(clean(b"../../etc/passwd"), (b"etc/passwd".to_vec(), true));
        assert_eq!(clean(b"/a/../b"), (b"b".to_vec(), true));
        assert_eq!(clean(b"./"), (Vec::new(), false));
        assert_eq!(shown(b"a\xffb"), "a%FFb");
    }
}
