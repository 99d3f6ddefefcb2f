use crate::options::HostOptions;
use plimsoll_engine::{Answer, Risk, RuleMeta, Severity, Step};
use plimsoll_host::{Container, Facts, Image, Network, Unknown};

/// A rule on hosts: what it says of itself, and its check.
#[derive(Debug)]
pub struct HostRule {
    /// Id, documentation, severity, aliases.
    pub meta: RuleMeta,
    /// The check, for the kind of target that it answers for. Checks keep no state.
    pub check: HostCheck,
    /// What it says of services in Compose files, where it is a rule on containers that has something to say of them.
    pub compose: Option<ComposeSide>,
}

/// A rule on containers as a rule on services of Compose files: the same check, with presets of its own.
#[derive(Debug)]
pub struct ComposeSide {
    /// The rule's own metadata but for presets and severity.
    pub meta: RuleMeta,
    /// What findings say; what the check has to say of an item stands behind it.
    pub says: &'static str,
}

/// A check and what it is called for.
#[derive(Debug, Clone, Copy)]
#[allow(private_interfaces, reason = "checks are written in this crate only; others hold rules as a whole")]
pub enum HostCheck {
    /// Called once; answers for `host`.
    Host(for<'c> fn(&Cx<'c>) -> Outcome),
    /// Called once; several answers for `host`, each standing for some of the rule's aliases.
    HostEach(for<'c> fn(&Cx<'c>) -> Vec<Verdict>),
    /// Called once; answers for `daemon`.
    Daemon(for<'c> fn(&Cx<'c>) -> Outcome),
    /// Called once; answers for `swarm`.
    Swarm(for<'c> fn(&Cx<'c>) -> Outcome),
    /// Called for each container, running or not.
    Container(for<'c> fn(&Cx<'c>, &'c Container) -> Outcome),
    /// Called for each image.
    Image(for<'c> fn(&Cx<'c>, &'c Image) -> Outcome),
    /// Called for each network.
    Network(for<'c> fn(&Cx<'c>, &'c Network) -> Outcome),
}

/// What a check is given besides the thing that it looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cx<'c> {
    /// All that is known of the host.
    pub(crate) facts: &'c Facts,
    /// The user's options.
    pub(crate) options: &'c HostOptions,
}

/// What a check says; what it could not read is unknown.
pub(crate) type Outcome = Result<Verdict, Unknown>;

/// The answer of a check, with what it rests on.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) answer: Answer,
    pub(crate) evidence: String,
    /// What to do here, where the rule's own remediation is not all that can be said.
    pub(crate) remediation: Option<String>,
    /// Another severity than the rule's.
    pub(crate) severity: Option<Severity>,
    /// The aliases that it stands for; all where it says none.
    pub(crate) aliases: Option<&'static [&'static str]>,
    /// Whether the input made no sense.
    pub(crate) malformed: bool,
    /// What can be done without a person's choice.
    pub(crate) steps: Vec<Step>,
    /// The fields of the container that a failure rests on. In a Compose file each is a finding at its key.
    pub(crate) causes: Vec<Cause>,
}

/// A field of a container that a failure rests on.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    /// The field as `docker inspect` calls it, such as `HostConfig.Privileged`.
    pub(crate) field: &'static str,
    /// The position in its list.
    pub(crate) item: Option<usize>,
    /// What there is to say of the item; may be empty.
    pub(crate) evidence: String,
    /// Another severity than the verdict's.
    pub(crate) severity: Option<Severity>,
    /// Whether the recommended preset leaves it out of Compose files.
    pub(crate) strict: bool,
}

impl Cause {
    /// An item of a list.
    pub(crate) fn item(field: &'static str, item: usize, evidence: impl Into<String>) -> Self {
        Self { field, item: Some(item), evidence: evidence.into(), severity: None, strict: false }
    }
}

impl Verdict {
    fn new(answer: Answer, evidence: impl Into<String>) -> Self {
        let evidence = evidence.into();
        Self {
            answer,
            evidence,
            remediation: None,
            severity: None,
            aliases: None,
            malformed: false,
            steps: Vec::new(),
            causes: Vec::new(),
        }
    }

    /// It is as it should be.
    pub(crate) fn pass(evidence: impl Into<String>) -> Self {
        Self::new(Answer::Pass, evidence)
    }

    /// It is not.
    pub(crate) fn fail(evidence: impl Into<String>) -> Self {
        Self::new(Answer::Fail, evidence)
    }

    /// It is not, for each of these reasons.
    pub(crate) fn fail_for(causes: Vec<Cause>) -> Self {
        let evidence: Vec<&str> = causes.iter().map(|cause| cause.evidence.as_str()).collect();
        Self::fail(evidence.join(", ")).because(causes)
    }

