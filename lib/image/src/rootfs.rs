//! Layers laid over each other: which paths are left, and what became of the others.

use crate::layer::{LayerFacts, Record, RecordKind};
use crate::paths::{ROOT, shown};
use crate::{Issue, IssueKind};
use hashbrown::HashTable;
use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// No node, no version, no layer.
const NONE: u32 = u32::MAX;
const NO_LAYER: u16 = u16::MAX;
/// In place of a first child: the node is no longer in the tree.
const GONE: u32 = u32::MAX - 1;

/// Every version of every path of an image, and the tree of those that are left.
///
/// Versions are numbered as their records are: the records of the base first, each layer's in the archive's order.
#[derive(Debug)]
pub(crate) struct RootFs {
    layers: Vec<Option<Arc<LayerFacts>>>,
    /// The number of each layer's first version, and at the end how many there are.
    starts: Vec<u32>,
    versions: Vec<Version>,
    nodes: Vec<Node>,
    table: HashTable<u32>,
    hasher: RandomState,
    /// One bit for each version: whether a path that is left has its content.
    used: Vec<u64>,
    /// How many steps through links may still be taken: hostile layers could ask for very many.
    steps: Cell<u64>,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Version {
    /// The path's node; `NONE` for whiteouts.
    node: u32,
    /// The version that has the content: itself, or a hard link's target.
    pub(crate) content: u32,
    /// The layer that took it away.
    ended_by: u16,
    is_replaced: bool,
}

/// A path in the tree. Nodes that were removed stay, because versions name them.
#[derive(Debug, Clone, Copy)]
struct Node {
    parent: u32,
    /// Its name is that of a node in this layer's paths.
    name: u32,
    layer: u16,
    first_child: u32,
    next_sibling: u32,
    /// The version that is left; `NONE` for a folder that only paths imply.
    version: u32,
}

/// What became of a layer's entry in the layers above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It is in the final root file system.
    Present,
    /// A layer's whiteout or opaque folder deleted it. Its bytes are still in the image.
    Deleted {
        /// That layer, from 0.
        by: usize,
    },
    /// A layer has something else in its place. Its bytes are still in the image.
    Replaced {
        /// That layer, from 0; the entry's own where it holds the path twice, or only repeats a folder of a layer below.
        by: usize,
    },
}

/// Why a path leads nowhere.
enum Stop {
    Missing,
    Loop,
}

impl RootFs {
    /// Lays the layers over each other, the base first. A layer that could not be read changes nothing.
    pub(crate) fn new(layers: Vec<Option<Arc<LayerFacts>>>) -> (Self, Vec<Issue>) {
        const STEPS: u64 = 50_000_000;
        let mut starts = vec![0];
        for layer in &layers {
            let last = starts.last().copied().unwrap_or_default();
            starts.push(last + layer.as_ref().map_or(0, |layer| layer.records.len() as u32));
        }
        let count = starts.last().copied().unwrap_or_default() as usize;
        let root = Node { parent: ROOT, name: ROOT, layer: 0, first_child: NONE, next_sibling: NONE, version: NONE };
        let mut fs = Self {
            versions: Vec::with_capacity(count),
            starts,
            nodes: vec![root],
            table: HashTable::new(),
            hasher: RandomState::new(),
            used: Vec::new(),
            steps: Cell::new(STEPS),
            layers: Vec::new(),
        };
        let mut issues = Vec::new();
        for (number, layer) in layers.into_iter().enumerate() {
            fs.layers.push(layer.clone());
            if let Some(layer) = layer {
                Layering {
                    fs: &mut fs,
                    facts: &layer,
                    number,
                    memo: vec![(NONE, 0); layer.paths.len()],
                    generation: 0,
                }
                .apply(&mut issues);
            }
        }
        fs.mark_used();
        (fs, issues)
    }

    pub(crate) fn version_count(&self) -> u32 {
        self.versions.len() as u32
    }

    /// The layer and record of a version.
    pub(crate) fn record(&self, version: u32) -> Option<(usize, &LayerFacts, u32, &Record)> {
        let layer = self.starts.partition_point(|&start| start <= version).checked_sub(1)?;
        let facts = self.layers.get(layer)?.as_deref()?;
        let number = version - self.starts.get(layer)?;
        Some((layer, facts, number, facts.records.get(number as usize)?))
    }

