//! plan.md: what the other files of a plan do, how they are applied and taken back, and what is left to a person.

use super::daemon::Change;
use super::quote::{code, shell};
use super::{FixPlan, PlannedStep, Proof, label, permissions, watches};
use plimsoll_engine::{Answer, Check, Risk, Step};
use plimsoll_report::printable;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How many targets of one rule are listed.
const SHOWN: usize = 200;

pub(super) fn text(plan: &FixPlan, proofs: &[Proof]) -> String {
    let mut out = String::new();
    head(plan, &mut out);
    safe(plan, &mut out);
    if let Some(change) = &plan.daemon.restart {
        section(&mut out, "With a restart of the engine", "It holds once the engine was started again.");
        daemon(plan, change, &mut out);
    }
    disruptive(plan, &mut out);
    proved(plan, proofs, &mut out);
    refused(plan, &mut out);
    by_hand(plan, &mut out);
    out
}

/// Writing into a string cannot fail.
macro_rules! say {
    ($out:expr, $($arguments:tt)*) => { let _ = writeln!($out, $($arguments)*); };
}

fn head(plan: &FixPlan, out: &mut String) {
    say!(out, "# Fix plan\n");
    if !plan.host.is_empty() {
        say!(out, "For the host {}, as it was at {}. ", code(&plan.host), code(&plan.time));
    }
    let [safe, restart, disruptive, person] = plan.counts();
    say!(
        out,
        "Nothing of this was done. {safe} safe, {restart} with a restart, {disruptive} disruptive, {person} for a person."
    );
    if plan.unknown > 0 {
        say!(out, "{} checks could not be answered: they are in no plan.", plan.unknown);
    }
    say!(out, "\nRead each file before you use it. Run the commands as root, in this folder.");
}

fn section(out: &mut String, title: &str, says: &str) {
    say!(out, "\n## {title}\n\n{says}\n");
}

fn safe(plan: &FixPlan, out: &mut String) {
    let is_there = |name: &str| plan.files.iter().any(|file| file.name == name);
    if !is_there(permissions::NAME) && !is_there(watches::NAME) {
        return;
    }
    section(out, "Safe", "Nothing that runs is touched.");
    if is_there(permissions::NAME) {
        say!(
            out,
            "`{0}` takes permissions away and gives files back to root:\n\n```sh\nsh {0}\n```\n",
            permissions::NAME
        );
        list(plan, out, |step| matches!(step, Step::Mode { .. } | Step::Owner { .. }));
        say!(out, "\nThe way back stands behind each of its commands. Sockets are made anew when the engine starts.");
    }
    if is_there(watches::NAME) {
        say!(out, "\n`{}` has audit rules; auditd must be installed:\n", watches::NAME);
        audit(watches::NAME, out);
        list(plan, out, |step| matches!(step, Step::Watch { risk: Risk::Safe, .. }));
    }
}

fn audit(name: &str, out: &mut String) {
    let target = format!("/etc/audit/rules.d/{}", name.rsplit('/').next().unwrap_or(name));
    say!(out, "```sh\ninstall -o root -g root -m 0640 {name} {target}\naugenrules --load\n```\n");
    say!(out, "The way back: `rm {target}`, then `augenrules --load`.\n");
}

/// The steps of a kind, each with its check.
fn list(plan: &FixPlan, out: &mut String, is_meant: fn(&Step) -> bool) {
    for planned in plan.steps.iter().filter(|planned| planned.refused.is_none() && is_meant(&planned.step)) {
        say!(out, "- {}: {}", planned.check, what(&planned.step));
    }
}

/// A step in words.
fn what(step: &Step) -> String {
    match step {
        Step::Setting { key, value: Some(value), .. } => format!("{key} becomes {}", code(value)),
        Step::Setting { key, value: None, .. } => format!("{key} goes"),
        Step::Unset { key } => format!("{} leaves the file, since the command line says it too", code(key)),
        Step::Mode { path, from, to } => format!("{} from {from:04o} to {to:04o}", code(path)),
        Step::Owner { path, from: (uid, gid), to } => format!("{} from {uid}:{gid} to {to}", code(path)),
        Step::Watch { path, .. } => format!("{} is watched", code(path)),
    }
}

