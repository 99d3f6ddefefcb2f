//! `plimsoll image`: inputs, scans and reports in their order.

use crate::Exit;
use crate::args::ImageFlags;
use crate::cache;
use crate::check::check_one;
use crate::image_files::{Layout, OpenFile, is_layout};
use crate::lint::today;
use crate::names::shown;
use crate::output::{Destination, Reports, destinations, print_error, print_note};
use crate::read::{io_message, irregular};
use crate::settings::{Resolver, current_folder, flag_error};
use plimsoll::engine::{InputError, Report};
use plimsoll::image::{Cache, Input};
use plimsoll::report::printable;
use plimsoll::{ImageScanner, ScanOptions, Scanned};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Runs the command.
pub(crate) fn run(paths: &[PathBuf], flags: &ImageFlags) -> Exit {
    match try_run(paths, flags) {
        Ok(exit) => exit,
        Err(message) => {
            print_error(&printable(&message));
            Exit::Trouble
        }
    }
}

fn try_run(paths: &[PathBuf], flags: &ImageFlags) -> Result<Exit, String> {
    let place = flags.reports.output.clone().map_or(Destination::Stdout, Destination::File);
    let outputs = destinations(&flags.reports, place)?;
    let folder = current_folder()?;
    let mut resolver = Resolver::new(&flags.settings, &folder, today(flags.settings.now)?);
    // The configuration is that of the current folder: an image is no file of a project.
    let key = resolver.key_of(&folder.join("image"));
    let options = ScanOptions {
        platform: flags.platform.clone(),
        no_verify: flags.no_verify,
        limits: flags.limits.limits(),
        jobs: flags.jobs.or_else(|| std::thread::available_parallelism().ok()).or(NonZeroUsize::new(1)),
    };
    let (scanner, _) = resolver.build(&key, |settings| ImageScanner::new(settings, options.clone()));
    let fail_level = resolver.fail_level(&key);
    let (_, _, mistakes) = resolver.finish();

    let mut report = Report { errors: mistakes, ..Report::default() };
    let opened = cache::open(&flags.cache).unwrap_or_else(|message| {
        // Who named the folder wants it used; of the usual one it is enough to hear.
        if flags.cache.cache_dir.is_some() {
            report.errors.push(flag_error(message));
        } else {
            print_note(&printable(&message));
        }
        None
    });
    let cache = opened.as_ref().map(|(folder, key)| Cache::new(folder, *key));
    let mut seen = BTreeSet::new();
    for path in paths {
        for found in inputs(path) {
            match found {
                // What is named twice is scanned once.
                Ok(path) if seen.insert(path.clone()) => {
                    let scanned = scan(&scanner, &path, cache.as_ref());
                    report.images.extend(scanned.images);
                    report.errors.extend(scanned.errors);
                    report.files.push(scanned.report);
                }
                Ok(_) => {}
                Err(error) => report.errors.push(error),
            }
        }
    }
    if let Some((folder, _)) = &opened {
        folder.trim();
    }
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    report.images.sort_by(|a, b| (&a.path, &a.name, &a.platform).cmp(&(&b.path, &b.name, &b.platform)));
    report.errors.sort();
    report.errors.dedup();

    let rules = scanner.active_rules();
    let reports = Reports {
        report: &report,
        rules: &rules,
        color: flags.reports.color,
        quiet: flags.reports.quiet,
        statistics: flags.reports.statistics,
    };
    let written = reports.write(&outputs);
    Ok(match (!report.errors.is_empty() || !written, report.fails(fail_level) && !flags.reports.exit_zero) {
        (true, _) => Exit::Trouble,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}

/// What a path on the command line stands for: itself, or the archives in a folder.
fn inputs(path: &Path) -> Vec<Result<PathBuf, InputError>> {
    if path.as_os_str() == "-" {
        return vec![Ok(path.to_owned())];
    }
    let failed = |message: String| vec![Err(InputError { path: shown(path), line: None, message })];
    match std::fs::metadata(path) {
        Err(error) => return failed(io_message(&error)),
        Ok(metadata) if metadata.is_dir() => {}
        Ok(metadata) => {
            return irregular(&metadata)
                .map_or_else(|| vec![Ok(path.to_owned())], |kind| failed(format!("is {kind}, not a regular file")));
        }
    }
    if is_layout(path) {
        return vec![Ok(path.to_owned())];
    }
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return failed(io_message(&error)),
    };
    let mut archives: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()) && is_archive_name(&entry.path()))
        .map(|entry| entry.path())
        .collect();
    archives.sort();
    if archives.is_empty() {
        return failed("a folder with neither a layout (index.json, manifest.json) nor archives".to_owned());
    }
    archives.into_iter().map(Ok).collect()
}

/// Whether a file in a folder is taken for an archive.
fn is_archive_name(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    [".tar", ".tgz", ".tzst", ".tar.gz", ".tar.zst", ".tar.zstd"].iter().any(|ending| name.ends_with(ending))
}

fn scan(scanner: &ImageScanner, path: &Path, cache: Option<&Cache<'_>>) -> Scanned {
    let name = if path.as_os_str() == "-" { "<stdin>".to_owned() } else { shown(path) };
    let trouble = |message: String| {
        let mut scanned = Scanned::nothing(&name);
        scanned.errors.push(InputError { path: name.clone(), line: None, message });
        scanned
    };
    let work = || {
        if path.as_os_str() == "-" {
            return Ok(scanner.scan(&name, Input::Stream(Box::new(std::io::stdin().lock()))));
        }
        if path.is_dir() {
            return Ok(scanner.scan_cached(&name, Input::Folder(&Layout::new(path)), cache));
        }
        let file = OpenFile::open(path).map_err(|error| io_message(&error))?;
        Ok(scanner.scan_cached(&name, Input::File(&file), cache))
    };
    match check_one(work) {
        Ok(Ok(scanned)) => scanned,
        Ok(Err(message)) | Err(message) => trouble(message),
    }
}
