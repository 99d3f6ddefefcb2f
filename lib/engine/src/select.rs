use crate::{Aliases, Finding, OwnPreset, RuleMeta, Severity, canonical_id};
use globset::{GlobBuilder, GlobMatcher};
use plimsoll_base::nearest;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

/// A named set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// What a reviewer would thank us for.
    Recommended,
    /// All that bears on security.
    Security,
    /// What the CIS Docker Benchmark asks: of images and build files, and of hosts at both levels.
    Cis,
    /// What it asks of hosts and containers at level 1.
    Cis1,
    /// What it asks of hosts and containers at levels 1 and 2.
    Cis2,
    /// What of it the CIS Controls ask of implementation group 1.
    CisIg1,
    /// What of it the CIS Controls ask of implementation group 2.
    CisIg2,
    /// What of it the CIS Controls ask of implementation group 3.
    CisIg3,
    /// hadolint's default set, by its ids and severities.
    Hadolint,
    /// BuildKit's checks.
    Buildkit,
    /// trivy's Dockerfile checks.
    Trivy,
    /// dockle's checkpoints of images.
    Dockle,
    /// Every rule.
    All,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 13] = [
        Self::Recommended,
        Self::Security,
        Self::Cis,
        Self::Cis1,
        Self::Cis2,
        Self::CisIg1,
        Self::CisIg2,
        Self::CisIg3,
        Self::Hadolint,
        Self::Buildkit,
        Self::Trivy,
        Self::Dockle,
        Self::All,
    ];

    /// The word on the command line and in configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Security => "security",
            Self::Cis => "cis",
            Self::Cis1 => "cis-1",
            Self::Cis2 => "cis-2",
            Self::CisIg1 => "cis-ig1",
            Self::CisIg2 => "cis-ig2",
            Self::CisIg3 => "cis-ig3",
            Self::Hadolint => "hadolint",
            Self::Buildkit => "buildkit",
            Self::Trivy => "trivy",
            Self::Dockle => "dockle",
            Self::All => "all",
        }
    }

    /// Whether some finding of the rule is wanted where only this preset is chosen.
    pub fn holds(self, rule: &RuleMeta, peers: Peers) -> bool {
        let listed = || self.checks(peers).iter().any(|(check, _)| rule.aliases.contains(check));
        let grouped =
            || self.group(peers).is_some_and(|group| group.checks.iter().any(|check| rule.aliases.contains(check)));
        self.holds_all_of(rule) || listed() || grouped()
    }

    /// Whether every finding of the rule is wanted.
    fn holds_all_of(self, rule: &RuleMeta) -> bool {
        let own: &[OwnPreset] = match self {
            Self::Recommended => &[OwnPreset::Recommended],
            Self::Security => &[OwnPreset::Security],
            Self::Cis => &[OwnPreset::Cis],
            Self::Cis1 | Self::Cis2 | Self::CisIg1 | Self::CisIg2 | Self::CisIg3 => &[],
            Self::Hadolint | Self::Buildkit | Self::Trivy | Self::Dockle => &[],
            Self::All => return true,
        };
        rule.presets.iter().any(|preset| own.contains(preset))
    }

    /// The peer's checks, where it is a peer's preset.
    fn checks(self, peers: Peers) -> &'static [(&'static str, Severity)] {
        peers.presets.iter().find(|peer| peer.preset == self).map_or(&[], |peer| peer.checks)
    }

    /// The list of checks that it is.
    fn group(self, peers: Peers) -> Option<&'static CheckGroup> {
        peers.groups.iter().find(|group| group.preset == Some(self))
    }
}

impl FromStr for Preset {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|preset| preset.name() == word).ok_or_else(|| {
            let names = Self::ALL.map(Self::name);
            match nearest(word, names) {
                Some(near) => format!("unknown preset `{word}`, did you mean `{near}`?"),
                None => format!("unknown preset `{word}`; there are {}", names.join(", ")),
            }
        })
    }
}

/// What peers have on by default, and their lists of checks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Peers {
    /// Their default sets.
    pub presets: &'static [PeerPreset],
    /// Their lists.
    pub groups: &'static [CheckGroup],
}

/// A named list of checks, which keep the severities of their rules. Its name works wherever an id does.
#[derive(Debug, Clone, Copy)]
pub struct CheckGroup {
    /// The name.
    pub name: &'static str,
    /// The preset that it is, where it is one; its checks are then ids and no globs.
    pub preset: Option<Preset>,
    /// Ids, or globs over them.
    pub checks: &'static [&'static str],
}

/// A peer's set of checks: its ids with the severities that it gives them.
#[derive(Debug, Clone, Copy)]
pub struct PeerPreset {
    /// The preset.
    pub preset: Preset,
    /// The peer's ids that are on, each with its severity.
    pub checks: &'static [(&'static str, Severity)],
}