    /// The version of a layer's record.
    pub(crate) fn version_of(&self, layer: usize, record: u32) -> Option<u32> {
        Some(self.starts.get(layer)? + record)
    }

    pub(crate) fn content(&self, version: u32) -> u32 {
        self.versions.get(version as usize).map_or(version, |version| version.content)
    }

    pub(crate) fn is_used(&self, version: u32) -> bool {
        self.used.get(version as usize / 64).is_some_and(|bits| bits >> (version % 64) & 1 == 1)
    }

    pub(crate) fn state(&self, version: u32) -> State {
        match self.versions.get(version as usize) {
            Some(&Version { ended_by: NO_LAYER, .. }) | None => State::Present,
            Some(&Version { ended_by, is_replaced: true, .. }) => State::Replaced { by: usize::from(ended_by) },
            Some(&Version { ended_by, .. }) => State::Deleted { by: usize::from(ended_by) },
        }
    }

    /// The version that is left under a path, links followed inside the root.
    pub(crate) fn find(&self, path: &[u8]) -> Option<u32> {
        let node = self.walk(ROOT, path).ok()?;
        self.nodes.get(node as usize).map(|node| node.version).filter(|&version| version != NONE)
    }

    /// The version that is left under a path, without following a link in its last part.
    pub(crate) fn find_link(&self, path: &[u8]) -> Option<u32> {
        let (folder, name) = match path.iter().rposition(|&byte| byte == b'/') {
            Some(slash) => (&path[..slash], &path[slash + 1..]),
            None => (&path[..0], path),
        };
        let node = self.child(self.walk(ROOT, folder).ok()?, name)?;
        self.nodes.get(node as usize).map(|node| node.version).filter(|&version| version != NONE)
    }

    fn mark_used(&mut self) {
        self.used = vec![0; self.versions.len().div_ceil(64)];
        for version in self.versions.iter().filter(|version| version.ended_by == NO_LAYER && version.node != NONE) {
            if let Some(bits) = self.used.get_mut(version.content as usize / 64) {
                *bits |= 1 << (version.content % 64);
            }
        }
    }

    fn node(&self, node: u32) -> Node {
        // Every number of a node was handed out by `add`.
        self.nodes[node as usize]
    }

    fn name(&self, node: u32) -> &[u8] {
        let Node { layer, name, .. } = self.node(node);
        match self.layers.get(usize::from(layer)) {
            Some(Some(facts)) if node != ROOT => facts.paths.name(name),
            _ => &[],
        }
    }

    fn kind(&self, node: u32) -> RecordKind {
        // A hard link is what its target is.
        let version = self.node(node).version;
        self.record(self.content(version)).map_or(RecordKind::Directory, |(_, _, _, record)| record.kind)
    }

    fn is_folder(&self, node: u32) -> bool {
        let Node { version, first_child, .. } = self.node(node);
        first_child != GONE && (version == NONE || self.kind(node) == RecordKind::Directory)
    }

    fn child(&self, parent: u32, name: &[u8]) -> Option<u32> {
        let hash = self.hasher.hash_one((parent, name));
        self.table.find(hash, |&node| self.node(node).parent == parent && self.name(node) == name).copied()
    }

    fn add(&mut self, parent: u32, layer: usize, name: u32, version: u32) -> u32 {
        let node = self.nodes.len() as u32;
        let next_sibling = self.node(parent).first_child;
        self.nodes.push(Node { parent, name, layer: layer as u16, first_child: NONE, next_sibling, version });
        self.nodes[parent as usize].first_child = node;
        let hash = self.hasher.hash_one((parent, self.name(node)));
        let mut table = std::mem::take(&mut self.table);
        table.insert_unique(hash, node, |&node| self.hasher.hash_one((self.node(node).parent, self.name(node))));
        self.table = table;
        node
    }

    fn end(&mut self, version: u32, by: usize, is_replaced: bool) {
        if let Some(version) = self.versions.get_mut(version as usize) {
            version.ended_by = by as u16;
            version.is_replaced = is_replaced;
        }
    }

