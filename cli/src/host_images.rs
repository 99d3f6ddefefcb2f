//! `plimsoll host --scan-images`: what is in the images that the engine has.

use crate::args::LiveFlags;
use crate::check::check_one;
use crate::live::export;
use plimsoll::engine::{Aliases, Answer, Check, Report, RuleMeta};
use plimsoll::host::Bundle;
use plimsoll::image::Input;
use plimsoll::{Auditor, ImageScanner, ScanOptions, Settings};

/// Scans each image once, as the engine exports it, and puts what is found under the image. An image that cannot be
/// exported is an answer unknown. Gives the rules that were active.
pub(crate) fn scan(
    auditor: &Auditor,
    settings: &Settings,
    bundle: &Bundle,
    flags: &LiveFlags,
    report: &mut Report,
) -> Vec<&'static RuleMeta> {
    // The auditor took the same selection.
    let Ok(scanner) = ImageScanner::new(settings, ScanOptions::default()) else { return Vec::new() };
    for (id, name) in auditor.images(bundle) {
        let target = format!("image:{name}");
        let work = || export(bundle, &id, flags).map(|stream| scanner.scan(&target, Input::Stream(stream)));
        match check_one(work).and_then(|done| done) {
            Ok(scanned) => {
                report.images.extend(scanned.images);
                report.errors.extend(scanned.errors);
                report.files.push(scanned.report);
            }
            Err(why) => report.checks.extend(unknown(target, &why)),
        }
    }
    report.checks.sort_by(|a, b| (&a.target, a.rule.id).cmp(&(&b.target, b.rule.id)));
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    report.images.sort_by(|a, b| (&a.path, &a.name, &a.platform).cmp(&(&b.path, &b.name, &b.platform)));
    scanner.active_rules()
}

/// The answer that an image was not scanned.
fn unknown(target: String, why: &str) -> Option<Check> {
    let rule = plimsoll::rules().into_iter().find(|rule| rule.id == "image-scanned")?;
    Some(Check {
        rule,
        severity: rule.severity,
        aliases: Aliases::all(rule),
        answer: Answer::Unknown,
        target,
        evidence: format!("the image was not scanned: the engine does not export it: {why}"),
        remediation: String::new(),
        steps: Vec::new(),
    })
}
