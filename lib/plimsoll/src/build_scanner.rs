use crate::{ImageScanner, Linter, ScanOptions, Scanned, Settings};
use plimsoll_dockerfile::{Dockerfile, Keyword};
use plimsoll_engine::{Category, FileReport, Finding, Input as RuleInput, RuleMeta, SelectError, Severity};
use plimsoll_image::{Cache, Image, Input};
use plimsoll_rules::{BuildRunner, Context, Placement};
use std::collections::BTreeMap;

/// Scans an image together with the Dockerfile that it was built from: what is found in a layer stands on the line of the
/// instruction that made it.
#[derive(Debug)]
pub struct BuildScanner {
    linter: Linter,
    scanner: ImageScanner,
    runner: BuildRunner,
}

/// A Dockerfile with what stands beside it.
#[derive(Debug, Clone, Copy)]
pub struct Recipe<'a> {
    /// Its path, for the report and the fingerprints; nothing is read from it.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What stands beside it.
    pub context: &'a Context,
}

impl BuildScanner {
    /// Resolves the selection; the errors are ids that no rule has.
    pub fn new(settings: &Settings, options: ScanOptions) -> Result<Self, Vec<SelectError>> {
        let linter = Linter::new(settings)?;
        let runner = BuildRunner::new(linter.selection());
        Ok(Self { scanner: ImageScanner::new(settings, options)?, runner, linter })
    }

    /// The rules of which the selection may want findings, by rising id.
    pub fn active_rules(&self) -> Vec<&'static RuleMeta> {
        self.linter.selection().active().filter(|rule| rule.input != RuleInput::Host).collect()
    }

    /// Lints the Dockerfile alone.
    pub fn lint(&self, recipe: Recipe<'_>) -> FileReport {
        self.linter.lint_in(recipe.path, recipe.text, recipe.context)
    }

    /// Lints the Dockerfile, scans the input that holds the image, and places the image's findings on the Dockerfile's
    /// instructions. The second value has what could not be placed.
    ///
    /// What a rule says of an instruction and of the step that it made is said once. Comments in the Dockerfile silence
    /// what is placed there.
    pub fn scan(
        &self,
        recipe: Recipe<'_>,
        path: &str,
        input: Input<'_>,
        cache: Option<&Cache<'_>>,
    ) -> (FileReport, Scanned) {
        let file = plimsoll_dockerfile::parse(recipe.text);
        let mut fits: Vec<Fit> = Vec::new();
        let mut scanned = self.scanner.scan_each(path, input, cache, &mut |image, findings| {
            let found = self.runner.run(&file, image, recipe.context);
            let mut fit = Fit {
                name: image.name.clone(),
                platform: image.platform.as_ref().map(ToString::to_string),
                likeness: found.placement.likeness(),
                placed: found.findings,
                original: Vec::new(),
            };
            findings.retain(|finding| {
                let mut copy = finding.clone();
                let is_placed = place(&mut copy, &file, &found.placement, image);
                if is_placed {
                    fit.placed.push(copy);
                    fit.original.push(finding.clone());
                }
                !is_placed
            });
            fits.push(fit);
        });
        let mut placed = Vec::new();
        let mut best: BTreeMap<&Option<String>, &Fit> = BTreeMap::new();
        for fit in &fits {
            let of_platform = best.entry(&fit.platform).or_insert(fit);
            if fit.likeness > of_platform.likeness {
                *of_platform = fit;
            }
        }
        for fit in &fits {
            match best.get(&fit.platform).filter(|best| best.likeness > fit.likeness) {
                Some(best) => {
                    placed.extend(fit.left_out(best));
                    scanned.report.findings.extend(fit.original.iter().cloned());
                }
                None => placed.extend(fit.placed.iter().cloned()),
            }
        }
        let report = self.linter.lint_with(recipe.path, recipe.text, recipe.context, |said| {
            placed.retain(|finding| !is_said(finding, said));
            placed
        });
        (report, scanned)
    }
}

/// An image beside the Dockerfile. An archive can hold others besides the one that was built: its base, or all that a
/// machine has.
struct Fit {
    name: String,
    platform: Option<String>,
    likeness: u64,
    /// What stands in the Dockerfile if the image was built from it.
    placed: Vec<Finding>,
    /// The image's own among them, as they stand without the Dockerfile.
    original: Vec<Finding>,
}

impl Fit {
    /// What is said where another image fits better.
    fn left_out(&self, best: &Self) -> Option<Finding> {
        let mut finding = self.placed.iter().find(|finding| finding.rule.id == "image-not-of-dockerfile")?.clone();
        finding.severity(Severity::Info);
        finding.message = if self.name == best.name {
            format!("of the images `{}` one fits better: what was found in this one stays under it", self.name)
        } else {
            format!("`{}` fits better than `{}`: what was found in that one stays under it", best.name, self.name)
        };
        Some(finding)
    }
}

/// Puts a finding onto the instruction that made it; whether that is known.
fn place(finding: &mut Finding, file: &Dockerfile<'_>, placement: &Placement, image: &Image) -> bool {
    let at = |step: usize| file.instructions.get(placement.instruction(step)?);
    let Some(place) = &finding.image else { return false };
    let is_bundle = place.history.is_some_and(|step| placement.is_bundle(step as usize));
    if is_bundle && (place.file.is_some() || place.config.is_none() && place.layer.is_some()) {
        return false;
    }
    let Some(instruction) = place.history.and_then(|step| at(step as usize)) else { return false };
    finding.span = instruction.span;
    let taken_by = |by: u32| at(image.layers.get(by as usize)?.history?).map(|instruction| instruction.span);
    let changes = [(&place.deleted_by, "deleted"), (&place.replaced_by, "replaced")];
    let related: Vec<_> = changes
        .iter()
        .filter_map(|(change, what)| Some((taken_by(change.as_ref()?.layer)?, *what)))
        .filter(|(span, _)| *span != instruction.span)
        .collect();
    for (span, what) in related {
        finding.related(span, format!("{what} here; its bytes stay in the image"));
    }
    // The base image's own: whoever builds on it did not write that.
    if instruction.keyword_kind() == Keyword::From && !finding.message.ends_with("(in the base image)") {
        finding.message.push_str(" (in the base image)");
    }
    true
}

/// Whether the Dockerfile's own rules say it already: the same rule, or another of a secret in a value.
fn is_said(finding: &Finding, said: &[Finding]) -> bool {
    let in_file = finding.image.as_ref().is_some_and(|place| place.file.is_some());
    said.iter().filter(|other| other.image.is_none()).any(|other| {
        let within = finding.span.start <= other.span.start && other.span.start <= finding.span.end;
        let is_secret = |finding: &Finding| finding.rule.category == Category::Secret;
        let same = finding.rule.id == other.rule.id || is_secret(finding) && is_secret(other);
        within && !in_file && same
    })
}
