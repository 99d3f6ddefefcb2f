//! `plimsoll lint`: settings, inputs, checks and reports in their order.

use crate::Exit;
use crate::args::{Color, Format, LintFlags, parse_day};
use crate::check::{Fixing, Outcome, Task, check_all};
use crate::compose_files::follow;
use crate::discover::{Found, Source, discover};
use crate::output::{Destination, Reports, destinations, is_colored, print_error, print_note, print_to_stdout};
use crate::settings::{Profile, Resolver, current_folder};
use plimsoll::engine::{Date, Report, RuleMeta, Safety};
use plimsoll::report::{printable, unified_diff};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs the command; no path stands for the current folder.
pub(crate) fn run(paths: &[PathBuf], flags: &LintFlags) -> Exit {
    match try_run(paths, flags) {
        Ok(exit) => exit,
        Err(message) => {
            print_error(&message);
            Exit::Trouble
        }
    }
}

fn try_run(paths: &[PathBuf], flags: &LintFlags) -> Result<Exit, String> {
    let folder = current_folder()?;
    let today = today(flags.settings.now)?;
    let fixing = fixing(flags);
    let mut resolver = Resolver::new(&flags.settings, &folder, today);
    let hadolint = resolver.current_hadolint();
    let outputs = outputs(paths, flags, hadolint.and_then(|config| config.format.as_deref()), fixing)?;
    let no_color = flags.reports.color == Color::Auto && hadolint.is_some_and(|config| config.no_color);
    let color = if no_color { Color::Never } else { flags.reports.color };

    // Inputs, and what applies to them.
    let bare = paths.is_empty();
    let here = [PathBuf::from(".")];
    let mut found = discover(&folder, if bare { &here } else { paths }, flags.stdin_filename.as_deref(), bare);
    follow(&mut found, &folder, |place| resolver.is_excluded(place));
    let Found { inputs, errors, not_followed } = found;
    let none_found = inputs.is_empty() && errors.is_empty();
    let (excluded, inputs): (Vec<_>, Vec<_>) = inputs.into_iter().partition(|input| resolver.is_excluded(&input.place));
    if excluded.iter().any(|input| input.source == Source::Stdin) {
        pass_through(fixing);
    }
    let mut report = Report::default();
    report.errors.extend(errors.into_iter().filter(|(place, _)| !resolver.is_excluded(place)).map(|(_, error)| error));
    let not_followed: Vec<String> =
        not_followed.into_iter().filter(|(place, _)| !resolver.is_excluded(place)).map(|(_, note)| note).collect();
    let applied: Vec<_> = inputs.iter().map(|input| resolver.apply(&input.place, &input.shown)).collect();
    let (profiles, configs, mistakes) = resolver.finish();
    report.errors.extend(mistakes);
    let mut notes = Vec::new();
    for file in configs.iter().filter(|file| file.hadolint) {
        let level = flags.settings.fail_level.or(file.config.effective_fail_level()).unwrap_or_default();
        notes.push(format!("{} is used: preset hadolint, fail level {level}", file.shown));
    }
    notes.extend(not_followed);
    if none_found {
        notes.push("no Dockerfile or Compose file here".to_owned());
    } else if inputs.is_empty() && !excluded.is_empty() {
        notes.push(format!("nothing to check, {} left out", counted(excluded.len(), "file")));
    }

    // Checks.
    let tasks: Vec<Task<'_>> = inputs
        .iter()
        .zip(applied)
        .map(|(input, applied)| Task { input, profile: &profiles[applied.profile], applied })
        .collect();
    let jobs = flags.jobs.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let outcomes = check_all(&tasks, fixing, &folder, jobs);
    let fails = tasks.iter().zip(&outcomes).any(|(task, outcome)| {
        let findings = outcome.report.iter().flat_map(|report| &report.findings);
        findings.into_iter().any(|finding| task.profile.fail_level.fails(finding.severity))
    });
    let unsound = fixing != Fixing::Off && profiles.iter().any(|profile| !profile.sound);
    if unsound {
        notes.push("files are left as they are where the configuration has errors".to_owned());
    }

    // Reports.
    let mut fixed = (0, 0);
    let mut diffs = Vec::new();
    let mut texts = String::new();
    for Outcome { report: file, error, fixed: mended, text, diff } in outcomes {
        report.errors.extend(error);
        fixed = (fixed.0 + mended, fixed.1 + usize::from(mended > 0));
        texts.push_str(&text.unwrap_or_default());
        if let (Some(file), Some((before, after))) = (&file, diff) {
            diffs.push((file.path.clone(), before, after));
        }
        report.files.extend(file);
    }
    report.errors.sort();
    if fixed.0 > 0 {
        notes.push(format!("fixed {} in {}", counted(fixed.0, "finding"), counted(fixed.1, "file")));
    }
    let mut written = true;
    if let Fixing::Show(_) = fixing {
        let color = is_colored(color, &std::io::stdout());
        written &= print_to_stdout(|out| {
            diffs.iter().try_for_each(|(path, before, after)| unified_diff(path, before, after, color, out))
        });
    }
    if !texts.is_empty() {
        written &= print_to_stdout(|out| out.write_all(texts.as_bytes()));
    }
    if !flags.reports.quiet {
        for note in &notes {
            print_note(&printable(note));
        }
    }
    let reports = Reports {
        report: &report,
        rules: &active_rules(&profiles),
        color,
        quiet: flags.reports.quiet,
        statistics: flags.reports.statistics,
    };
    written &= reports.write(&outputs);

    let trouble = !report.errors.is_empty() || !written;
    Ok(match (trouble, fails && !flags.reports.exit_zero) {
        (true, _) => Exit::Trouble,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}

/// Reads a standard input that is left out, so that whoever writes it does not break; where fixes were asked for, it
/// goes on as it is.
fn pass_through(fixing: Fixing) {
    let mut stdin = std::io::stdin().lock();
    if matches!(fixing, Fixing::Write(_)) {
        print_to_stdout(|mut out| std::io::copy(&mut stdin, &mut out).map(drop));
    } else {
        // Nothing depends on it.
        let _ = std::io::copy(&mut stdin, &mut std::io::sink());
    }
}

/// The day by which expiry dates are judged.
pub(crate) fn today(now: Option<Date>) -> Result<Option<Date>, String> {
    if now.is_some() {
        return Ok(now);
    }
    if let Ok(epoch) = std::env::var("SOURCE_DATE_EPOCH")
        && !epoch.is_empty()
    {
        let seconds =
            epoch.parse().map_err(|_| format!("SOURCE_DATE_EPOCH: `{}` is no number of seconds", printable(&epoch)));
        return seconds.map(|seconds| Some(Date::of_unix_time(seconds)));
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    Ok(since.and_then(|since| parse_day(&since.as_secs().to_string()).ok()))
}

fn fixing(flags: &LintFlags) -> Fixing {
    let allowed = if flags.fix_unsafe { Safety::Unsafe } else { Safety::Safe };
    match (flags.diff, flags.fix || flags.fix_unsafe) {
        (true, _) => Fixing::Show(allowed),
        (false, true) => Fixing::Write(allowed),
        (false, false) => Fixing::Off,
    }
}

/// Where reports go. Only one may go to standard output, and none where a diff goes there.
fn outputs(
    paths: &[PathBuf],
    flags: &LintFlags,
    hadolint_format: Option<&str>,
    fixing: Fixing,
) -> Result<Vec<(Format, Destination)>, String> {
    let is_stdin_fixed = matches!(fixing, Fixing::Write(_)) && paths.iter().any(|path| path.as_os_str() == "-");
    let diff = matches!(fixing, Fixing::Show(_));
    let place = match &flags.reports.output {
        Some(file) => Destination::File(file.clone()),
        // The fixed text goes to standard output.
        None if is_stdin_fixed => Destination::Stderr,
        None => Destination::Stdout,
    };
    if flags.reports.format.is_empty() {
        let format = match hadolint_format {
            Some("json") => Format::Json,
            Some("sarif") => Format::Sarif,
            _ => Format::Text,
        };
        let wanted = !(diff && place == Destination::Stdout);
        return Ok(wanted.then_some((format, place)).into_iter().collect());
    }
    let destinations = destinations(&flags.reports, place)?;
    if diff && destinations.iter().any(|(_, destination)| *destination == Destination::Stdout) {
        return Err("--diff writes to standard output: give the report a file, as in --format json=FILE".to_owned());
    }
    Ok(destinations)
}

/// The rules of which findings may have been wanted in some input, by rising id.
fn active_rules(profiles: &[Profile]) -> Vec<&'static RuleMeta> {
    let rules = profiles.iter().flat_map(Profile::active_rules);
    rules.map(|rule| (rule.id, rule)).collect::<BTreeMap<_, _>>().into_values().collect()
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
