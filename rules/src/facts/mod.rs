//! What several rules want to know of a Dockerfile, worked out once and only when asked.

mod instructions;
mod scope;
mod scripts;
mod shells;
mod stages;

pub(crate) use scope::{PLATFORM_ARGS, Scopes};
pub(crate) use scripts::RunScript;
pub(crate) use shells::{Shell, ShellKind};
pub(crate) use stages::{Base, StageFact};

use crate::cx::At;
use crate::secrets::{Secret, find_secrets};
use crate::support::run_secrets::{self, RunSecret};
use crate::support::stage_sources::StageNames;
use crate::support::verification::{self, Switches};
use plimsoll_base::Span;
use plimsoll_dockerfile::{Dockerfile, Kind};
use plimsoll_secrets::Match;
use std::cell::OnceCell;

/// The facts of one file.
pub(crate) struct Facts<'c> {
    /// The file.
    pub(crate) file: &'c Dockerfile<'c>,
    instructions: OnceCell<Vec<At<'c>>>,
    stages: OnceCell<Vec<StageFact<'c>>>,
    shells: OnceCell<Vec<Shell<'c>>>,
    scopes: OnceCell<Scopes<'c>>,
    scripts: OnceCell<Vec<RunScript<'c>>>,
    run_time_scripts: OnceCell<Vec<RunScript<'c>>>,
    run_secrets: OnceCell<Vec<RunSecret<'c>>>,
    matches: OnceCell<Vec<Match>>,
    secrets: OnceCell<Vec<Secret>>,
    switches: OnceCell<Switches>,
    stage_names: OnceCell<StageNames<'c>>,
}

impl<'c> Facts<'c> {
    pub(crate) fn new(file: &'c Dockerfile<'c>) -> Self {
        Self {
            file,
            instructions: OnceCell::new(),
            stages: OnceCell::new(),
            shells: OnceCell::new(),
            scopes: OnceCell::new(),
            scripts: OnceCell::new(),
            run_time_scripts: OnceCell::new(),
            run_secrets: OnceCell::new(),
            matches: OnceCell::new(),
            secrets: OnceCell::new(),
            switches: OnceCell::new(),
            stage_names: OnceCell::new(),
        }
    }

    /// Every instruction in its order, and behind each `ONBUILD` the one that it defers.
    pub(crate) fn instructions(&self) -> &[At<'c>] {
        self.instructions.get_or_init(|| instructions::find(self.file))
    }

    /// The stages and how they depend on each other.
    pub(crate) fn stages(&self) -> &[StageFact<'c>] {
        self.stages.get_or_init(|| stages::find(self))
    }

    /// The stages by name.
    pub(crate) fn stage_names(&self) -> &StageNames<'c> {
        self.stage_names.get_or_init(|| StageNames::new(self.file))
    }

    /// The stage that the build gives by default: the last one.
    pub(crate) fn final_stage(&self) -> Option<&StageFact<'c>> {
        self.stages().last()
    }

    /// The shell that runs shell-form commands at an instruction's position.
    pub(crate) fn shell(&self, index: usize) -> Shell<'c> {
        self.shells.get_or_init(|| shells::find(self)).get(index).copied().unwrap_or_default()
    }

    /// Which variables are set where.
    pub(crate) fn scopes(&self) -> &Scopes<'c> {
        self.scopes.get_or_init(|| scope::find(self))
    }

    /// The texts that `RUN` instructions give to a shell, in their order, with the commands in them.
    pub(crate) fn scripts(&self) -> &[RunScript<'c>] {
        self.scripts.get_or_init(|| scripts::find(self))
    }

    /// Every text that an instruction gives to a shell: that of `RUN` and of the commands that containers run.
    pub(crate) fn shell_texts(&self) -> impl Iterator<Item = &RunScript<'c>> {
        self.scripts().iter().chain(self.run_time_scripts()).filter(|script| script.text.is_some())
    }

    /// The texts that `CMD`, `ENTRYPOINT` and `HEALTHCHECK` give to a shell.
    pub(crate) fn run_time_scripts(&self) -> &[RunScript<'c>] {
        self.run_time_scripts.get_or_init(|| scripts::find_run_time(self))
    }

    /// The commands of `CMD`, `ENTRYPOINT` and `HEALTHCHECK` that are lists of words.
    pub(crate) fn run_time_lists(&self) -> Vec<RunScript<'c>> {
        scripts::find_run_time_lists(self)
    }

    /// The secrets in what `RUN`s and containers run.
    pub(crate) fn run_secrets(&self) -> &[RunSecret<'c>] {
        self.run_secrets.get_or_init(|| run_secrets::find_all(self))
    }

    /// What in the file shows to be a secret by its form, whatever the instruction; in a file that holds others in
    /// heredocs also what shows by the words around it.
    pub(crate) fn matches(&self) -> &[Match] {
        let holds_files = |at: &At<'_>| {
            matches!(at.instruction.kind, Kind::Copy(_) | Kind::Add(_)) && !at.instruction.heredocs.is_empty()
        };
        self.matches.get_or_init(|| {
            let scan = if self.instructions().iter().any(holds_files) {
                plimsoll_secrets::scan
            } else {
                plimsoll_secrets::scan_unnamed
            };
            scan(self.file.source.as_bytes())
        })
    }

    /// Those of [`Facts::matches`] that stand within a span.
    pub(crate) fn matches_in(&self, span: Span) -> impl Iterator<Item = &Match> {
        let all = self.matches();
        let first = all.partition_point(|found| found.start < u64::from(span.start));
        let inside = move |found: &&Match| found.start < u64::from(span.end);
        all[first..].iter().take_while(inside).filter(move |found| found.end <= u64::from(span.end))
    }

    /// What switches the verification of downloads off.
    pub(crate) fn switches(&self) -> &Switches {
        self.switches.get_or_init(|| verification::find(self))
    }

    /// The secrets whose values stand in the file.
    pub(crate) fn secrets(&self) -> &[Secret] {
        self.secrets.get_or_init(|| find_secrets(self))
    }
}
