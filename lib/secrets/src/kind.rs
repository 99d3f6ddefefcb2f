use crate::Confidence;
use crate::shape::Shape;
use std::sync::OnceLock;

/// A kind of secret, as `kinds.txt` describes it.
#[derive(Debug)]
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
    pub(crate) shapes: Vec<Shape>,
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Kind {}

/// All kinds, in the table's order.
pub fn kinds() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| parse(TABLE))
}

/// The table that reviewers read.
pub(crate) const TABLE: &str = include_str!("kinds.txt");

/// Reads the table. Lines that it does not know are left to the tests, which refuse them.
fn parse(table: &'static str) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for line in table.lines() {
        if let Some(id) = line.strip_prefix("= ") {
            let kind = Kind { id, name: id, confidence: Confidence::High, gitleaks: Vec::new(), shapes: Vec::new() };
            kinds.push(kind);
        } else if let (Some(kind), Some((key, value))) = (kinds.last_mut(), line.split_once(": ")) {
            match key {
                "what" => kind.name = value,
                "confidence" => {
                    kind.confidence = match value {
                        "low" => Confidence::Low,
                        "medium" => Confidence::Medium,
                        _ => Confidence::High,
                    }
                }
                "gitleaks" => kind.gitleaks = value.split(' ').collect(),
                "shape" => kind.shapes.extend(Shape::parse(value)),
                _ => {}
            }
        }
    }
    kinds
}