/// What a user asks for, before it is resolved against the rules. Ids are rule ids, aliases, or globs over both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelectionSpec {
    /// The preset to start from; recommended where it says none.
    pub preset: Option<Preset>,
    /// Instead of the preset's rules.
    pub select: Option<Vec<String>>,
    /// Besides them.
    pub extend_select: Vec<String>,
    /// Removed last.
    pub ignore: Vec<String>,
    /// Severities by id, which win over every other.
    pub severity: Vec<(String, Severity)>,
}

/// Which findings of which rules are wanted, and how loud they are.
#[derive(Debug, Clone)]
pub struct Selection {
    rules: Vec<(&'static RuleMeta, Decision)>,
    groups: &'static [CheckGroup],
}

/// What was decided for one rule.
#[derive(Debug, Clone, Default)]
struct Decision {
    /// Findings are wanted whatever aliases they meet.
    whole: bool,
    /// Quiet findings are wanted too.
    loud: bool,
    /// Findings are wanted because the recommended preset holds the rule: strict ones are not.
    lenient: bool,
    /// Findings that meet one of these aliases are wanted.
    wanted: Aliases,
    /// Those too, where the peer whose preset this is looks at their place.
    peers: Aliases,
    /// Findings that meet one of these aliases are not wanted.
    unwanted: Aliases,
    /// No finding is wanted.
    ignored: bool,
    /// The user's severity for the rule.
    severity: Option<Severity>,
    /// Severities by the alias that a finding meets (position, severity, whether it is the user's).
    by_alias: Vec<(usize, Severity, bool)>,
}

/// An id that no rule has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectError {
    /// The id.
    pub id: String,
    /// The nearest id that exists.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown rule `{}`", self.id)?;
        match self.nearest {
            Some(near) => write!(f, ", did you mean `{near}`?"),
            None => f.write_str("; `plimsoll rules` lists them"),
        }
    }
}

impl std::error::Error for SelectError {}

impl Selection {
    /// Resolves what the user asks for against the rules that exist.
    pub fn resolve(
        spec: &SelectionSpec,
        rules: impl IntoIterator<Item = &'static RuleMeta>,
        peers: Peers,
    ) -> Result<Self, Vec<SelectError>> {
        let (selection, errors) = Self::read(spec, rules, peers);
        if errors.is_empty() { Ok(selection) } else { Err(errors) }
    }

    /// Resolves it against some of the rules only, so that ids of others are no errors.
    pub fn among(spec: &SelectionSpec, rules: impl IntoIterator<Item = &'static RuleMeta>, peers: Peers) -> Self {
        Self::read(spec, rules, peers).0
    }

    fn read(
        spec: &SelectionSpec,
        rules: impl IntoIterator<Item = &'static RuleMeta>,
        peers: Peers,
    ) -> (Self, Vec<SelectError>) {
        let rules = rules.into_iter().map(|rule| (rule, Decision::default())).collect();
        let mut selection = Self { rules, groups: peers.groups };
        let mut errors = Vec::new();
        match &spec.select {
            Some(ids) => ids.iter().for_each(|id| selection.select(id, &mut errors)),
            None => selection.start_from(spec.preset.unwrap_or(Preset::Recommended), peers),
        }
        spec.extend_select.iter().for_each(|id| selection.select(id, &mut errors));
        for id in &spec.ignore {
            selection.each_match(id, &mut errors, |decision, alias| match alias {
                None => decision.ignored = true,
                Some(position) => decision.unwanted.insert(position),
            });
        }
        for (id, severity) in &spec.severity {
            selection.each_match(id, &mut errors, |decision, alias| match alias {
                None => decision.severity = Some(*severity),
                Some(position) => decision.by_alias.insert(0, (position, *severity, true)),
            });
        }
        (selection, errors)
    }

    /// Whether some finding of the rule may be wanted: others need not run.
    pub fn is_active(&self, rule: &RuleMeta) -> bool {
        self.decision(rule).is_some_and(Decision::is_active)
    }

    /// Whether a finding of the rule that meets those aliases is wanted, unless it is a quiet one.
    pub fn wants(&self, rule: &RuleMeta, aliases: Aliases) -> bool {
        self.decision(rule).is_some_and(|decision| {
            let asked = decision.whole || aliases.meets(decision.wanted) || aliases.meets(decision.peers);
            asked && !decision.ignored && !aliases.meets(decision.unwanted)
        })
    }

