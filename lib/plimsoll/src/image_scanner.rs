use crate::ImageChecker;
use plimsoll_base::LineIndex;
use plimsoll_engine::{FileReport, Finding, ImageSummary, InputError, InputKind, RuleMeta, SelectError};
use plimsoll_image::{
    Archive, Budget, Cache, Crew, Error, Image, Input, LayerBlob, LayerFacts, LayerSet, Limits, Options, Platform,
};
use plimsoll_rules::hide_tokens;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How images are read.
#[derive(Debug, Clone, Default)]
pub struct ScanOptions {
    /// Only images for this platform; `None` for all.
    pub platform: Option<Platform>,
    /// Whether digests are left unverified.
    pub no_verify: bool,
    /// How much is accepted.
    pub limits: Limits,
    /// How many layers are read at once; `None` for one after the other.
    pub jobs: Option<NonZeroUsize>,
}

/// Scans saved images. One can be shared between threads.
#[derive(Debug)]
pub struct ImageScanner {
    checker: ImageChecker,
    options: ScanOptions,
}

/// What a scan of one input gave.
#[derive(Debug)]
pub struct Scanned {
    /// What was found.
    pub report: FileReport,
    /// The images that the input has.
    pub images: Vec<ImageSummary>,
    /// What could not be read; everything else was.
    pub errors: Vec<InputError>,
}

impl Scanned {
    /// Nothing so far.
    pub fn nothing(path: &str) -> Self {
        let report = FileReport {
            path: path.to_owned(),
            kind: InputKind::Image,
            source: String::new(),
            lines: LineIndex::new(""),
            findings: Vec::new(),
            suppressed: Vec::new(),
        };
        Self { report, images: Vec::new(), errors: Vec::new() }
    }
}

impl ImageScanner {
    /// Resolves the selection; the errors are ids that no rule has.
    pub fn new(settings: &crate::Settings, options: ScanOptions) -> Result<Self, Vec<SelectError>> {
        Ok(Self { checker: ImageChecker::new(settings)?, options })
    }

    /// The rules of which the selection may want findings in images, by rising id.
    pub fn active_rules(&self) -> Vec<&'static RuleMeta> {
        self.checker.active_rules()
    }

    /// Whether the selection wants a finding: one of another scanner may be one that this one leaves out.
    pub fn wants(&self, finding: &Finding) -> bool {
        self.checker.wants(finding)
    }

    /// Scans one input. `path` is shown in the report and is part of the fingerprints; nothing is read from it.
    ///
    /// ```
    /// use plimsoll::image::{Input, Limits};
    /// use plimsoll::{ImageScanner, ScanOptions, Settings};
    ///
    /// let scanner = ImageScanner::new(&Settings::default(), ScanOptions::default()).expect("known rules");
    /// let scanned = scanner.scan("notes.txt", Input::File(&b"no image".to_vec()));
    /// assert!(scanned.errors[0].message.starts_with("no image"));
    /// ```
    pub fn scan(&self, path: &str, input: Input<'_>) -> Scanned {
        self.scan_cached(path, input, None)
    }

    /// Like [`ImageScanner::scan`], with what was found out about layers before. The result is the same.
    pub fn scan_cached(&self, path: &str, input: Input<'_>, cache: Option<&Cache<'_>>) -> Scanned {
        self.scan_each(path, input, cache, &mut |_, _| {})
    }

    /// Like [`ImageScanner::scan_cached`]; `each` sees every image with its findings, and may take some.
    pub(crate) fn scan_each(
        &self,
        path: &str,
        input: Input<'_>,
        cache: Option<&Cache<'_>>,
        each: &mut dyn FnMut(&Image, &mut Vec<Finding>),
    ) -> Scanned {
        let budget = Budget::new(self.options.limits.clone());
        let options =
            Options { platform: self.options.platform.clone(), verify: !self.options.no_verify, secrets: true };
        let mut scanned = Scanned::nothing(path);
        let archive = match Archive::open(input, options, &budget) {
            Ok(archive) => archive,
            Err(error) => {
                scanned.errors.push(input_error(path, &error));
                return scanned;
            }
        };
        scanned.errors.extend(archive.errors.iter().map(|error| input_error(path, error)));
        let (layers, errors) = self.extract(&archive, cache);
        scanned.errors.extend(errors.iter().map(|error| input_error(path, error)));
        for plan in &archive.plans {
            // One image at a time: an archive can have many, and they share their layers' facts.
            let (mut image, errors) = archive.resolve(plan, &layers);
            if image.name.is_empty() {
                path.clone_into(&mut image.name);
            }
            scanned.errors.extend(errors.iter().map(|error| input_error(path, error)));
            let mut checked = self.checker.check(path, &image);
            each(&image, &mut checked.findings);
            scanned.report.findings.extend(checked.findings);
            scanned.report.suppressed.extend(checked.suppressed);
            scanned.images.push(checked.summary);
        }
        scanned.errors.sort();
        scanned.errors.dedup();
        scanned
    }

    fn extract(&self, archive: &Archive<'_>, cache: Option<&Cache<'_>>) -> (LayerSet, Vec<Error>) {
        let blobs = archive.layers();
        let next = AtomicUsize::new(0);
        let jobs = self.options.jobs.map_or(1, NonZeroUsize::get);
        let crew = Crew::new(jobs);
        let work = || {
            let seat = crew.seat();
            let mut done: Vec<(usize, Result<Arc<LayerFacts>, Error>)> = Vec::new();
            while let at = next.fetch_add(1, Ordering::Relaxed)
                && let Some(blob) = blobs.get(at)
            {
                let facts = match cache {
                    Some(cache) => archive.extract_cached(blob, &crew, cache),
                    None => archive.extract_with(blob, &crew),
                };
                done.push((at, facts));
            }
            seat.help();
            done
        };
        let mut done = if jobs <= 1 {
            work()
        } else {
            std::thread::scope(|scope| {
                let others: Vec<_> = (1..jobs).map(|_| scope.spawn(work)).collect();
                let mut done = work();
                for other in others {
                    match other.join() {
                        Ok(theirs) => done.extend(theirs),
                        // A panic is the input's, and whoever called guards against those.
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                done
            })
        };
        done.sort_by_key(|(at, _)| *at);
        collect(&blobs, done)
    }
}

fn collect(blobs: &[LayerBlob], done: Vec<(usize, Result<Arc<LayerFacts>, Error>)>) -> (LayerSet, Vec<Error>) {
    let (mut layers, mut errors) = (LayerSet::default(), Vec::new());
    for (blob, (_, result)) in blobs.iter().zip(done) {
        layers.insert(blob, result.map_err(|error| errors.push(error)).ok());
    }
    (layers, errors)
}

fn input_error(path: &str, error: &Error) -> InputError {
    // It names what an archive names, which may be anything.
    let mut message = error.to_string();
    hide_tokens(&mut message);
    InputError { path: path.to_owned(), line: None, column: None, message }
}
