//! `plimsoll host`: facts from a bundle, checks and reports in their order.

use crate::Exit;
use crate::args::HostFlags;
use crate::check::check_one;
use crate::fix_plan;
use crate::folder::must_be_empty;
use crate::lint::today;
use crate::live;
use crate::names::shown;
use crate::output::{Destination, Reports, destinations, print_error};
use crate::read::{io_message, read_regular};
use crate::settings::{Resolver, current_folder, flag_error};
use plimsoll::engine::{Answer, FailLevel, InputError, Report, SelectionSpec};
use plimsoll::host::Bundle;
use plimsoll::report::printable;
use plimsoll::{AuditSettings, Auditor, Settings};
use std::path::Path;

/// Runs the command.
pub(crate) fn run(flags: &HostFlags) -> Exit {
    match try_run(flags) {
        Ok(exit) => exit,
        Err(message) => {
            print_error(&printable(&message));
            Exit::Trouble
        }
    }
}

fn try_run(flags: &HostFlags) -> Result<Exit, String> {
    let place = flags.reports.output.clone().map_or(Destination::Stdout, Destination::File);
    let outputs = destinations(&flags.reports, place)?;
    if let Some(folder) = &flags.fix_plan {
        must_be_empty(folder).map_err(|error| format!("--fix-plan: {error}"))?;
    }
    let bundle = match &flags.from {
        Some(folder) => {
            let mut bundle = read_bundle(folder)?;
            plimsoll::mask_foreign_bundle(&mut bundle);
            bundle
        }
        None => live::collect(&flags.live)?,
    };
    let Configured { auditor, settings, fail_level, mistakes } = configured(flags)?;
    let mut report = check_one(|| auditor.audit(&bundle)).unwrap_or_else(|message| {
        let path = flags.from.as_deref().map(shown).unwrap_or_default();
        Report { errors: vec![InputError { path, line: None, column: None, message }], ..Report::default() }
    });
    report.errors.extend(mistakes);
    let mut rules = auditor.active_rules();
    if flags.scan_images {
        rules.extend(crate::host_images::scan(&auditor, &settings, &bundle, &flags.live, &mut report));
        rules.sort_by_key(|rule| rule.id);
    }
    report.errors.sort();

    let reports = Reports {
        report: &report,
        rules: &rules,
        color: flags.reports.color,
        quiet: flags.reports.quiet,
        statistics: flags.reports.statistics,
    };
    let mut written = reports.write(&outputs);
    if let Some(folder) = &flags.fix_plan {
        // A plan that breaks is no reason to lose the report.
        let planned = check_one(|| fix_plan::write(folder, &auditor.fix_plan(&bundle, &report))).and_then(|done| done);
        if let Err(message) = planned {
            print_error(&printable(&format!("--fix-plan: {message}")));
            written = false;
        }
    }
    let unknown = flags.fail_on_unknown && report.answered(Answer::Unknown) > 0;
    let fails = report.fails(fail_level) || unknown;
    Ok(match (!report.errors.is_empty() || !written, fails && !flags.reports.exit_zero) {
        (true, _) => Exit::Trouble,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}

/// What the command line and the configuration file make of the audit.
struct Configured {
    auditor: Auditor,
    /// Its settings, for the scan of images.
    settings: Settings,
    fail_level: FailLevel,
    mistakes: Vec<InputError>,
}

fn configured(flags: &HostFlags) -> Result<Configured, String> {
    let folder = current_folder()?;
    let mut resolver = Resolver::new(&flags.settings, &folder, today(flags.settings.now)?);
    let mut key = resolver.key_of(&folder.join("host"));
    // hadolint's configuration says nothing of hosts.
    if resolver.config(key.config).is_some_and(|file| file.hadolint) {
        key.config = None;
    }
    let config = resolver.config(key.config).map(|file| &file.config);
    let options = config.map(|config| config.options.clone()).unwrap_or_default();
    let host = config.map(|config| config.host.clone()).unwrap_or_default();
    let mut spec = resolver.spec(&key);
    let fail_level = resolver.fail_level(&key);
    let (_, _, mut mistakes) = resolver.finish();
    let audit = AuditSettings {
        containers: flags.container.clone(),
        exclude_containers: flags.exclude_container.clone(),
        images: flags.image.clone(),
        exclude_images: flags.exclude_image.clone(),
        options: host,
    };
    loop {
        let settings = Settings { spec: spec.clone(), options: options.clone(), ..Settings::default() };
        match Auditor::new(&settings, &audit) {
            Ok(auditor) => return Ok(Configured { auditor, settings, fail_level, mistakes }),
            Err(unknown) => {
                mistakes.extend(unknown.iter().map(|error| flag_error(error.to_string())));
                let known = |id: &String| !unknown.iter().any(|error| error.id == *id);
                let before = spec.clone();
                without(&mut spec, known);
                if spec == before {
                    return Err("the selection cannot be resolved".to_owned());
                }
            }
        }
    }
}

fn without(spec: &mut SelectionSpec, known: impl Fn(&String) -> bool) {
    spec.select.iter_mut().for_each(|ids| ids.retain(&known));
    spec.extend_select.retain(&known);
    spec.ignore.retain(&known);
    spec.severity.retain(|(id, _)| known(id));
}

/// Reads the files of a bundle that are there.
fn read_bundle(folder: &Path) -> Result<Bundle, String> {
    let metadata = std::fs::metadata(folder).map_err(|error| format!("{}: {}", shown(folder), io_message(&error)))?;
    if !metadata.is_dir() {
        return Err(format!("{}: a bundle is a folder", shown(folder)));
    }
    let mut bundle = Bundle::default();
    for name in Bundle::FILES {
        match read_fact(&folder.join(name)) {
            Ok(Some(text)) => drop(bundle.files.insert(name.to_owned(), text)),
            Ok(None) => {}
            Err(message) => drop(bundle.unreadable.insert(name.to_owned(), message)),
        }
    }
    if bundle.files.is_empty() && bundle.unreadable.is_empty() {
        return Err(format!("{}: there is no file of a bundle", shown(folder)));
    }
    Ok(bundle)
}

/// A file's text; nothing where it is not there.
fn read_fact(path: &Path) -> Result<Option<String>, String> {
    const LARGEST: u64 = 4 << 30;
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => read_regular(path, LARGEST).map(Some),
    }
}