    /// A person decides by the evidence.
    pub(crate) fn manual(evidence: impl Into<String>) -> Self {
        Self::new(Answer::Manual, evidence)
    }

    /// It has no meaning here.
    pub(crate) fn not_applicable(reason: impl Into<String>) -> Self {
        Self::new(Answer::NotApplicable, reason)
    }

    /// It could not be read.
    pub(crate) fn unknown(why: Unknown) -> Self {
        Self { malformed: why.malformed, ..Self::new(Answer::Unknown, why.reason) }
    }

    /// Passes or fails with the same evidence.
    pub(crate) fn passes_if(passes: bool, evidence: impl Into<String>) -> Self {
        if passes { Self::pass(evidence) } else { Self::fail(evidence) }
    }

    /// Sets another severity than the rule's.
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Says which field of the container a failure rests on.
    pub(crate) fn at(mut self, field: &'static str) -> Self {
        let cause = Cause { field, item: None, evidence: String::new(), severity: None, strict: false };
        self.causes.push(cause);
        self
    }

    /// Says which items of the container's lists a failure rests on.
    pub(crate) fn because(mut self, causes: impl IntoIterator<Item = Cause>) -> Self {
        self.causes.extend(causes);
        self
    }

    /// Says what to do here.
    pub(crate) fn remedy(mut self, remediation: impl Into<String>) -> Self {
        self.remediation = Some(remediation.into());
        self
    }

    /// Names what can be done without a person's choice, should it have failed.
    pub(crate) fn steps(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// Names the one key of the daemon's configuration that mends it: its value in JSON, or `None` to take it out.
    pub(crate) fn setting(self, key: &'static str, value: Option<&str>, risk: Risk) -> Self {
        self.steps([Step::Setting { key, value: value.map(str::to_owned), risk }])
    }

    /// Stands for these of the rule's aliases only.
    pub(crate) fn for_aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = Some(aliases);
        self
    }
}

/// Declares a file's rule on hosts as `RULE`. The rule's id is the file's name; the doc comment is the user
/// documentation.
///
/// Headings, in this order: `## What it does`, `## Why is this bad?`, `## Example` (with a `json,fail` fence, or
/// another answer where the rule never fails), `Use instead:` (with a `json,pass` fence), `## Remediation`, and where
/// they say something `## Notes`. The fences hold the files of a bundle by name, and run as tests.
///
/// A rule on containers may speak of Compose files too: `compose` says in which presets, what findings say, and another
/// severity where it has one. Examples stand in `compose,finding` and `compose,clean` fences.
macro_rules! host_rule {
    (
        $(#[doc = $doc:literal])*
        category: $category:ident, severity: $severity:ident, since: $since:literal,
        presets: [$($preset:ident),* $(,)?],
        aliases: [$($alias:literal),* $(,)?],
        check: $kind:ident($check:path) $(,)?
    ) => {
        host_rule! {
            @rule [$(#[doc = $doc])*] Host $category $severity $since [$($preset),*] [$($alias),*] $kind($check) None
        }
    };
    (
        $(#[doc = $doc:literal])*
        category: $category:ident, severity: $severity:ident, since: $since:literal,
        presets: [$($preset:ident),* $(,)?],
        aliases: [$($alias:literal),* $(,)?],
        check: Container($check:path),
        compose: $compose_severity:ident, [$($compose_preset:ident),* $(,)?], $says:literal $(,)?
    ) => {
        host_rule! {
            @rule [$(#[doc = $doc])*] Host $category $severity $since [$($preset),*] [$($alias),*] Container($check)
            Some(crate::host_rule::ComposeSide {
                meta: host_rule!(
                    @meta [$(#[doc = $doc])*] Compose $category $compose_severity $since
                    [$($compose_preset),*] [$($alias),*]
                ),
                says: $says,
            })
        }
    };
    (
        @rule [$(#[doc = $doc:literal])*] $input:ident $category:ident $severity:ident $since:literal
        [$($preset:ident),*] [$($alias:literal),*] $kind:ident($check:path) $compose:expr
    ) => {
        $(#[doc = $doc])*
        pub(crate) static RULE: crate::host_rule::HostRule = crate::host_rule::HostRule {
            meta: host_rule!(
                @meta [$(#[doc = $doc])*] $input $category $severity $since [$($preset),*] [$($alias),*]
            ),
            check: crate::host_rule::HostCheck::$kind($check),
            compose: $compose,
        };
    };
    (
        @meta [$(#[doc = $doc:literal])*] $input:ident $category:ident $severity:ident $since:literal
        [$($preset:ident),*] [$($alias:literal),*]
    ) => {
        rule_meta!(
            $(#[doc = $doc])*
            input: $input,
            category: $category, severity: $severity, confidence: High, since: $since,
            presets: [$($preset),*],
            aliases: [$($alias),*],
            fixable: false,
        )
    };
}
