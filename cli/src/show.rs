//! The commands that only show something: rules, settings, completions and the manual page.

use crate::Exit;
use crate::args::{Arguments, Color, RulesFormat, SettingsFlags};
use crate::config_files::shown_from;
use crate::lint::today;
use crate::names::is_compose_name;
use crate::output::{is_colored, print_error, print_input_error, print_to_stdout};
use crate::settings::{Resolver, current_folder};
use clap::CommandFactory;
use plimsoll::engine::{Preset, RuleMeta, Selection, SelectionSpec};
use plimsoll::report::{printable, rules_json, rules_md, rules_text};
use plimsoll::{Linter, Settings, compose_rules, peers, rules as all_rules};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// `plimsoll explain`: every rule that has the id, or the alias.
pub(crate) fn explain(id: &str, color: Color) -> Exit {
    let rules = match named(id) {
        Ok(rules) => rules,
        Err(message) => {
            print_error(&printable(&message));
            return Exit::Trouble;
        }
    };
    let color = is_colored(color, &io::stdout());
    done(print_to_stdout(|out| {
        for (number, rule) in rules.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            plimsoll::report::explain(rule, peers(), color, out)?;
        }
        Ok(())
    }))
}

/// `plimsoll rules`.
pub(crate) fn rules(format: RulesFormat) -> Exit {
    let rules = all_rules();
    done(print_to_stdout(|out| match format {
        RulesFormat::Text => rules_text(&rules, out),
        RulesFormat::Json => rules_json(&rules, peers(), out),
        RulesFormat::Md => rules_md(&rules, peers(), out),
    }))
}

/// `plimsoll completions`.
pub(crate) fn completions(shell: clap_complete::Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "plimsoll", &mut script);
    done(print_to_stdout(|out| out.write_all(&script)))
}

/// `plimsoll man`.
pub(crate) fn man() -> Exit {
    done(print_to_stdout(|mut out| clap_mangen::Man::new(Arguments::command()).render(&mut out)))
}

/// `plimsoll show-settings`: which configuration the file gets, and why each rule is on or off.
pub(crate) fn settings(file: &Path, flags: &SettingsFlags) -> Exit {
    match try_settings(file, flags) {
        Ok(exit) => exit,
        Err(message) => {
            print_error(&message);
            Exit::Trouble
        }
    }
}

fn try_settings(file: &Path, flags: &SettingsFlags) -> Result<Exit, String> {
    let folder = current_folder()?;
    let mut resolver = Resolver::new(flags, &folder, today(flags.now)?);
    let place = crate::discover::place_of(&folder.join(file));
    let excluded = resolver.is_excluded(&place);
    let shown = crate::names::shown(file);
    let key = resolver.key_of(&place);
    let applied = resolver.apply(&place, &shown);
    let config = resolver.config(key.config).map_or_else(|| "none".to_owned(), |file| file.shown.clone());
    let (spec, fail_level) = (resolver.spec(&key), resolver.fail_level(&key));
    let (profiles, _, errors) = resolver.finish();
    let fine = print_to_stdout(|out| {
        writeln!(out, "file           {}", printable(&shown_from(&folder, Path::new(&shown))))?;
        writeln!(out, "configuration  {}", printable(&config))?;
        writeln!(out, "excluded       {}", if excluded { "yes: it is not checked" } else { "no" })?;
        match &spec.select {
            Some(ids) => writeln!(out, "rules from     select {}", printable(&ids.join(",")))?,
            None => writeln!(out, "rules from     preset {}", spec.preset.unwrap_or(Preset::Recommended).name())?,
        }
        writeln!(out, "fail level     {fail_level}\n")?;
        let Some(profile) = profiles.get(applied.profile) else { return Ok(()) };
        let compose = place.file_name().is_some_and(is_compose_name);
        let (active, all) = if compose {
            (profile.compose().active_rules(), compose_rules())
        } else {
            (profile.linter.active_rules(), all_rules())
        };
        let on: BTreeSet<&str> = active.iter().map(|rule| rule.id).collect();
        let reasons = Reasons::new(&spec, compose);
        for rule in all {
            let state = if on.contains(rule.id) { "on " } else { "off" };
            writeln!(out, "{state}  {:32}  {}", rule.id, printable(&reasons.of(rule, on.contains(rule.id))))?;
        }
        Ok(())
    });
    errors.iter().for_each(print_input_error);
    Ok(if errors.is_empty() { done(fine) } else { Exit::Trouble })
}

/// Why rules are on or off: for each thing that the selection says, the rules that it concerns.
struct Reasons {
    list: Vec<(String, BTreeSet<&'static str>)>,
    base: String,
}

impl Reasons {
    fn new(spec: &SelectionSpec, compose: bool) -> Self {
        let matched = |id: &str| matched(id, compose);
        let base = match &spec.select {
            Some(_) => "select".to_owned(),
            None => format!("preset {}", spec.preset.unwrap_or(Preset::Recommended).name()),
        };
        let mut list = Vec::new();
        let whole = SelectionSpec { preset: spec.preset, ..SelectionSpec::default() };
        match &spec.select {
            Some(ids) => list.extend(ids.iter().map(|id| (format!("select {id}"), matched(id)))),
            None => list.push((base.clone(), active(whole, compose))),
        }
        list.extend(spec.extend_select.iter().map(|id| (format!("extend-select {id}"), matched(id))));
        list.extend(spec.ignore.iter().map(|id| (format!("ignore {id}"), matched(id))));
        list.extend(spec.severity.iter().map(|(id, level)| (format!("severity {id} = {level}"), matched(id))));
        Self { list, base }
    }

    fn of(&self, rule: &RuleMeta, on: bool) -> String {
        let reasons = self.list.iter().filter(|(_, rules)| rules.contains(rule.id)).map(|(reason, _)| reason.as_str());
        let reasons: Vec<&str> = reasons.collect();
        match (reasons.is_empty(), on) {
            (true, _) => format!("not in {}", self.base),
            (false, _) => reasons.join(", "),
        }
    }
}

/// The rules that an id, an alias or a glob means; an unknown one means none.
fn matched(id: &str, compose: bool) -> BTreeSet<&'static str> {
    active(SelectionSpec { select: Some(vec![id.to_owned()]), ..SelectionSpec::default() }, compose)
}

fn active(spec: SelectionSpec, compose: bool) -> BTreeSet<&'static str> {
    let linter = Linter::new(&Settings { spec, ..Settings::default() });
    let rules = |linter: Linter| if compose { linter.compose().active_rules() } else { linter.active_rules() };
    linter.map(|linter| rules(linter).iter().map(|rule| rule.id).collect()).unwrap_or_default()
}

/// The rules that have an id or alias; else the message that names the nearest.
fn named(id: &str) -> Result<Vec<&'static RuleMeta>, String> {
    let spec = SelectionSpec { select: Some(vec![id.to_owned()]), ..SelectionSpec::default() };
    Selection::resolve(&spec, all_rules(), peers())
        .map(|selection| selection.active().collect())
        .map_err(|errors| errors.first().map_or_else(|| format!("unknown rule `{id}`"), ToString::to_string))
}

fn done(well: bool) -> Exit {
    if well { Exit::Clean } else { Exit::Trouble }
}
