//! The daemon's configuration file, and a drop-in for its unit where the option to change stands on the command line.
//!
//! Each disruptive change has files of its own, in which the changes that take a restart only are made too.

use super::quote::{is_plain, systemd};
use super::settings::Settings;
use super::{PlanFile, PlannedStep};
use plimsoll_engine::{Risk, Step};
use plimsoll_host::{Fact, Facts};
use serde_json::{Map, Value};

/// What is to be changed of a daemon's configuration.
#[derive(Debug, Clone, Default)]
pub(super) struct DaemonPlan {
    /// Where its configuration file stands, or would.
    pub(super) path: String,
    /// Its unit of systemd.
    pub(super) unit: String,
    /// The name of a drop-in that comes last.
    pub(super) drop_in: String,
    /// The variables whose values a drop-in of ours would spell out.
    pub(super) variables: Vec<String>,
    /// What takes a restart only.
    pub(super) restart: Option<Change>,
    /// Each disruptive change, by its key.
    pub(super) disruptive: Vec<Change>,
}

/// A change of the configuration as a whole.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// The key, for a disruptive one.
    pub(super) key: &'static str,
    /// What may stop.
    pub(super) breaks: &'static str,
    /// The checks that it mends.
    pub(super) checks: Vec<String>,
    /// The new configuration file, by its name in the plan.
    pub(super) file: Option<(String, String)>,
    /// Whether that file holds only what is to be merged into the present one.
    pub(super) is_patch: bool,
    /// The drop-in, by its name in the plan.
    pub(super) drop_in: Option<(String, String)>,
}

impl DaemonPlan {
    pub(super) fn new(facts: &Facts, steps: &mut [PlannedStep]) -> Self {
        let mut plan = Self {
            path: facts.meta.daemon_json.clone().unwrap_or_else(|| "/etc/docker/daemon.json".to_owned()),
            unit: facts.meta.unit.clone().unwrap_or_default(),
            ..Self::default()
        };
        let of_daemon = |planned: &PlannedStep| matches!(planned.step, Step::Setting { .. } | Step::Unset { .. });
        if !steps.iter().any(of_daemon) {
            return plan;
        }
        let place = is_plain(&plan.path) && plan.path.starts_with('/');
        let settings = if place {
            Settings::read(facts)
        } else {
            Err("the path of the daemon's configuration file holds characters that do not show".to_owned())
        };
        let mut settings = match settings {
            Ok(settings) => settings,
            Err(why) => {
                let all = steps.iter_mut().filter(|planned| of_daemon(planned));
                all.for_each(|planned| planned.refused = Some(why.clone()));
                return plan;
            }
        };
        for planned in steps.iter_mut() {
            let Step::Setting { key, value, .. } = &planned.step else { continue };
            if Settings::has(facts, key, &json(value.as_deref())) {
                let why = "it stands on disk already, and holds once the daemon is started again";
                planned.refused = Some(why.to_owned());
            }
        }
        plan.drop_in = drop_in_name(facts, &plan.unit);
        if let Ok(Some(start)) = &facts.start {
            plan.variables.clone_from(&start.variables);
        }
        // The command line can be changed only where a drop-in can say it.
        let fixed_command_line = if !is_plain(&plan.drop_in) {
            Some("the command line sets it, and a drop-in of the unit has a name that does not show")
        } else if !is_unit(&plan.unit) {
            Some("the command line sets it, and it is not known which unit of systemd starts the daemon")
        } else if !settings.args_are_plain() || !settings.args.first().is_some_and(|program| program.starts_with('/')) {
            Some("the command line sets it, and cannot be written into a unit: it holds a secret, or no full path")
        } else {
            None
        };
        let mut checks = Vec::new();
        for planned in steps.iter_mut().filter(|planned| of_daemon(planned) && planned.refused.is_none()) {
            let before = settings.clone();
            apply(&mut settings, facts, &planned.step, false);
            if settings.args_changed && !before.args_changed && fixed_command_line.is_some() {
                settings = before;
                planned.refused = fixed_command_line.map(str::to_owned);
            } else if planned.step.risk() == Risk::Restart {
                checks.push(planned.check.clone());
            }
        }
        // What dockerd would not start with is not left in, whether or not the rule about it was asked.
        for key in facts.next.conflicts() {
            settings.unset(key);
        }
        plan.restart = change(&settings, "", "", checks);
        for planned in steps.iter_mut().filter(|planned| planned.refused.is_none()) {
            let Step::Setting { key, risk: Risk::Disruptive { breaks }, .. } = planned.step else { continue };
            let mut with = settings.clone();
            apply(&mut with, facts, &planned.step, true);
            if with.args_changed && fixed_command_line.is_some() {
                planned.refused = fixed_command_line.map(str::to_owned);
                continue;
            }
            plan.disruptive.extend(change(&with, key, breaks, vec![planned.check.clone()]));
        }
        if plan.disruptive.len() > 1 {
            let mut with = settings.clone();
            for planned in steps.iter().filter(|planned| of_daemon(planned) && planned.refused.is_none()) {
                apply(&mut with, facts, &planned.step, true);
            }
            let checks = plan.disruptive.iter().flat_map(|change| change.checks.clone()).collect();
            plan.disruptive.extend(change(&with, "all", "All of the above", checks));
        }
        plan
    }

