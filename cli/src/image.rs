//! `plimsoll image`: inputs, scans and reports in their order.

use crate::Exit;
use crate::args::{CacheFlags, Format, ImageFlags};
use crate::cache::{self, CacheFolder};
use crate::check::check_one;
use crate::image_files::{OpenImage, is_layout};
use crate::lint::today;
use crate::names::shown;
use crate::output::{Destination, Reports, destinations, print_error, print_note};
use crate::read::{io_message, irregular};
use crate::settings::{Key, Resolver, current_folder, flag_error};
use plimsoll::engine::{FailLevel, FileReport, InputError, Report, RuleMeta, Suppressed, SuppressedBy};
use plimsoll::image::Cache;
use plimsoll::report::printable;
use plimsoll::{ImageScanner, ScanOptions, Scanned};
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, DirEntry, File};
use std::io::Read as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::rc::Rc;

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
    let resolver = Resolver::new(&flags.settings, &folder, today(flags.settings.now)?);
    let mut report = Report::default();
    let caching = Caching::open(&flags.cache, &mut report.errors);
    let mut scanners = Scanners { resolver, flags, known: HashMap::new() };
    let mut seen = BTreeSet::new();
    for path in paths {
        for found in inputs(path, flags.reports.quiet) {
            match found {
                // What is named twice is scanned once.
                Ok(path) if seen.insert(path.clone()) => {
                    let place = folder.join(&path);
                    if scanners.resolver.is_image_excluded(&place) {
                        if !flags.reports.quiet {
                            print_note(&format!("{} is left out", printable(&shown(&path))));
                        }
                        continue;
                    }
                    let scanner = scanners.get(&place);
                    let mut scanned = scan(&scanner, &path, flags, caching.cache().as_ref());
                    scanners.take_ignored(&place, &mut scanned.report);
                    report.images.extend(scanned.images);
                    report.errors.extend(scanned.errors);
                    report.files.push(scanned.report);
                }
                Ok(_) => {}
                Err(error) => report.errors.push(error),
            }
        }
    }
    caching.trim();
    let place = folder.join("image");
    let rules = scanners.get(&place).active_rules();
    let key = scanners.resolver.key_of_image(&place);
    let fail_level = scanners.resolver.fail_level(&key);
    let (_, _, mistakes) = scanners.resolver.finish();
    report.errors.extend(mistakes);
    Ok(finish(report, &rules, flags, &outputs, fail_level))
}

/// The scanners for paths, which differ where the configuration ignores rules by path.
struct Scanners<'a> {
    resolver: Resolver<'a>,
    flags: &'a ImageFlags,
    known: HashMap<Key, Rc<ImageScanner>>,
}

impl Scanners<'_> {
    fn get(&mut self, place: &Path) -> Rc<ImageScanner> {
        let key = self.resolver.key_of_image(place);
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let (scanner, _) = self.resolver.build(&key, |settings| ImageScanner::new(settings, options(self.flags)));
        let scanner = Rc::new(scanner);
        self.known.insert(key, Rc::clone(&scanner));
        scanner
    }

    /// Takes out what the configuration ignores by the path of a file in the image, `app.tar/srv/test/`.
    fn take_ignored(&mut self, place: &Path, report: &mut FileReport) {
        let findings = std::mem::take(&mut report.findings);
        for finding in findings {
            let file = finding.image.as_ref().and_then(|image| image.file.as_ref());
            let wanted = file.is_none_or(|file| self.get(&place.join(file)).wants(&finding));
            if wanted {
                report.findings.push(finding);
            } else {
                let (rule, span, by) = (finding.rule.id, finding.span, SuppressedBy::Config);
                report.suppressed.push(Suppressed { rule, span, by, reason: None, expires: None });
            }
        }
    }
}

/// How images are to be read.
pub(crate) fn options(flags: &ImageFlags) -> ScanOptions {
    ScanOptions {
        platform: flags.platform.clone(),
        no_verify: flags.no_verify,
        limits: flags.limits.limits(),
        jobs: flags.jobs.or_else(|| std::thread::available_parallelism().ok()).or(NonZeroUsize::new(1)),
    }
}

