use granit_parser::{ErrorKind, Event, Parser, ScalarStyle};
use plimsoll_base::Span;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A YAML text as a tree in which every node knows its place. Aliases are kept as such, so that the tree is never
/// larger than its text.
#[derive(Debug, Clone, Default)]
pub struct Yaml<'t> {
    nodes: Vec<Node<'t>>,
    /// How many of the nodes are of this text; behind them stand those of other texts.
    own: usize,
    /// Values that take the place of others instead of being merged with them (`!override`).
    overrides: HashSet<NodeId>,
    /// The nodes at the top of the text's documents.
    pub roots: Vec<NodeId>,
    /// The comments, by rising place.
    pub comments: Vec<Comment<'t>>,
    /// Keys that their mapping has already.
    pub duplicates: Vec<Duplicate>,
}

/// A node's position in its [`Yaml`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

/// A node.
#[derive(Debug, Clone)]
pub struct Node<'t> {
    /// Where it stands, with all that is in it.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind<'t>,
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum NodeKind<'t> {
    /// A scalar: its text with escapes resolved, and whether it stands without quotes.
    Scalar(Cow<'t, str>, bool),
    /// A sequence.
    Sequence(Vec<NodeId>),
    /// A mapping: keys and values in their order.
    Mapping(Vec<(NodeId, NodeId)>),
    /// An alias of a node that stands before it.
    Alias(NodeId),
    /// A value that Compose takes away (`!reset`).
    Reset,
}

/// A comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comment<'t> {
    /// Where it stands, `#` included.
    pub span: Span,
    /// What stands behind the `#`.
    pub text: &'t str,
}

/// A key that its mapping has already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The key.
    pub key: String,
    /// Where it stands again.
    pub span: Span,
    /// Where it stands first.
    pub first: Span,
}

/// Why a text is no YAML that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct YamlError {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1 in characters.
    pub column: u32,
    /// One line for a person, lower case.
    pub message: String,
}

/// The most nodes that a text may have. No file that people write comes near it; it bounds the memory.
const MOST_NODES: usize = 1 << 20;

impl<'t> Yaml<'t> {
    /// Reads a text. JSON is YAML too.
    pub fn parse(text: &'t str) -> Result<Self, YamlError> {
        Builder::new(text).build()
    }

    /// A node, aliases followed to what they stand for.
    pub fn node(&self, mut id: NodeId) -> &Node<'t> {
        // An alias stands for a node before it, so this ends.
        loop {
            let node = self.raw(id);
            match node.kind {
                NodeKind::Alias(target) => id = target,
                _ => return node,
            }
        }
    }

    /// A node as it stands in the text.
    pub fn raw(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id.0 as usize]
    }

    /// All nodes as they stand in the text, each once.
    pub fn nodes(&self) -> &[Node<'t>] {
        &self.nodes[..self.own]
    }

    /// Whether nothing of what a value would be merged with counts (`!override`, `!reset`).
    pub(crate) fn stands_alone(&self, id: NodeId) -> bool {
        self.overrides.contains(&id) || matches!(self.raw(id).kind, NodeKind::Reset)
    }

    /// Takes the nodes of another text over, as if it stood from `start` on, behind this text's end. Gives its roots;
    /// `None` where there is no more room.
    pub(crate) fn absorb(&mut self, other: Yaml<'_>, start: u32) -> Option<Vec<NodeId>> {
        let first = self.nodes.len() as u32;
        if self.nodes.len() + other.nodes.len() > MOST_NODES {
            return None;
        }
        let moved = |id: NodeId| NodeId(id.0 + first);
        self.nodes.extend(other.nodes.into_iter().map(|node| Node {
            span: Span::new(node.span.start + start, node.span.end + start),
            kind: match node.kind {
                NodeKind::Scalar(text, plain) => NodeKind::Scalar(Cow::Owned(text.into_owned()), plain),
                NodeKind::Sequence(items) => NodeKind::Sequence(items.into_iter().map(moved).collect()),
                NodeKind::Mapping(pairs) => {
                    NodeKind::Mapping(pairs.into_iter().map(|(key, value)| (moved(key), moved(value))).collect())
                }
                NodeKind::Alias(target) => NodeKind::Alias(moved(target)),
                NodeKind::Reset => NodeKind::Reset,
            },
        }));
        self.overrides.extend(other.overrides.into_iter().map(moved));
        Some(other.roots.into_iter().map(moved).collect())
    }

    /// The text of a scalar; `None` for other nodes.
    pub fn text(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            NodeKind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The value of a key of a mapping that stands there as it is, without merge keys.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        let NodeKind::Mapping(entries) = &self.node(id).kind else { return None };
        entries.iter().find(|(name, _)| self.text(*name) == Some(key)).map(|(_, value)| *value)
    }
}

/// A collection that is not closed yet.
struct Open {
    id: NodeId,
    /// Children in their order: items, or keys and values by turns.
    children: Vec<NodeId>,
    is_mapping: bool,
    is_reset: bool,
}

