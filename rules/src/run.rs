use crate::cx::{Cmd, Cx};
use crate::facts::{Facts, RunScript};
use crate::options::Options;
use crate::rule::{Check, Rule};
use crate::rules;
use crate::shell_comments::{self, ShellComment};
#[cfg(feature = "shellcheck")]
use crate::shellcheck::ShellCheck;
use crate::sight;
use plimsoll_base::Span;
use plimsoll_dockerfile::{Dockerfile, Keyword};
#[cfg(feature = "shellcheck")]
use plimsoll_engine::Aliases;
use plimsoll_engine::{Finding, Selection};
use std::collections::HashMap;

/// The rules that a selection wants, arranged so that each is called only for what it looks at.
#[derive(Debug, Default)]
pub struct Runner {
    whole: Vec<&'static Rule>,
    stages: Vec<&'static Rule>,
    instructions: [Vec<&'static Rule>; KEYWORDS],
    scripts: Vec<&'static Rule>,
    /// Those of the commands of `RUN`.
    build: CommandRules,
    /// Those of the commands that containers run.
    run_time: CommandRules,
    #[cfg(feature = "shellcheck")]
    shellcheck: Option<ShellCheck>,
}

/// Rules on commands: those that look at every one, and those that look at some by name.
#[derive(Debug, Default)]
struct CommandRules {
    every: Vec<&'static Rule>,
    named: HashMap<&'static str, Vec<&'static Rule>>,
}

const KEYWORDS: usize = Keyword::Unknown as usize + 1;

/// What stands beside a Dockerfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The text of the `.dockerignore` that the build would read: `NAME.dockerignore` beside the Dockerfile, or the
    /// `.dockerignore` of the build context.
    pub dockerignore: Option<String>,
}

/// What the rules found in a file.
#[derive(Debug, Default)]
pub struct Found {
    /// The findings, in no order that means anything.
    pub findings: Vec<Finding>,
    /// The values of secrets, by name and by pattern, whether or not a rule reports them: reports must not show them.
    /// Worked out only where there are findings to show.
    pub secrets: Vec<Span>,
    /// What `# shellcheck disable=` says in and above shell text. Worked out only where there are findings to silence.
    pub shell_comments: Vec<ShellComment>,
    /// The stage in which each finding stands, as its number; empty before the first `FROM`.
    pub stages: Vec<(u32, usize)>,
}

impl Runner {
    /// Arranges the rules of which the selection may want findings.
    pub fn new(selection: &Selection) -> Self {
        Self::of(rules().filter(|rule| is_wanted(rule, selection)))
    }

    /// Arranges these rules.
    pub(crate) fn of(rules: impl Iterator<Item = &'static Rule>) -> Self {
        let mut runner = Self::default();
        #[cfg(feature = "shellcheck")]
        let mut codes = Vec::new();
        for rule in rules {
            match rule.check {
                Check::File(_) => runner.whole.push(rule),
                Check::Stage(_) => runner.stages.push(rule),
                Check::Instruction(keywords, _) => {
                    for &keyword in keywords {
                        runner.instructions[keyword as usize].push(rule);
                    }
                }
                Check::Script(_) => runner.scripts.push(rule),
                Check::Command(names, _) => runner.build.add(names, rule),
                Check::ShellCommand(names, _) => {
                    runner.build.add(names, rule);
                    runner.run_time.add(names, rule);
                }
                #[cfg(feature = "shellcheck")]
                Check::ShellCheck(code) => codes.push((code, rule)),
            }
        }
        #[cfg(feature = "shellcheck")]
        if !codes.is_empty() {
            runner.shellcheck = Some(ShellCheck::new(codes));
        }
        runner
    }

    /// Runs the rules over a file.
    pub fn run(&self, file: &Dockerfile<'_>, options: &Options, context: &Context) -> Found {
        let facts = Facts::new(file);
        let Some(first) = rules().next() else { return Found::default() };
        let mut cx = Cx { file, facts: &facts, options, context, rule: &first.meta, findings: Vec::new() };
        for rule in &self.whole {
            cx.rule = &rule.meta;
            if let Check::File(check) = rule.check {
                check(&mut cx);
            }
        }
        for stage in if self.stages.is_empty() { &[] } else { facts.stages() } {
            for rule in &self.stages {
                cx.rule = &rule.meta;
                if let Check::Stage(check) = rule.check {
                    check(&mut cx, stage);
                }
            }
        }
        for &at in facts.instructions() {
            for rule in &self.instructions[at.keyword_kind() as usize] {
                cx.rule = &rule.meta;
                if let Check::Instruction(_, check) = rule.check {
                    check(&mut cx, at);
                }
            }
        }
        self.run_scripts(&mut cx);
        #[cfg(feature = "shellcheck")]
        if let Some(shellcheck) = &self.shellcheck {
            shellcheck.run(&mut cx);
        }
        let mut findings = std::mem::take(&mut cx.findings);
        for finding in &mut findings {
            sight::limit(&facts, finding);
        }
        let secrets = if findings.is_empty() { Vec::new() } else { facts.secrets().iter().map(|s| s.span).collect() };
        let stages =
            file.stages.iter().map(|stage| (stage_start(file, stage.instructions.start), stage.index)).collect();
        let shell_comments = if findings.is_empty() { Vec::new() } else { shell_comments::find(&facts) };
        Found { findings, secrets, shell_comments, stages }
    }

    fn run_scripts(&self, cx: &mut Cx<'_>) {
        if !self.scripts.is_empty() || !self.build.is_empty() {
            for script in cx.facts.scripts() {
                for rule in &self.scripts {
                    cx.rule = &rule.meta;
                    if let Check::Script(check) = rule.check {
                        check(cx, script);
                    }
                }
                self.build.run(cx, script);
            }
        }
        if !self.run_time.is_empty() {
            for script in cx.facts.run_time_scripts() {
                self.run_time.run(cx, script);
            }
        }
    }
}

impl CommandRules {
    /// Adds a rule for commands of those names, or for every command where there is none.
    fn add(&mut self, names: &[&'static str], rule: &'static Rule) {
        match names {
            [] => self.every.push(rule),
            names => names.iter().for_each(|&name| self.named.entry(name).or_default().push(rule)),
        }
    }

    fn is_empty(&self) -> bool {
        self.every.is_empty() && self.named.is_empty()
    }

    fn run<'c>(&self, cx: &mut Cx<'c>, script: &'c RunScript<'c>) {
        for (index, command) in script.commands().iter().enumerate() {
            let named = self.named.get(&*command.name.text).map_or(&[][..], Vec::as_slice);
            for rule in named.iter().chain(&self.every) {
                cx.rule = &rule.meta;
                if let Check::Command(_, check) | Check::ShellCommand(_, check) = rule.check {
                    check(cx, Cmd { script, index, command });
                }
            }
        }
    }
}

fn is_wanted(rule: &Rule, selection: &Selection) -> bool {
    #[cfg(feature = "shellcheck")]
    if matches!(rule.check, Check::ShellCheck(_)) {
        // Each finding carries the code, so that `--ignore SC2086` leaves nothing to look for.
        return selection.wants(&rule.meta, Aliases::all(&rule.meta));
    }
    selection.is_active(&rule.meta)
}

fn stage_start(file: &Dockerfile<'_>, index: usize) -> u32 {
    file.instructions.get(index).map_or(0, |instruction| instruction.span.start)
}