/// Sorts a report, writes it and says how it went.
pub(crate) fn finish(
    mut report: Report,
    rules: &[&'static RuleMeta],
    flags: &ImageFlags,
    outputs: &[(Format, Destination)],
    fail_level: FailLevel,
) -> Exit {
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    report.images.sort_by(|a, b| (&a.path, &a.name, &a.platform).cmp(&(&b.path, &b.name, &b.platform)));
    report.errors.sort();
    report.errors.dedup();
    let reports = Reports {
        report: &report,
        rules,
        color: flags.reports.color,
        quiet: flags.reports.quiet,
        statistics: flags.reports.statistics,
    };
    let written = reports.write(outputs);
    match (!report.errors.is_empty() || !written, report.fails(fail_level) && !flags.reports.exit_zero) {
        (true, _) => Exit::Trouble,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    }
}

/// The cache of a run, where there is one.
pub(crate) struct Caching(Option<(CacheFolder, [u8; 32])>);

impl Caching {
    /// Opens what the flags ask for. Without it everything is scanned all the same.
    pub(crate) fn open(flags: &CacheFlags, errors: &mut Vec<InputError>) -> Self {
        Self(cache::open(flags).unwrap_or_else(|message| {
            // Who named the folder wants it used; of the usual one it is enough to hear.
            if flags.cache_dir.is_some() {
                errors.push(flag_error(message));
            } else {
                print_note(&printable(&message));
            }
            None
        }))
    }

    pub(crate) fn cache(&self) -> Option<Cache<'_>> {
        self.0.as_ref().map(|(folder, key)| Cache::new(folder, *key))
    }

    /// Removes what is too much.
    pub(crate) fn trim(&self) {
        if let Some((folder, _)) = &self.0 {
            folder.trim();
        }
    }
}

/// What a path on the command line stands for: itself, or the archives in a folder. What is no path is the name of an
/// image in the local engine.
fn inputs(path: &Path, is_quiet: bool) -> Vec<Result<PathBuf, InputError>> {
    if path.as_os_str() == "-" {
        return vec![Ok(path.to_owned())];
    }
    let failed = |message: String| vec![Err(InputError { path: shown(path), line: None, column: None, message })];
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return vec![Ok(path.to_owned())],
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
    let entries: Vec<DirEntry> = match fs::read_dir(path).and_then(Iterator::collect) {
        Ok(entries) => entries,
        Err(error) => return failed(io_message(&error)),
    };
    let leaves_out = |path: &Path, why: &str| {
        if !is_quiet {
            print_note(&format!("{} is {why}", printable(&shown(path))));
        }
    };
    let mut archives = Vec::new();
    for entry in entries {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_file() && is_archive(&path) || kind.is_dir() && is_layout(&path) => archives.push(path),
            Ok(kind) if kind.is_symlink() && has_archive_name(&path) => {
                leaves_out(&path, "a link and not followed");
            }
            Ok(kind) if kind.is_dir() => leaves_out(&path, "a folder, in which nothing is looked for"),
            Ok(_) => {}
            Err(error) => return failed(io_message(&error)),
        }
    }
    archives.sort();
    if archives.is_empty() {
        return failed("a folder with neither a layout (index.json, manifest.json) nor archives".to_owned());
    }
    archives.into_iter().map(Ok).collect()
}

/// Whether a file in a folder is taken for an archive: by its name, else by what a tar has at its start.
fn is_archive(path: &Path) -> bool {
    const MAGIC: usize = 257;
    let mut start = Vec::new();
    has_archive_name(path)
        || File::open(path).is_ok_and(|file| file.take(512).read_to_end(&mut start).is_ok())
            && start.get(MAGIC..).is_some_and(|magic| magic.starts_with(b"ustar"))
}

fn has_archive_name(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    [".tar", ".tgz", ".tzst", ".tar.gz", ".tar.zst", ".tar.zstd"].iter().any(|ending| name.ends_with(ending))
}

/// The name by which reports call an input.
pub(crate) fn name_of(path: &Path) -> String {
    if path.as_os_str() == "-" { "<stdin>".to_owned() } else { shown(path) }
}

fn scan(scanner: &ImageScanner, path: &Path, flags: &ImageFlags, cache: Option<&Cache<'_>>) -> Scanned {
    let name = name_of(path);
    let work = || {
        let image = OpenImage::open(path, flags.reports.quiet)?;
        Ok(image.scan(|input| scanner.scan_cached(&name, input, cache)))
    };
    match check_one(work) {
        Ok(Ok(scanned)) => scanned,
        Ok(Err(message)) | Err(message) => failed(&name, message),
    }
}

/// What a scan gives of an input that cannot be read.
pub(crate) fn failed(name: &str, message: String) -> Scanned {
    let mut scanned = Scanned::nothing(name);
    scanned.errors.push(InputError { path: name.to_owned(), line: None, column: None, message });
    scanned
}
