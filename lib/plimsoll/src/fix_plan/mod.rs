//! What can be done about failed checks, as files. Nothing here touches a system.

mod daemon;
mod permissions;
mod quote;
mod readme;
mod settings;
mod watches;

use daemon::DaemonPlan;
use plimsoll_engine::{Answer, Check, Report, Risk, Step};
use plimsoll_host::{Bundle, Facts};

/// The remediation of a host as files: see [`Auditor::fix_plan`](crate::Auditor::fix_plan).
///
/// Names and values of the host never become commands: what cannot be written without doubt is a step for a person.
#[derive(Debug, Clone)]
pub struct FixPlan {
    /// The files, without the one that explains them.
    pub files: Vec<PlanFile>,
    host: String,
    time: String,
    steps: Vec<PlannedStep>,
    daemon: DaemonPlan,
    by_hand: Vec<Check>,
    unknown: usize,
}

/// A file of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// Its name in the plan's folder, `/` between folders.
    pub name: String,
    /// Its content.
    pub text: String,
    /// Whether it is a configuration file of dockerd, which dockerd can prove.
    pub is_daemon_json: bool,
}

/// What became of proving a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The file's name in the plan.
    pub file: String,
    /// One line for a person.
    pub says: String,
}

/// A step with the check that asks for it.
#[derive(Debug, Clone)]
struct PlannedStep {
    /// The rule and its number, such as `userland-proxy (2.16)`.
    check: String,
    step: Step,
    /// Why it could not be written.
    refused: Option<String>,
}

impl FixPlan {
    pub(crate) fn new(bundle: &Bundle, report: &Report) -> Self {
        let (facts, _) = Facts::read(bundle);
        let mut steps = Vec::new();
        let mut by_hand = Vec::new();
        for check in &report.checks {
            match check.answer {
                Answer::Fail if !check.steps.is_empty() => steps.extend(check.steps.iter().map(|step| PlannedStep {
                    check: label(check),
                    step: step.clone(),
                    refused: None,
                })),
                Answer::Fail | Answer::Manual => by_hand.push(check.clone()),
                Answer::Pass | Answer::Unknown | Answer::NotApplicable => {}
            }
        }
        let mut files = Vec::new();
        files.extend(permissions::file(&mut steps));
        files.extend(watches::files(&mut steps));
        let daemon = DaemonPlan::new(&facts, &mut steps);
        files.extend(daemon.files());
        let unknown = report.checks.iter().filter(|check| check.answer == Answer::Unknown).count();
        Self { files, host: facts.meta.host, time: facts.meta.time, steps, daemon, by_hand, unknown }
    }

    /// How many steps are safe, take a restart, are disruptive, and are left to a person.
    pub fn counts(&self) -> [usize; 4] {
        let written = || self.steps.iter().filter(|step| step.refused.is_none());
        let of = |kind: fn(Risk) -> bool| written().filter(|step| kind(step.step.risk())).count();
        let refused = self.steps.len() - written().count();
        [
            of(|risk| risk == Risk::Safe),
            of(|risk| risk == Risk::Restart),
            of(|risk| matches!(risk, Risk::Disruptive { .. })),
            self.by_hand.len() + refused,
        ]
    }

    /// The text of plan.md, which explains the other files. `proofs` says what became of proving them.
    pub fn readme(&self, proofs: &[Proof]) -> String {
        readme::text(self, proofs)
    }
}

fn label(check: &Check) -> String {
    match check.aliases.names(check.rule).next() {
        Some(number) => format!("{} ({number})", check.rule.id),
        None => check.rule.id.to_owned(),
    }
}
