use crate::facts::{Facts, RunScript, Shell, StageFact};
use crate::options::Options;
use crate::run::Context;
use plimsoll_base::Span;
use plimsoll_dockerfile::{Dockerfile, Instruction};
use plimsoll_engine::{Finding, RuleMeta};
use plimsoll_shell as shell;
use std::ops::Deref;

/// What a check is given besides the thing that it looks at.
pub(crate) struct Cx<'c> {
    /// The file.
    pub(crate) file: &'c Dockerfile<'c>,
    /// What several rules want to know of the file, worked out once.
    pub(crate) facts: &'c Facts<'c>,
    /// The user's options.
    pub(crate) options: &'c Options,
    /// What stands beside the file.
    pub(crate) context: &'c Context,
    pub(crate) rule: &'static RuleMeta,
    pub(crate) findings: Vec<Finding>,
}

impl<'c> Cx<'c> {
    /// Reports a finding at `span`; what is returned takes fixes, related places, another severity.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        self.findings.push(Finding::new(self.rule, span, message));
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// The text under a span of the Dockerfile, as it stands there.
    pub(crate) fn text(&self, span: Span) -> &'c str {
        span.text(self.file.source)
    }
}

/// An instruction and where it stands. Behind `ONBUILD` it is the deferred instruction.
#[derive(Clone, Copy)]
pub(crate) struct At<'c> {
    /// The instruction.
    pub(crate) instruction: &'c Instruction<'c>,
    /// The position in [`Dockerfile::instructions`] of it, or of the `ONBUILD` that holds it.
    pub(crate) index: usize,
    /// The stage's number; `None` before the first `FROM`.
    pub(crate) stage: Option<usize>,
    /// Whether it stands behind `ONBUILD`.
    pub(crate) onbuild: bool,
}

impl<'c> Deref for At<'c> {
    type Target = Instruction<'c>;

    fn deref(&self) -> &Instruction<'c> {
        self.instruction
    }
}

impl<'c> At<'c> {
    /// The shell that runs shell-form commands here.
    pub(crate) fn shell(&self, cx: &Cx<'c>) -> Shell<'c> {
        cx.facts.shell(self.index)
    }

    /// The facts of the stage.
    pub(crate) fn stage_fact(&self, cx: &Cx<'c>) -> Option<&'c StageFact<'c>> {
        cx.facts.stages().get(self.stage?)
    }
}

/// A command of a shell text.
#[derive(Clone, Copy)]
pub(crate) struct Cmd<'c> {
    /// The text that it stands in.
    pub(crate) script: &'c RunScript<'c>,
    /// Its position in the text's commands.
    pub(crate) index: usize,
    /// The command.
    pub(crate) command: &'c shell::Command<'c>,
}

impl<'c> Deref for Cmd<'c> {
    type Target = shell::Command<'c>;

    fn deref(&self) -> &shell::Command<'c> {
        self.command
    }
}

impl<'c> Cmd<'c> {
    /// The `RUN` that holds it.
    pub(crate) fn at(&self) -> At<'c> {
        self.script.at
    }

    /// Where a word of the command stands in the Dockerfile.
    pub(crate) fn place(&self, word: &shell::Word<'_>) -> Span {
        self.script.place(word.span)
    }

    /// Where the command's name stands in the Dockerfile.
    pub(crate) fn name_place(&self) -> Span {
        self.place(&self.command.name)
    }

    /// The arguments.
    pub(crate) fn args(&self) -> &'c [shell::Word<'c>] {
        &self.command.args
    }

    /// The command that reads what this one writes, where both are simple commands of one pipe.
    pub(crate) fn next_in_pipe(&self) -> Option<&'c shell::Command<'c>> {
        let (pipeline, part) = self.command.pipeline?;
        self.later().iter().take(Self::NEAR).find(|other| {
            other.pipeline == Some((pipeline, part + 1)) && other.list == self.command.list && other.wrapper.is_none()
        })
    }

    /// How many commands further on another part of the same pipe is looked for: only those in substitutions stand
    /// between, and the work must stay linear.
    pub(crate) const NEAR: usize = 64;

    /// The commands of the same text that stand after this one.
    pub(crate) fn later(&self) -> &'c [shell::Command<'c>] {
        self.script.commands().get(self.index + 1..).unwrap_or_default()
    }
}
