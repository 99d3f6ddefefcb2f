use super::Facts;
use plimsoll_dockerfile::{Kind, Logical, Word, expand};
use std::borrow::Cow;
use std::collections::HashMap;

/// Which variables are set where.
#[derive(Debug, Default)]
pub(crate) struct Scopes<'c> {
    /// The defaults of `ARG`s before the first `FROM`, expanded as far as the file tells them.
    global: HashMap<&'c str, Option<String>>,
    /// For each stage, every place that sets a variable, by its name, in their order.
    stages: Vec<HashMap<&'c str, Vec<Variable<'c>>>>,
}

/// A variable that an instruction sets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Variable<'c> {
    /// The position in `Dockerfile::instructions` of what sets it.
    pub(crate) index: usize,
    /// Whether `ENV` sets it; otherwise `ARG` does.
    pub(crate) env: bool,
    /// The value as it stands, quotes kept; absent for an `ARG` without a default.
    pub(crate) value: Option<&'c Word<'c>>,
}

/// The platform arguments that BuildKit sets in the global scope.
pub(crate) const PLATFORM_ARGS: [&str; 8] = [
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETARCH",
    "TARGETVARIANT",
];

impl<'c> Scopes<'c> {
    /// A text of `FROM` with the defaults of global `ARG`s put in; `None` where it needs a value that the file does
    /// not tell, or is malformed.
    pub(crate) fn expand_global(&self, text: &'c str) -> Option<Cow<'c, str>> {
        if !text.contains(['$', '"', '\'', '\\', '`']) {
            return Some(Cow::Borrowed(text));
        }
        let expanded = expand::expand(text, '\\', |name: &str| match self.global.get(name) {
            Some(value) => value.clone(),
            None => None,
        });
        let expanded = expanded.ok()?;
        // `${NAME:-default}` says itself what holds without the argument: nothing else can set it here.
        let known = expanded.unmatched.is_empty()
            || expand::variables(&Logical::borrowed(text, 0), '\\')
                .iter()
                .all(|variable| variable.has_default() || !expanded.unmatched.contains(&variable.name));
        known.then_some(Cow::Owned(expanded.value))
    }

    /// Whether a global `ARG` declares the name.
    pub(crate) fn is_global(&self, name: &str) -> bool {
        self.global.contains_key(name)
    }

    /// The default of a global `ARG`, as far as the file tells it.
    pub(crate) fn global_default(&self, name: &str) -> Option<&str> {
        self.global.get(name)?.as_deref()
    }

    /// The names of the global `ARG`s, sorted.
    pub(crate) fn global_names(&self) -> Vec<&'c str> {
        let mut names: Vec<&str> = self.global.keys().copied().collect();
        names.sort_unstable();
        names
    }
}

impl<'c> Facts<'c> {
    /// What last set a variable before the instruction at `index` of a stage, in the stage or in those that it is
    /// built from: BuildKit hands on their `ARG`s too.
    pub(crate) fn variable(&self, stage: usize, index: usize, name: &str) -> Option<Variable<'c>> {
        let scopes = self.scopes();
        let mut argument = None;
        for fact in self.lineage(stage) {
            let Some(set) = scopes.stages.get(fact.index()).and_then(|stage| stage.get(name)) else { continue };
            let before = set.partition_point(|variable| variable.index < index);
            let visible = set.get(..before).unwrap_or_default();
            // `ENV` wins over `ARG` of the same name, wherever it stands.
            if let Some(found) = visible.iter().rfind(|variable| variable.env) {
                return Some(*found);
            }
            argument = argument.or(visible.last().copied());
        }
        argument
    }

    /// The value of a variable as far as the file tells it: quotes removed, other variables put in. `None` where it
    /// is not set, or set outside the file.
    pub(crate) fn value(&self, stage: usize, index: usize, name: &str) -> Option<String> {
        self.value_within(stage, index, name, 8)
    }

    fn value_within(&self, stage: usize, index: usize, name: &str, depth: u32) -> Option<String> {
        let variable = self.variable(stage, index, name)?;
        let Some(value) = variable.value else {
            return self.scopes().global_default(name).map(str::to_owned);
        };
        let depth = depth.checked_sub(1)?;
        self.expand_within(stage, variable.index, &value.text, depth)
    }

    /// A text of an instruction at `index` with the variables put in whose values the file tells; `None` where it
    /// needs another one, or is malformed.
    pub(crate) fn expand(&self, stage: usize, index: usize, text: &str) -> Option<String> {
        self.expand_within(stage, index, text, 8)
    }

    fn expand_within(&self, stage: usize, index: usize, text: &str, depth: u32) -> Option<String> {
        let lookup = |name: &str| self.value_within(stage, index, name, depth);
        let expanded = expand::expand(text, self.file.escape, lookup).ok()?;
        expanded.unmatched.is_empty().then_some(expanded.value)
    }

    /// The names that are set before the instruction at `index` of a stage, sorted.
    pub(crate) fn variable_names(&self, stage: usize, index: usize) -> Vec<&'c str> {
        let scopes = self.scopes();
        let mut names: Vec<&str> = Vec::new();
        for fact in self.lineage(stage) {
            let Some(set) = scopes.stages.get(fact.index()) else { continue };
            #[allow(clippy::iter_over_hash_type, reason = "sorted below")]
            for (name, variables) in set {
                if variables.first().is_some_and(|variable| variable.index < index) {
                    names.push(name);
                }
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Those of them that stand in a text, sorted: a file may set as many as it has texts, so all of them for each text
    /// would be too many.
    pub(crate) fn variable_names_in(&self, text: &'c str, stage: usize, index: usize) -> Vec<&'c str> {
        let scopes = self.scopes();
        let mut names: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        names.sort_unstable();
        names.dedup();
        let sets: Vec<_> = self.lineage(stage).filter_map(|fact| scopes.stages.get(fact.index())).collect();
        let is_before = |variables: &Vec<Variable<'_>>| variables.first().is_some_and(|first| first.index < index);
        names.retain(|name| sets.iter().any(|set| set.get(name).is_some_and(is_before)));
        names
    }
}

pub(super) fn find<'c>(facts: &Facts<'c>) -> Scopes<'c> {
    let file = facts.file;
    let mut scopes = Scopes::default();
    for instruction in file.global() {
        let Kind::Arg(declarations) = &instruction.kind else { continue };
        for declaration in declarations {
            let value = declaration.default.as_ref().and_then(|default| {
                let lookup = |name: &str| scopes.global.get(name).cloned().flatten();
                let expanded = expand::expand(&default.text, file.escape, lookup).ok()?;
                expanded.unmatched.is_empty().then_some(expanded.value)
            });
            scopes.global.insert(&declaration.name.text, value);
        }
    }
    for stage in &file.stages {
        let mut set: HashMap<&str, Vec<Variable<'c>>> = HashMap::new();
        for index in stage.instructions.clone() {
            match file.instructions.get(index).map(|instruction| &instruction.kind) {
                Some(Kind::Arg(declarations)) => {
                    for declaration in declarations {
                        let value = declaration.default.as_ref();
                        set.entry(&declaration.name.text).or_default().push(Variable { index, env: false, value });
                    }
                }
                Some(Kind::Env(pairs)) => {
                    for pair in pairs {
                        let value = Some(&pair.value);
                        set.entry(&pair.key.text).or_default().push(Variable { index, env: true, value });
                    }
                }
                _ => {}
            }
        }
        scopes.stages.push(set);
    }
    scopes
}
