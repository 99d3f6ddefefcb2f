use crate::Confidence;
use crate::shape::Shape;

/// A kind of secret, as `kinds.txt` describes it.
#[non_exhaustive]
pub struct Kind {
    /// Its id, in kebab-case.
    pub id: &'static str,
    /// What it is, such as "GitHub personal access token".
    pub name: &'static str,
    /// How sure a match is that nothing else speaks for or against.
    pub confidence: Confidence,
    /// The ids that gitleaks has for it.
    pub gitleaks: Vec<&'static str>,
    /// The forms that its values have.
    pub(crate) shapes: Vec<Shape>,
    /// Words one of which must stand near a value; none where the form alone tells it.
    pub(crate) near: Vec<&'static str>,
    /// Literals by which a form is found that has no rare beginning.
    pub(crate) anchors: Vec<&'static str>,
    /// What a value must pass besides its form.
    pub(crate) check: Check,
}

impl Kind {
    /// Whether only a name near a value, or the URL around it, tells it.
    pub(crate) fn is_told_by_name(&self) -> bool {
        !self.near.is_empty() || matches!(self.id, "password-assignment" | "secret-assignment" | "url-password")
    }

    /// Whether a value shows by its own form, wherever it stands and whatever its name: tokens with a prefix, private
    /// keys; not passwords, nor what only a name near it tells.
    pub fn is_told_by_form(&self) -> bool {
        !self.shapes.is_empty() && self.near.is_empty() || matches!(self.id, "private-key" | "putty-private-key")
    }
}

/// What a value must pass besides its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Its bytes vary as those of a drawn text do, and no word says that it is an example.
    Varied,
    /// As [`Check::Varied`], and letters and digits stand in turn: for forms that identifiers have too.
    Mixed,
    /// As mixed, and its bytes change their class more often than those of a name in CamelCase.
    Drawn,
    /// No word says that it is an example.
    Form,
    /// Its last six characters are a checksum; a wrong one makes it a low guess.
    Checksum,
    /// An AWS access key id.
    Aws,
    /// A JSON web token.
    Jwt,
}

impl Check {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "varied" => Self::Varied,
            "mixed" => Self::Mixed,
            "drawn" => Self::Drawn,
            "form" => Self::Form,
            "checksum" => Self::Checksum,
            "aws" => Self::Aws,
            "jwt" => Self::Jwt,
            _ => return None,
        })
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Kind").field(&self.id).finish()
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Kind {}

/// The table that reviewers read, `src/kinds.txt`, without comments and examples.
pub(crate) const TABLE: &str = include_str!(concat!(env!("OUT_DIR"), "/kinds.txt"));

/// Reads the table. What it cannot read it passes over: a test holds that there is none.
pub(crate) fn parse(table: &'static str) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::with_capacity(320);
    for line in table.lines() {
        if let Some(id) = line.strip_prefix("= ") {
            kinds.push(Kind {
                id,
                name: id,
                confidence: Confidence::High,
                gitleaks: Vec::new(),
                shapes: Vec::new(),
                near: Vec::new(),
                anchors: Vec::new(),
                check: Check::Varied,
            });
        } else if let (Some(kind), Some((key, value))) = (kinds.last_mut(), line.split_once(": ")) {
            read(kind, key, value);
        }
    }
    kinds
}

/// Takes over a line of the table; `None` where it is not well formed.
pub(crate) fn read(kind: &mut Kind, key: &str, value: &'static str) -> Option<()> {
    match key {
        "what" => kind.name = value,
        "confidence" => {
            kind.confidence = match value {
                "low" => Confidence::Low,
                "medium" => Confidence::Medium,
                "high" => Confidence::High,
                _ => return None,
            }
        }
        "gitleaks" => kind.gitleaks = value.split(' ').collect(),
        "shape" => kind.shapes.push(Shape::parse(value)?),
        "near" => kind.near = value.split(' ').collect(),
        "anchor" => kind.anchors.push(value),
        "check" => kind.check = Check::parse(value)?,
        _ => return None,
    }
    Some(())
}