    /// Takes everything below a node out of the tree.
    fn clear(&mut self, node: u32, by: usize, is_replaced: bool) {
        let first = std::mem::replace(&mut self.nodes[node as usize].first_child, NONE);
        let mut pending = vec![first];
        while let Some(mut at) = pending.pop() {
            while at != NONE {
                let Node { first_child, next_sibling, version, .. } = self.node(at);
                if first_child != GONE {
                    self.forget(at, by, is_replaced, version);
                    pending.push(first_child);
                }
                at = next_sibling;
            }
        }
    }

    /// Takes a node and everything below it out of the tree. Its parent's list still has it, as one that is gone.
    fn remove(&mut self, node: u32, by: usize, is_replaced: bool) {
        self.clear(node, by, is_replaced);
        self.forget(node, by, is_replaced, self.node(node).version);
    }

    fn forget(&mut self, node: u32, by: usize, is_replaced: bool, version: u32) {
        self.end(version, by, is_replaced);
        let hash = self.hasher.hash_one((self.node(node).parent, self.name(node)));
        if let Ok(entry) = self.table.find_entry(hash, |&other| other == node) {
            entry.remove();
        }
        self.nodes[node as usize].first_child = GONE;
    }

    /// Follows a path from a folder, and every link on it, without leaving the root.
    fn walk(&self, from: u32, path: &[u8]) -> Result<u32, Stop> {
        /// As many as Linux follows.
        const MOST_LINKS: u32 = 40;
        let mut links = 0;
        let mut at = from;
        // The parts that are still to be gone, the next one last.
        let mut parts: Vec<&[u8]> = path.rsplit(|&byte| byte == b'/').collect();
        while let Some(part) = parts.pop() {
            match part {
                b"" | b"." => continue,
                b".." => {
                    at = self.node(at).parent;
                    continue;
                }
                _ => {}
            }
            let next = self.child(at, part).ok_or(Stop::Missing)?;
            if self.kind(next) != RecordKind::Symlink || self.node(next).version == NONE {
                at = next;
                continue;
            }
            let Some((_, facts, _, record)) = self.record(self.content(self.node(next).version)) else {
                return Err(Stop::Missing);
            };
            let target = facts.paths.text(record.link);
            let steps = self.steps.get().saturating_sub(target.len() as u64 + 1);
            self.steps.set(steps);
            links += 1;
            if links > MOST_LINKS || steps == 0 {
                return Err(Stop::Loop);
            }
            if target.starts_with(b"/") {
                at = ROOT;
            }
            parts.extend(target.rsplit(|&byte| byte == b'/'));
        }
        Ok(at)
    }
}

/// One layer being laid over those below it.
struct Layering<'a> {
    fs: &'a mut RootFs,
    facts: &'a LayerFacts,
    number: usize,
    /// For each path of the layer the folder that it leads to, and when that was found out.
    memo: Vec<(u32, u32)>,
    /// Counts how often a link was replaced, after which paths may lead elsewhere.
    generation: u32,
}