/// How a change of the daemon's configuration is applied and taken back.
fn daemon(plan: &FixPlan, change: &Change, out: &mut String) {
    // A rootless engine is its user's: so are its file and its unit.
    let rootless = plan.daemon.path.ends_with("/.config/docker/daemon.json");
    let (owner, systemctl) = if rootless { ("", "systemctl --user") } else { ("-o root -g root ", "systemctl") };
    let mut apply = Vec::new();
    let mut back = Vec::new();
    if rootless {
        say!(out, "The engine is rootless: run these as its user.\n");
    }
    if let Some((name, _)) = &change.file {
        let (path, saved) = (shell(&plan.daemon.path), shell(&format!("{}.before", plan.daemon.path)));
        apply.push(format!("[ ! -e {path} ] || cp -p {path} {saved}"));
        if change.is_patch {
            apply.push(format!(
                "jq -s '.[0] * .[1] | with_entries(select(.value != null))' {saved} {name} > daemon.json"
            ));
            apply.push(format!("install {owner}-m 0644 daemon.json {path}"));
        } else {
            apply.push(format!("install -D {owner}-m 0644 {name} {path}"));
        }
        back.push(format!("if [ -e {saved} ]; then mv {saved} {path}; else rm {path}; fi"));
    }
    let unit = if plan.daemon.unit.is_empty() { "docker.service" } else { &plan.daemon.unit };
    if let Some((name, _)) = &change.drop_in {
        let place = format!("/etc/systemd/system/{unit}.d/{}", plan.daemon.drop_in);
        let (target, saved) = (shell(&place), shell(&format!("{place}.before")));
        apply.push(format!("[ ! -e {target} ] || cp -p {target} {saved}"));
        apply.push(format!("install -D -o root -g root -m 0644 {name} {target}"));
        apply.push("systemctl daemon-reload".to_owned());
        back.push(format!("if [ -e {saved} ]; then mv {saved} {target}; else rm {target}; fi"));
        back.push("systemctl daemon-reload".to_owned());
        let variables: Vec<String> = plan.daemon.variables.iter().map(|name| code(&format!("${name}"))).collect();
        if !variables.is_empty() {
            let variables = variables.join(", ");
            say!(
                out,
                "The drop-in spells out what {variables} holds now: later changes of it do not count any more.\n"
            );
        }
    }
    for commands in [&mut apply, &mut back] {
        commands.push(format!("{systemctl} restart {unit}"));
    }
    let checks = change.checks.iter().map(|check| {
        let is_it = |planned: &&PlannedStep| {
            planned.check == *check && matches!(planned.step, Step::Setting { .. } | Step::Unset { .. })
        };
        let steps: Vec<String> = plan.steps.iter().filter(is_it).map(|planned| what(&planned.step)).collect();
        format!("- {check}: {}\n", steps.join("; "))
    });
    let mut checks: Vec<String> = checks.collect();
    checks.dedup();
    say!(out, "{}", checks.concat());
    if change.is_patch {
        say!(
            out,
            "The present file holds secrets, which no plan has: this one is to be merged into it, and `null` takes a \
             key out.\n"
        );
    }
    say!(out, "```sh\n{}\n```\n\nThe way back:\n\n```sh\n{}\n```", apply.join("\n"), back.join("\n"));
}

fn disruptive(plan: &FixPlan, out: &mut String) {
    let broad = plan.files.iter().any(|file| file.name == watches::BROAD);
    if plan.daemon.disruptive.is_empty() && !broad {
        return;
    }
    section(
        out,
        "Disruptive",
        "Something that works today may stop. Each has files of its own, in which what takes a restart only is done \
         too; make a new plan after each that you use, or use `all`.",
    );
    for change in &plan.daemon.disruptive {
        say!(out, "### {}\n\n{}.\n", change.key, change.breaks);
        daemon(plan, change, out);
        say!(out, "");
    }
    if broad {
        say!(out, "### Audit of the engine's data\n");
        let breaks = plan.steps.iter().find_map(|planned| match planned.step {
            Step::Watch { risk: Risk::Disruptive { breaks }, .. } => Some(breaks),
            _ => None,
        });
        say!(out, "{}.\n", breaks.unwrap_or_default());
        audit(watches::BROAD, out);
        list(plan, out, |step| matches!(step, Step::Watch { risk: Risk::Disruptive { .. }, .. }));
    }
}

fn proved(plan: &FixPlan, proofs: &[Proof], out: &mut String) {
    if !plan.files.iter().any(|file| file.is_daemon_json) {
        return;
    }
    section(out, "Proof", "What `dockerd --validate --config-file` says of the configuration files here:");
    for proof in proofs {
        say!(out, "- {}: {}", code(&proof.file), printable(&proof.says));
    }
}

fn refused(plan: &FixPlan, out: &mut String) {
    let mut refused = plan.steps.iter().filter(|planned| planned.refused.is_some()).peekable();
    if refused.peek().is_none() {
        return;
    }
    section(out, "Could not be written", "A person does these:");
    for planned in refused {
        let why = planned.refused.as_deref().unwrap_or_default();
        say!(out, "- {}: {} ({})", planned.check, what(&planned.step), printable(why));
    }
}

fn by_hand(plan: &FixPlan, out: &mut String) {
    let mut by_rule: BTreeMap<(bool, String, &str), Vec<&Check>> = BTreeMap::new();
    for check in &plan.by_hand {
        let key = (check.answer == Answer::Manual, label(check), check.remediation.as_str());
        by_rule.entry(key).or_default().push(check);
    }
    let mut part = None;
    for ((manual, label, remediation), checks) in by_rule {
        if part != Some(manual) {
            part = Some(manual);
            if manual {
                section(out, "To be decided", "No program can answer these.");
            } else {
                section(out, "For a person", "These failed, and no file can mend them.");
            }
        }
        say!(out, "### {label}\n\n{}.\n", printable(remediation).trim_end_matches('.'));
        for check in checks.iter().take(SHOWN) {
            say!(out, "- {}: {}", code(&check.target), code(&check.evidence));
        }
        if checks.len() > SHOWN {
            say!(out, "- and {} more", checks.len() - SHOWN);
        }
        say!(out, "");
    }
}