    /// The rules of which some finding may be wanted.
    pub fn active(&self) -> impl Iterator<Item = &'static RuleMeta> {
        self.rules.iter().filter(|(_, decision)| decision.is_active()).map(|(rule, _)| *rule)
    }

    /// Whether the finding is wanted; sets its severity if so.
    pub fn judge(&self, finding: &mut Finding) -> bool {
        let Some(decision) = self.decision(finding.rule) else { return false };
        let by_alias =
            finding.aliases.meets(decision.wanted) || !finding.beyond_peers && finding.aliases.meets(decision.peers);
        let whole = decision.whole && (!finding.quiet || decision.loud) && !(finding.strict && decision.lenient);
        if decision.ignored || finding.aliases.meets(decision.unwanted) || !(whole || by_alias) {
            return false;
        }
        let met = |&&(position, _, user): &&(usize, Severity, bool)| {
            // A peer's severity holds for those who asked for the peer's check, not for those who chose our rule.
            (user || !whole) && finding.aliases.positions().any(|at| at == position)
        };
        let alias_severity = decision.by_alias.iter().find(met).map(|&(_, severity, _)| severity);
        if let Some(severity) = decision.severity.or(alias_severity) {
            finding.severity = severity;
        }
        true
    }

    fn decision(&self, rule: &RuleMeta) -> Option<&Decision> {
        // Rules stand in the registry's order, which is the ids' order.
        let at = self.rules.binary_search_by(|(other, _)| other.id.cmp(rule.id)).ok()?;
        self.rules.get(at).map(|(_, decision)| decision)
    }

    fn start_from(&mut self, preset: Preset, peers: Peers) {
        let group: HashSet<&str> = preset.group(peers).into_iter().flat_map(|group| group.checks).copied().collect();
        let severities: HashMap<&str, Severity> = preset.checks(peers).iter().copied().collect();
        for (rule, decision) in &mut self.rules {
            decision.whole = preset.holds_all_of(rule);
            decision.loud = preset == Preset::All;
            decision.lenient = preset == Preset::Recommended;
            for (position, alias) in rule.aliases.iter().enumerate() {
                if let Some(severity) = severities.get(alias) {
                    decision.peers.insert(position);
                    decision.by_alias.push((position, *severity, false));
                }
                if group.contains(alias) {
                    decision.wanted.insert(position);
                }
            }
        }
    }

    fn select(&mut self, id: &str, errors: &mut Vec<SelectError>) {
        self.each_match(id, errors, |decision, alias| match alias {
            None => (decision.whole, decision.loud, decision.lenient) = (true, true, false),
            Some(position) => decision.wanted.insert(position),
        });
    }

    /// Calls `found` for each rule whose id (`None`) or alias (its position) matches; an id that matches none is an
    /// error.
    fn each_match(
        &mut self,
        id: &str,
        errors: &mut Vec<SelectError>,
        mut found: impl FnMut(&mut Decision, Option<usize>),
    ) {
        let group = self.groups.iter().find(|group| group.name.eq_ignore_ascii_case(id));
        let patterns: Vec<Pattern> = match group {
            Some(group) => group.checks.iter().map(|check| Pattern::new(check)).collect(),
            None => vec![Pattern::new(id)],
        };
        let mut any = group.is_some();
        for (rule, decision) in &mut self.rules {
            if patterns.iter().any(|pattern| pattern.matches(rule.id)) {
                any = true;
                found(decision, None);
            }
            for (position, alias) in rule.aliases.iter().enumerate() {
                if patterns.iter().any(|pattern| pattern.matches(alias)) {
                    any = true;
                    found(decision, Some(position));
                }
            }
        }
        if !any {
            let ids = self.rules.iter().flat_map(|(rule, _)| [rule.id].into_iter().chain(rule.aliases.iter().copied()));
            let known = ids.chain(self.groups.iter().map(|group| group.name));
            errors.push(SelectError { id: id.to_owned(), nearest: nearest(id, known) });
        }
    }
}

impl Decision {
    fn is_active(&self) -> bool {
        !self.ignored && (self.whole || !self.wanted.is_empty() || !self.peers.is_empty())
    }
}

/// An id, in its canonical form, or a glob over ids, without case.
enum Pattern {
    Word(String),
    Glob(GlobMatcher),
}

impl Pattern {
    fn new(id: &str) -> Self {
        let id = canonical_id(id);
        if id.contains(['*', '?', '[', '{'])
            && let Ok(glob) = GlobBuilder::new(&id).case_insensitive(true).build()
        {
            return Self::Glob(glob.compile_matcher());
        }
        Self::Word(id)
    }

    fn matches(&self, id: &str) -> bool {
        match self {
            Self::Word(word) => word.eq_ignore_ascii_case(id),
            Self::Glob(glob) => glob.is_match(id),
        }
    }
}
