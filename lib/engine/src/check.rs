use crate::{Aliases, RuleMeta, Severity, Step};

/// The answer of one check for one target of a host audit. Each [`Answer::Fail`] is a finding too.
#[derive(Debug, Clone)]
pub struct Check {
    /// The rule.
    pub rule: &'static RuleMeta,
    /// How much a failure matters.
    pub severity: Severity,
    /// Which of the rule's aliases it stands for.
    pub aliases: Aliases,
    /// The answer.
    pub answer: Answer,
    /// `host`, `daemon`, `swarm`, `container:NAME`, `image:REFERENCE` or `network:NAME`.
    pub target: String,
    /// What was read, where, and its value; secrets masked.
    pub evidence: String,
    /// What to do about it; empty where nothing is to be done.
    pub remediation: String,
    /// What of that can be done without a person's choice; nothing where it did not fail.
    pub steps: Vec<Step>,
}

/// What a check says. Unknown is not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// It is as it should be.
    Pass,
    /// It is not.
    Fail,
    /// What decides it could not be read.
    Unknown,
    /// It has no meaning here; the evidence says why.
    NotApplicable,
    /// A person decides; the evidence gives what that takes.
    Manual,
}

impl Answer {
    /// Every answer.
    pub const ALL: [Self; 5] = [Self::Pass, Self::Fail, Self::Unknown, Self::NotApplicable, Self::Manual];

    /// The word that stands in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
            Self::Manual => "manual",
        }
    }
}
