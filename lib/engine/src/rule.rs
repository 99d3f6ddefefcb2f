use crate::{Confidence, Severity};

/// What a rule says of itself. The check stands beside it, in the crate that knows the input.
#[derive(Debug)]
pub struct RuleMeta {
    /// The kebab-case name, unique: the rule's file name.
    pub id: &'static str,
    /// The user documentation, Markdown: the rule file's doc comment.
    pub doc: &'static str,
    /// What it looks at.
    pub input: Input,
    /// What the rule is about.
    pub category: Category,
    /// The severity of its findings where neither the finding, the preset nor the user says another one.
    pub severity: Severity,
    /// How sure its findings are where the finding does not say.
    pub confidence: Confidence,
    /// The presets of our own that hold it, besides `all`. Presets of peers follow from the aliases.
    pub presets: &'static [OwnPreset],
    /// The version that brought it.
    pub since: &'static str,
    /// Whether it may still change at any time.
    pub status: Status,
    /// Ids of the same check elsewhere: hadolint, BuildKit, trivy, checkov, dockle, docker-bench, ShellCheck.
    /// At most 32.
    pub aliases: &'static [&'static str],
    /// Whether it may offer a fix.
    pub fixable: bool,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Input {
    /// A Dockerfile.
    Dockerfile,
    /// A saved image.
    Image,
    /// A Dockerfile together with the image that was built from it.
    Build,
    /// A host with its engine, containers and swarm.
    Host,
    /// A Compose file.
    Compose,
}

impl Input {
    /// The word that stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => "dockerfile",
            Self::Image => "image",
            Self::Build => "build",
            Self::Host => "host",
            Self::Compose => "compose",
        }
    }
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// The file does not build, or not as written.
    Correctness,
    /// An attacker's way in.
    Security,
    /// A secret's value in plain sight. Peers' "skip everything" comments never silence these.
    Secret,
    /// A build that gives something else tomorrow.
    Reproducibility,
    /// Bytes and time that the image or the build could do without.
    Size,
    /// What an image needs to run well: signals, health, ownership.
    Operations,
    /// Convention and legibility.
    Style,
}

impl Category {
    /// The word that stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::Security => "security",
            Self::Secret => "secret",
            Self::Reproducibility => "reproducibility",
            Self::Size => "size",
            Self::Operations => "operations",
            Self::Style => "style",
        }
    }
}

/// The presets that a rule names itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnPreset {
    /// What a reviewer would thank us for.
    Recommended,
    /// All that bears on security.
    Security,
    /// What the CIS Docker Benchmark asks. Its levels follow from the aliases.
    Cis,
}

/// Whether a rule may still change at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// May change in any release.
    Preview,
    /// Changes in minor releases only.
    Stable,
}

/// The length of the rule id that a source file's path gives: the file's name without `.rs`.
#[doc(hidden)]
pub const fn id_len(path: &str) -> usize {
    path.len() - id_start(path) - ".rs".len()
}

/// The rule id that a source file's path gives, in kebab case. A `const fn`, so that a rule's file name is its id.
#[doc(hidden)]
pub const fn id_bytes<const N: usize>(path: &str) -> [u8; N] {
    let bytes = path.as_bytes();
    let start = id_start(path);
    let mut id = [0; N];
    let mut at = 0;
    while at < N {
        id[at] = if bytes[start + at] == b'_' { b'-' } else { bytes[start + at] };
        at += 1;
    }
    id
}

const fn id_start(path: &str) -> usize {
    let bytes = path.as_bytes();
    let mut at = bytes.len();
    while at > 0 && bytes[at - 1] != b'/' && bytes[at - 1] != b'\\' {
        at -= 1;
    }
    at
}
