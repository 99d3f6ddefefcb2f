use std::collections::BTreeMap;

/// What users can set for rules, besides severities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Registries that images may come from, with `*` at the start or the end as wildcard. Empty: any.
    pub trusted_registries: Vec<String>,
    /// The labels that an image must have, and the form of their values.
    pub label_schema: BTreeMap<String, LabelType>,
    /// Whether labels outside the schema are findings.
    pub strict_labels: bool,
    /// How many megabytes of an image later layers may delete or replace; where absent, the rule's own measure.
    pub max_image_waste: Option<u64>,
}

/// What users can set for the audit of hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostOptions {
    /// Users who may be in the group that controls the engine. Empty: a person decides.
    pub trusted_users: Vec<String>,
    /// Ports that containers may publish. Empty: a person decides.
    pub published_ports: Vec<u16>,
    /// Registries that images may come from, as in [`Options::trusted_registries`]. Empty: a person decides.
    pub trusted_registries: Vec<String>,
}

/// The form of a label's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelType {
    /// Anything.
    Text,
    /// An absolute URL (RFC 3986).
    Url,
    /// A version after Semantic Versioning 2.0.0.
    Semver,
    /// A git commit: 7 or 40 hexadecimal digits.
    Hash,
    /// A date and time (RFC 3339).
    Rfc3339,
    /// An SPDX licence expression.
    Spdx,
    /// An e-mail address (RFC 5322).
    Email,
}

impl LabelType {
    /// The type by its name in configuration.
    pub fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "text" | "" => Self::Text,
            "url" => Self::Url,
            "semver" => Self::Semver,
            "hash" => Self::Hash,
            "rfc3339" => Self::Rfc3339,
            "spdx" => Self::Spdx,
            "email" => Self::Email,
            _ => return None,
        })
    }
}
