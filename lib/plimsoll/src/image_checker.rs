use crate::Settings;
use crate::linter::suppressed_id;
use plimsoll_engine::{
    Finding, ImagePlace, ImageSummary, Input, RuleMeta, SelectError, Selection, Suppressed, SuppressedBy, fingerprint,
};
use plimsoll_image::Image;
use plimsoll_rules::{ImageRunner, metas, on_history, peers};
use std::collections::HashMap;

/// Checks images that were read. Building one resolves the selection; checking then keeps no state.
#[derive(Debug)]
pub struct ImageChecker {
    selection: Selection,
    runner: ImageRunner,
    settings: Settings,
}

/// What came of checking one image. Secrets are masked.
#[derive(Debug, Default)]
pub struct ImageChecked {
    /// What was found, sorted by layer, file, rule and message.
    pub findings: Vec<Finding>,
    /// What was found and silenced.
    pub suppressed: Vec<Suppressed>,
    /// What the image is made of.
    pub summary: ImageSummary,
}

impl ImageChecker {
    /// Resolves the selection; the errors are ids that no rule has.
    pub fn new(settings: &Settings) -> Result<Self, Vec<SelectError>> {
        let selection = Selection::resolve(&settings.spec, metas(), peers())?;
        Ok(Self { runner: ImageRunner::new(&selection), selection, settings: settings.clone() })
    }

    /// The rules of which the selection may want findings in images, by rising id: those on images, and those on
    /// Dockerfiles that hold for a history too.
    pub fn active_rules(&self) -> Vec<&'static RuleMeta> {
        self.selection.active().filter(|rule| rule.input == Input::Image || on_history(rule)).collect()
    }

    /// Whether the selection wants a finding.
    pub fn wants(&self, finding: &Finding) -> bool {
        self.selection.judge(&mut finding.clone())
    }

    /// Checks one image. `path` names the input in the report and is part of the fingerprints.
    pub fn check(&self, path: &str, image: &Image) -> ImageChecked {
        let found = self.runner.run(image, &self.settings.options, self.settings.today);
        let mut checked = ImageChecked { summary: found.summary, ..ImageChecked::default() };
        path.clone_into(&mut checked.summary.path);
        for mut finding in found.findings {
            if !self.selection.judge(&mut finding) {
                continue;
            }
            match suppressed_id(&self.settings, &finding) {
                Some(by) => checked.suppressed.push(Suppressed {
                    rule: finding.rule.id,
                    span: finding.span,
                    by: SuppressedBy::Config,
                    reason: by.reason.clone(),
                    expires: by.expires.map(|day| day.to_string()),
                }),
                None => checked.findings.push(finding),
            }
        }
        checked.findings.sort_by(|a, b| order(a).cmp(&order(b)));
        checked.findings.dedup_by(|a, b| order(a) == order(b));
        checked.suppressed.sort_by_key(|suppressed| suppressed.rule);
        name(path, &mut checked.findings);
        checked
    }
}

/// The order of findings in a report.
fn order(finding: &Finding) -> impl Ord + '_ {
    let place = finding.image.as_deref();
    let of = |get: fn(&ImagePlace) -> Option<&str>| place.and_then(get).unwrap_or_default();
    let number = |get: fn(&ImagePlace) -> Option<u32>| place.and_then(get);
    (
        (number(|place| place.layer), number(|place| place.history), of(|place| place.config.as_deref())),
        (of(|place| place.file.as_deref()), number(|place| place.line)),
        (finding.rule.id, finding.message.as_str()),
    )
}

/// Sets the fingerprints: by the file or the configuration's value, but not by the layer, which moves with every
/// instruction that is added.
fn name(path: &str, findings: &mut [Finding]) {
    let mut seen: HashMap<(&str, String, String), usize> = HashMap::new();
    for finding in findings {
        let place = finding.image.as_deref();
        let file = place.and_then(|place| place.file.clone().or_else(|| place.config.clone())).unwrap_or_default();
        let stage = format!("{} {file}", place.map(|place| place.platform.as_str()).unwrap_or_default());
        let ordinal = seen.entry((finding.rule.id, stage.clone(), finding.message.clone())).or_default();
        finding.fingerprint = fingerprint(finding.rule.id, path, &stage, &finding.message, *ordinal);
        *ordinal += 1;
    }
}