impl Layering<'_> {
    fn apply(mut self, issues: &mut Vec<Issue>) {
        let first = self.fs.versions.len() as u32;
        for number in 0..self.facts.records.len() as u32 {
            let version = Version { node: NONE, content: first + number, ended_by: NO_LAYER, is_replaced: false };
            self.fs.versions.push(version);
        }
        // Whiteouts hide what lower layers have, never what their own layer has, wherever in it they stand.
        for record in &self.facts.records {
            match record.kind {
                RecordKind::Whiteout => self.whiteout(record),
                RecordKind::Opaque => {
                    if let Ok(folder) = self.fs.walk(ROOT, &self.facts.paths.path(record.path)) {
                        self.fs.clear(folder, self.number, false);
                    }
                }
                _ => {}
            }
        }
        for (number, record) in self.facts.records.iter().enumerate() {
            if !matches!(record.kind, RecordKind::Whiteout | RecordKind::Opaque) {
                self.entry(first + number as u32, record, issues);
            }
        }
    }

    fn whiteout(&mut self, record: &Record) {
        let paths = &self.facts.paths;
        let Ok(folder) = self.fs.walk(ROOT, &paths.path(paths.parent(record.path))) else { return };
        if let Some(node) = self.fs.child(folder, paths.name(record.path)) {
            self.fs.remove(node, self.number, false);
        }
    }

    fn entry(&mut self, version: u32, record: &Record, issues: &mut Vec<Issue>) {
        let is_folder = record.kind == RecordKind::Directory;
        if record.kind == RecordKind::HardLink {
            match self.target(record.link) {
                Some(content) => self.fs.versions[version as usize].content = content,
                None => issues.push(self.issue(
                    IssueKind::DanglingHardLink,
                    record.path,
                    "a hard link to a file that is not there: other readers refuse the layer",
                )),
            }
        }
        if record.path == ROOT {
            if is_folder && !self.repeats(self.fs.node(ROOT).version, version) {
                let old = std::mem::replace(&mut self.fs.nodes[ROOT as usize].version, version);
                self.fs.end(old, self.number, true);
                self.fs.versions[version as usize].node = ROOT;
            }
            return;
        }
        let folder = self.folder(self.facts.paths.parent(record.path), issues);
        let node = match self.fs.child(folder, self.facts.paths.name(record.path)) {
            None => self.fs.add(folder, self.number, record.path, version),
            Some(node) => {
                let old = self.fs.node(node).version;
                if self.repeats(old, version) {
                    return;
                }
                // A folder over a folder is the same folder with another owner and mode.
                if !(is_folder && self.fs.is_folder(node)) {
                    if self.fs.kind(node) == RecordKind::Symlink {
                        self.generation += 1;
                    }
                    self.fs.clear(node, self.number, true);
                }
                self.fs.end(old, self.number, true);
                self.fs.nodes[node as usize].version = version;
                node
            }
        };
        self.fs.versions[version as usize].node = node;
    }

    /// Whether a version is a folder just as it was. Layers list the folders of all that they change, so that a folder is
    /// the work of the layer that had it first like this; the repetition ends at once.
    fn repeats(&mut self, old: u32, version: u32) -> bool {
        let folder = |version| {
            let (.., record) = self.fs.record(version)?;
            (record.kind == RecordKind::Directory).then_some((record.mode, record.uid, record.gid))
        };
        let is_repeated = folder(old).is_some_and(|old| folder(version) == Some(old));
        if is_repeated {
            self.fs.end(version, self.number, true);
        }
        is_repeated
    }

    /// The version that has the content of a hard link's target.
    fn target(&self, path: u32) -> Option<u32> {
        let paths = &self.facts.paths;
        let folder = self.fs.walk(ROOT, &paths.path(paths.parent(path))).ok()?;
        let node = self.fs.child(folder, paths.name(path))?;
        (!self.fs.is_folder(node)).then(|| self.fs.content(self.fs.node(node).version))
    }

    /// The folder that a path of this layer leads to. What is missing on the way is made, and what is in the way is
    /// replaced, as engines do.
    fn folder(&mut self, path: u32, issues: &mut Vec<Issue>) -> u32 {
        let paths = &self.facts.paths;
        let mut missing = Vec::new();
        let mut at = path;
        let mut folder = ROOT;
        while at != ROOT {
            match self.memo.get(at as usize) {
                Some(&(node, when)) if node != NONE && when == self.generation && self.fs.is_folder(node) => {
                    folder = node;
                    break;
                }
                _ => missing.push(at),
            }
            at = paths.parent(at);
        }
        while let Some(path) = missing.pop() {
            folder = self.enter(folder, path, issues);
            self.memo[path as usize] = (folder, self.generation);
        }
        folder
    }

    fn enter(&mut self, folder: u32, path: u32, issues: &mut Vec<Issue>) -> u32 {
        let name = self.facts.paths.name(path);
        let Some(node) = self.fs.child(folder, name) else { return self.fs.add(folder, self.number, path, NONE) };
        if self.fs.is_folder(node) {
            return node;
        }
        if self.fs.kind(node) == RecordKind::Symlink {
            match self.fs.walk(folder, name) {
                Ok(target) if self.fs.is_folder(target) => return target,
                Err(Stop::Loop) => issues.push(self.issue(
                    IssueKind::LinkLoop,
                    path,
                    "a path through links that lead nowhere: other readers refuse the layer",
                )),
                _ => {}
            }
            self.generation += 1;
        }
        self.fs.end(self.fs.node(node).version, self.number, true);
        self.fs.nodes[node as usize].version = NONE;
        node
    }

    fn issue(&self, kind: IssueKind, path: u32, message: &str) -> Issue {
        let subject = shown(&self.facts.paths.path(path));
        Issue { kind, layer: Some(self.number), subject, message: message.to_owned() }
    }
}