    pub(super) fn files(&self) -> Vec<PlanFile> {
        let of = |change: &Change| {
            let json =
                change.file.clone().map(|(name, text)| PlanFile { name, text, is_daemon_json: !change.is_patch });
            let unit = change.drop_in.clone().map(|(name, text)| PlanFile { name, text, is_daemon_json: false });
            json.into_iter().chain(unit)
        };
        self.restart.iter().chain(&self.disruptive).flat_map(of).collect()
    }
}

/// Makes the change of a step, if it is one that is `disruptive` or not as asked for.
fn apply(settings: &mut Settings, facts: &Facts, step: &Step, disruptive: bool) {
    match step {
        Step::Unset { key } => settings.unset(key),
        Step::Setting { key, value, risk } if matches!(risk, Risk::Disruptive { .. }) == disruptive => {
            settings.set(facts, key, &json(value.as_deref()));
        }
        Step::Setting { .. } | Step::Mode { .. } | Step::Owner { .. } | Step::Watch { .. } => {}
    }
}

fn json(value: Option<&str>) -> Value {
    value.and_then(|value| serde_json::from_str(value).ok()).unwrap_or(Value::Null)
}

/// The name of a drop-in that comes after all that the unit has, so that none takes back what it says.
fn drop_in_name(facts: &Facts, unit: &str) -> String {
    const NAME: &str = "zz-plimsoll.conf";
    let Fact::Known(units) = &facts.units else { return NAME.to_owned() };
    let files = units.of(unit);
    let names = files.iter().filter(|path| path.contains(".d/")).filter_map(|path| path.rsplit('/').next());
    match names.filter(|name| *name != NAME).max() {
        Some(last) if last > NAME && !last.ends_with(".zz-plimsoll.conf") => {
            format!("{}.{NAME}", last.trim_end_matches(".conf"))
        }
        Some(last) if last > NAME => last.to_owned(),
        _ => NAME.to_owned(),
    }
}

/// The settings as files; nothing where they are as they were.
fn change(settings: &Settings, key: &'static str, breaks: &'static str, checks: Vec<String>) -> Option<Change> {
    if settings.patch.is_empty() && !settings.args_changed {
        return None;
    }
    let is_patch = settings.file_is_masked();
    let (map, suffix) = if is_patch { (&settings.patch, "merge.json") } else { (&settings.file, "json") };
    let (json_name, unit_name) = if key.is_empty() {
        (format!("daemon.{suffix}"), "plimsoll.conf".to_owned())
    } else {
        (format!("disruptive/{key}.{suffix}"), format!("disruptive/{key}.conf"))
    };
    let file = (!settings.patch.is_empty()).then(|| (json_name, pretty(map)));
    let drop_in = settings.args_changed.then(|| (unit_name, unit(&settings.args)));
    Some(Change { key, breaks, checks, file, is_patch, drop_in })
}

fn pretty(map: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(map).unwrap_or_default() + "\n"
}

/// A drop-in that starts the daemon with these arguments instead.
fn unit(args: &[String]) -> String {
    let words: Vec<String> = args.iter().map(|word| systemd(word)).collect();
    format!("[Service]\nExecStart=\nExecStart={}\n", words.join(" "))
}

/// Whether a text is the name of a service, and no more.
fn is_unit(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    name.ends_with(".service") && name.chars().all(is_word)
}
