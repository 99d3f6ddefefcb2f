use crate::{Confidence, ImagePlace, RuleMeta, Severity};
use plimsoll_base::Span;

/// One thing that a rule found, at one place in a text, an image or a target of a host audit.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static RuleMeta,
    /// How much it matters: the rule's severity, unless the check or the selection set another one.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// One line for a person: lower case, no final dot, never a secret's value.
    pub message: String,
    /// The words that are wrong.
    pub span: Span,
    /// The instruction that holds it; absent outside of instructions.
    pub instruction: Option<Span>,
    /// Where in an image it stands; absent elsewhere.
    pub image: Option<Box<ImagePlace>>,
    /// Other places that explain it.
    pub related: Vec<Related>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
    /// Which of the rule's aliases this finding meets.
    pub aliases: Aliases,
    /// Whether only those who asked for a peer's check, or for this rule by name, see it: the presets of our own
    /// leave it out.
    pub quiet: bool,
    /// Whether the presets of peers leave it out though it meets an alias of theirs: the peer does not look there.
    pub beyond_peers: bool,
    /// Whether the recommended preset leaves it out, though it holds the rule.
    pub strict: bool,
    /// The finding's name across edits; empty until the engine sets it.
    pub fingerprint: String,
}

impl Finding {
    /// A finding with the rule's own severity, confidence and aliases.
    pub fn new(rule: &'static RuleMeta, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            confidence: rule.confidence,
            message: message.into(),
            span,
            instruction: None,
            image: None,
            related: Vec::new(),
            fixes: Vec::new(),
            aliases: Aliases::all(rule),
            quiet: false,
            beyond_peers: false,
            strict: false,
            fingerprint: String::new(),
        }
    }

    /// Sets the severity for this finding.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Sets the confidence for this finding.
    pub fn confidence(&mut self, confidence: Confidence) -> &mut Self {
        self.confidence = confidence;
        self
    }

    /// Adds another place that explains the finding.
    pub fn related(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.related.push(Related { span, message: message.into() });
        self
    }

    /// Adds a way to mend it. A fix whose edits overlap is dropped (and is a bug, which debug builds report).
    pub fn fix(&mut self, fix: Fix) -> &mut Self {
        let sound = fix.edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start);
        debug_assert!(sound, "edits of `{}` overlap or are not sorted", fix.title);
        if sound && !fix.edits.is_empty() {
            self.fixes.push(fix);
        }
        self
    }

    /// Keeps only those of the rule's aliases that `keep` accepts: the ones whose own condition the finding meets.
    pub fn only_aliases(&mut self, keep: impl Fn(&str) -> bool) -> &mut Self {
        self.aliases.retain(self.rule, keep);
        self
    }

    /// Takes some of the rule's aliases off the finding, because it does not meet their own condition.
    pub fn without_aliases(&mut self, aliases: &[&str]) -> &mut Self {
        self.only_aliases(|alias| !aliases.contains(&alias))
    }

    /// Leaves the finding to those who asked for a peer's check or for this rule by name.
    pub fn quiet(&mut self) -> &mut Self {
        self.quiet = true;
        self
    }

    /// Leaves the finding out of the presets of peers, which do not look at its place. It keeps its aliases, which
    /// select and silence it elsewhere.
    pub fn beyond_peers(&mut self) -> &mut Self {
        self.beyond_peers = true;
        self
    }

    /// The aliases that the finding meets, in the rule's order.
    pub fn alias_names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.aliases.names(self.rule)
    }
}

/// Some of a rule's aliases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Aliases(u32);

impl Aliases {
    /// All of them.
    pub fn all(rule: &RuleMeta) -> Self {
        Self(match rule.aliases.len() {
            0 => 0,
            count => u32::MAX >> (32 - count.min(32)),
        })
    }

    /// None of them.
    pub const NONE: Self = Self(0);

    /// Adds the alias at a position of [`RuleMeta::aliases`].
    pub fn insert(&mut self, position: usize) {
        self.0 |= 1 << position.min(31);
    }

    /// Whether both have one in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Keeps those that `keep` accepts.
    pub fn retain(&mut self, rule: &RuleMeta, keep: impl Fn(&str) -> bool) {
        for (position, alias) in rule.aliases.iter().enumerate() {
            if !keep(alias) {
                self.0 &= !(1 << position.min(31));
            }
        }
    }

    /// Their names, in the rule's order.
    pub fn names(self, rule: &'static RuleMeta) -> impl Iterator<Item = &'static str> {
        rule.aliases.iter().enumerate().filter(move |&(position, _)| self.0 >> position & 1 == 1).map(|(_, name)| *name)
    }

    /// Their positions in [`RuleMeta::aliases`].
    pub fn positions(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |position| self.0 >> position & 1 == 1)
    }
}

/// Another place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The words.
    pub span: Span,
    /// What they have to do with it.
    pub message: String,
}

/// A way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, an imperative: "replace `ADD` with `COPY`".
    pub title: String,
    /// Whether it keeps the meaning.
    pub safety: Safety,
    /// The edits, sorted and apart from each other.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps what the build does, or only mends what is plainly broken.
    pub fn safe(title: impl Into<String>, edits: impl IntoEdits) -> Self {
        Self { title: title.into(), safety: Safety::Safe, edits: edits.into_edits() }
    }

    /// A fix that may change what the build does; a person should look at it.
    pub fn unsafe_(title: impl Into<String>, edits: impl IntoEdits) -> Self {
        Self { title: title.into(), safety: Safety::Unsafe, edits: edits.into_edits() }
    }
}

/// One edit or several, sorted by place.
pub trait IntoEdits {
    /// The edits, sorted.
    fn into_edits(self) -> Vec<Edit>;
}

impl IntoEdits for Edit {
    fn into_edits(self) -> Vec<Edit> {
        vec![self]
    }
}

impl IntoEdits for Vec<Edit> {
    fn into_edits(mut self) -> Vec<Edit> {
        self.sort_by_key(|edit| edit.span);
        self
    }
}

/// Whether a fix keeps the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// Applied by `--fix`.
    Safe,
    /// Applied by `--fix-unsafe` only.
    Unsafe,
}

impl Safety {
    /// The word that stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
        }
    }
}

/// Replaces the text under a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    /// Replaces the text under `span`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts text before the byte at `offset`.
    pub fn insert(offset: u32, text: impl Into<String>) -> Self {
        Self { span: Span::empty(offset), text: text.into() }
    }

    /// Deletes the text under `span`.
    pub fn delete(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}
