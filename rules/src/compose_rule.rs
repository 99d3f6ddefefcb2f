use plimsoll_base::Span;
use plimsoll_compose::Compose;
use plimsoll_engine::{Finding, RuleMeta};

/// A rule that only Compose files have: what it says of itself, and its check.
#[derive(Debug)]
pub(crate) struct ComposeRule {
    /// Id, documentation, severity, aliases.
    pub(crate) meta: RuleMeta,
    /// The check, called once for each file. Checks keep no state.
    pub(crate) check: for<'c> fn(&mut ComposeCx<'c>),
}

/// What a check is given.
pub(crate) struct ComposeCx<'c> {
    /// The file.
    pub(crate) compose: &'c Compose<'c>,
    /// Its text.
    pub(crate) source: &'c str,
    pub(crate) rule: &'static RuleMeta,
    pub(crate) findings: Vec<Finding>,
}

impl ComposeCx<'_> {
    /// Reports a finding at `span`; what is returned takes related places, another severity.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.findings.push(Finding::new(self.rule, span, message));
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }
}

/// Declares a file's rule on Compose files as `RULE`. The rule's id is the file's name; the doc comment is the user
/// documentation, with the headings of rules on Dockerfiles; its examples stand in fences of `compose,finding` and
/// `compose,clean`.
macro_rules! compose_rule {
    ($($rule:tt)*) => {
        plain_rule!(Compose, compose_rule::ComposeRule, $($rule)*);
    };
}
