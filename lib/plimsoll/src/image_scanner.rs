use plimsoll_base::LineIndex;
use plimsoll_engine::{
    FileReport, Finding, ImageSummary, InputError, InputKind, LayerSummary, PackageSummary, SelectError, Selection,
    UserSummary,
};
use plimsoll_image::{
    Archive, Budget, Error, Image, Input, LayerBlob, LayerFacts, LayerSet, Limits, Options, Platform,
};
use plimsoll_rules::{metas, peer_presets};
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
    selection: Selection,
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

impl ImageScanner {
    /// Resolves the selection; the errors are ids that no rule has.
    pub fn new(settings: &crate::Settings, options: ScanOptions) -> Result<Self, Vec<SelectError>> {
        let selection = Selection::resolve(&settings.spec, metas(), peer_presets())?;
        Ok(Self { selection, options })
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
        let budget = Budget::new(self.options.limits.clone());
        let options =
            Options { platform: self.options.platform.clone(), verify: !self.options.no_verify, secrets: true };
        let mut scanned = Scanned { report: empty_report(path), images: Vec::new(), errors: Vec::new() };
        let archive = match Archive::open(input, options, &budget) {
            Ok(archive) => archive,
            Err(error) => {
                scanned.errors.push(input_error(path, &error));
                return scanned;
            }
        };
        scanned.errors.extend(archive.errors.iter().map(|error| input_error(path, error)));
        let (layers, errors) = self.extract(&archive);
        scanned.errors.extend(errors.iter().map(|error| input_error(path, error)));
        for plan in &archive.plans {
            // One image at a time: an archive can have many, and they share their layers' facts.
            let (image, errors) = archive.resolve(plan, &layers);
            scanned.errors.extend(errors.iter().map(|error| input_error(path, error)));
            scanned.report.findings.extend(self.findings(path, &image));
            scanned.images.push(summary(path, &image));
        }
        scanned.errors.sort();
        scanned.errors.dedup();
        scanned
    }

    fn extract(&self, archive: &Archive<'_>) -> (LayerSet, Vec<Error>) {
        let blobs = archive.layers();
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done: Vec<(usize, Result<Arc<LayerFacts>, Error>)> = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(blob) = blobs.get(at) else { return done };
                done.push((at, archive.extract(blob)));
            }
        };
        let jobs = self.options.jobs.map_or(1, NonZeroUsize::get).min(blobs.len());
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

    fn findings(&self, _path: &str, _image: &Image) -> Vec<Finding> {
        let _ = &self.selection;
        Vec::new()
    }
}

fn collect(blobs: &[LayerBlob], done: Vec<(usize, Result<Arc<LayerFacts>, Error>)>) -> (LayerSet, Vec<Error>) {
    let (mut layers, mut errors) = (LayerSet::default(), Vec::new());
    for (blob, (_, result)) in blobs.iter().zip(done) {
        layers.insert(blob, result.map_err(|error| errors.push(error)).ok());
    }
    (layers, errors)
}

fn empty_report(path: &str) -> FileReport {
    FileReport {
        path: path.to_owned(),
        kind: InputKind::Image,
        source: String::new(),
        lines: LineIndex::new(""),
        findings: Vec::new(),
        suppressed: Vec::new(),
    }
}

fn input_error(path: &str, error: &Error) -> InputError {
    InputError { path: path.to_owned(), line: None, message: error.to_string() }
}

/// What reports show of an image.
fn summary(path: &str, image: &Image) -> ImageSummary {
    let config = image.config.as_ref();
    let words = |words: &[String]| words.iter().map(|word| masked(word)).collect();
    let mut packages: Vec<PackageSummary> = image
        .packages()
        .map(|(entry, package)| PackageSummary {
            kind: package.ecosystem.name(),
            name: package.name.to_string(),
            version: package.version.to_string(),
            layer: u32::try_from(entry.layer()).ok(),
        })
        .collect();
    packages.sort();
    packages.dedup();
    ImageSummary {
        path: path.to_owned(),
        name: image.name.clone(),
        platform: image.platform.as_ref().map(Platform::to_string).unwrap_or_default(),
        id: image.id.map(|id| id.to_string()),
        distribution: distribution(image),
        created: config.and_then(|config| config.created.clone()),
        user: config.and_then(|config| config.user.clone()).unwrap_or_default(),
        entrypoint: config.map(|config| words(&config.entrypoint)).unwrap_or_default(),
        command: config.map(|config| words(&config.cmd)).unwrap_or_default(),
        size: image.size(),
        waste: image.waste(),
        layers: image
            .layers
            .iter()
            .enumerate()
            .map(|(number, layer)| LayerSummary {
                diff_id: layer.diff_id.map(|id| id.to_string()).unwrap_or_default(),
                digest: layer.digest.filter(|digest| Some(*digest) != layer.diff_id).map(|digest| digest.to_string()),
                created_by: image.created_by(number).map(masked),
                size: layer.size,
                waste: layer.waste,
                entries: layer.entries as u64,
            })
            .collect(),
        packages,
        users: users(image),
    }
}

fn distribution(image: &Image) -> Option<String> {
    let text = image.text("etc/os-release").or_else(|| image.text("usr/lib/os-release"))?;
    let field = |name: &str| {
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
        Some(value.trim().trim_matches(['"', '\'']).to_owned()).filter(|value| !value.is_empty())
    };
    let id = field("ID")?;
    Some(field("VERSION_ID").map_or_else(|| id.clone(), |version| format!("{id} {version}")))
}

fn users(image: &Image) -> Vec<UserSummary> {
    let lines = image.text("etc/passwd").unwrap_or_default().lines();
    let users = lines.filter_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let &[name, _, uid, gid, _, home, ref shell @ ..] = fields.as_slice() else { return None };
        Some(UserSummary {
            name: name.to_owned(),
            uid: uid.parse().ok()?,
            gid: gid.parse().ok()?,
            home: home.to_owned(),
            shell: shell.first().copied().unwrap_or_default().to_owned(),
        })
    });
    users.collect()
}

/// A text of the configuration with stars in place of secrets.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    let mut at = 0;
    for secret in plimsoll_secrets::scan(text.as_bytes()) {
        let place = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
        let (start, end) = (place(secret.start), place(secret.end));
        let (Some(before), true) = (text.get(at..start), text.is_char_boundary(end)) else { return "****".to_owned() };
        masked.push_str(before);
        masked.push_str("****");
        at = end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}