struct Builder<'t> {
    text: &'t str,
    yaml: Yaml<'t>,
    anchors: HashMap<usize, NodeId>,
    open: Vec<Open>,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, yaml: Yaml::default(), anchors: HashMap::new(), open: Vec::new() }
    }

    fn build(mut self) -> Result<Yaml<'t>, YamlError> {
        // A licence at the top of a file is a long comment.
        let options = granit_parser::options! { max_buffered_comment_events: 1 << 20 };
        for event in Parser::new_from_str_with_options(self.text, options) {
            let (event, place) = event.map_err(|error| YamlError {
                line: u32::try_from(error.marker().line()).unwrap_or(u32::MAX),
                column: u32::try_from(error.marker().col()).unwrap_or(u32::MAX).saturating_add(1),
                message: message_of(error.kind()),
            })?;
            let range = place.byte_range().unwrap_or_default();
            let span = Span::from(range);
            let is_tagged = |name: &str| event.tag().is_some_and(|tag| tag.handle() == "!" && tag.suffix() == name);
            let (is_reset, is_override) = (is_tagged("reset"), is_tagged("override"));
            match event {
                Event::Scalar(text, style, anchor, _) => {
                    let kind =
                        if is_reset { NodeKind::Reset } else { NodeKind::Scalar(text, style == ScalarStyle::Plain) };
                    let id = self.add(trimmed(self.text, span), kind)?;
                    self.yaml.overrides.extend(is_override.then_some(id));
                    self.anchors.insert(anchor, id);
                }
                Event::SequenceStart(_, anchor, _) | Event::MappingStart(_, anchor, _) => {
                    let is_mapping = matches!(event, Event::MappingStart(..));
                    let id = self.add(span, NodeKind::Sequence(Vec::new()))?;
                    self.yaml.overrides.extend(is_override.then_some(id));
                    self.anchors.insert(anchor, id);
                    self.open.push(Open { id, children: Vec::new(), is_mapping, is_reset });
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(span),
                Event::Alias(anchor) => {
                    let target = self.anchors.get(&anchor).copied();
                    let target = target.filter(|target| !self.open.iter().any(|open| open.id == *target));
                    let Some(target) = target else {
                        return Err(self.fail(span, "an anchor stands for something that holds itself"));
                    };
                    self.add(span, NodeKind::Alias(target))?;
                }
                Event::Comment(_, _) => {
                    let text = span.text(self.text);
                    self.yaml.comments.push(Comment { span, text: text.strip_prefix('#').unwrap_or(text) });
                }
                _ => {}
            }
        }
        self.yaml.comments.sort_by_key(|comment| comment.span);
        self.yaml.duplicates.sort_by_key(|duplicate| duplicate.span);
        self.yaml.own = self.yaml.nodes.len();
        Ok(self.yaml)
    }

    fn add(&mut self, span: Span, kind: NodeKind<'t>) -> Result<NodeId, YamlError> {
        if self.yaml.nodes.len() >= MOST_NODES {
            return Err(self.fail(span, &format!("more than {MOST_NODES} values")));
        }
        let id = NodeId(self.yaml.nodes.len() as u32);
        self.yaml.nodes.push(Node { span, kind });
        match self.open.last_mut() {
            Some(open) => open.children.push(id),
            None => self.yaml.roots.push(id),
        }
        Ok(id)
    }

    fn close(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        let start = self.yaml.nodes[open.id.0 as usize].span;
        // Block collections have no end of their own: they end with what is last in them.
        let last = open.children.last().map_or(start.end, |last| self.yaml.raw(*last).span.end);
        let end = if end.is_empty() { last.max(start.end) } else { end.end };
        let kind = match (open.is_reset, open.is_mapping) {
            (true, _) => NodeKind::Reset,
            (false, false) => NodeKind::Sequence(open.children),
            (false, true) => {
                let pairs = open.children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>();
                self.note_duplicates(&pairs);
                NodeKind::Mapping(pairs)
            }
        };
        self.yaml.nodes[open.id.0 as usize] = Node { span: Span::new(start.start, end.max(start.start)), kind };
    }

    fn note_duplicates(&mut self, pairs: &[(NodeId, NodeId)]) {
        let mut seen = HashMap::with_capacity(pairs.len());
        let mut found = Vec::new();
        for &(key, _) in pairs {
            let Some(text) = self.yaml.text(key) else { continue };
            let span = self.yaml.raw(key).span;
            match seen.get(text) {
                Some(&first) => found.push(Duplicate { key: text.to_owned(), span, first }),
                None => drop(seen.insert(text, span)),
            }
        }
        self.yaml.duplicates.extend(found);
    }

    fn fail(&self, span: Span, message: &str) -> YamlError {
        let before = self.text.get(..span.start as usize).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        YamlError {
            line: before.bytes().filter(|&byte| byte == b'\n').count() as u32 + 1,
            column: before[start..].chars().count() as u32 + 1,
            message: message.to_owned(),
        }
    }
}

/// What the parser says, without the words of the input that it may quote.
fn message_of(kind: &ErrorKind) -> String {
    format!("not YAML: {kind}")
}

/// A scalar's place without the line break at its end, which block scalars have.
fn trimmed(text: &str, span: Span) -> Span {
    let kept = span.text(text).trim_end().len() as u32;
    Span::new(span.start, span.start + kept)
}

/// Whether a text is a mapping with the key `services` at its top.
pub(crate) fn has_services(yaml: &Yaml<'_>) -> bool {
    let keys: HashSet<&str> = yaml.roots.iter().flat_map(|root| keys(yaml, *root)).collect();
    keys.contains("services")
}

fn keys<'y>(yaml: &'y Yaml<'_>, id: NodeId) -> Vec<&'y str> {
    match &yaml.node(id).kind {
        NodeKind::Mapping(entries) => entries.iter().filter_map(|(key, _)| yaml.text(*key)).collect(),
        _ => Vec::new(),
    }
}
