//! `plimsoll host --scan-images`: what is in the images that the engine has.

use crate::args::LiveFlags;
use crate::check::check_one;
use crate::live::export;
use plimsoll::engine::{Aliases, Answer, Check, ImageSummary, Report, RuleMeta};
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
    let mut listed = Listed::of(report);
    for (id, name) in auditor.images(bundle) {
        let target = format!("image:{name}");
        let work = || export(bundle, &id, flags).map(|stream| scanner.scan(&target, Input::Stream(stream)));
        match check_one(work).and_then(|done| done) {
            Ok(scanned) => {
                listed.add(&target, &scanned.images, scanned.errors.is_empty());
                report.images.extend(scanned.images);
                report.errors.extend(scanned.errors);
                report.files.push(scanned.report);
            }
            Err(why) => report.checks.extend(unknown(target, &why)),
        }
    }
    listed.put_into(report);
    report.checks.sort_by(|a, b| (&a.target, a.rule.id).cmp(&(&b.target, b.rule.id)));
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    report.images.sort_by(|a, b| (&a.path, &a.name, &a.platform).cmp(&(&b.path, &b.name, &b.platform)));
    scanner.active_rules()
}

/// Answers that only a scan can give what a person needs for: the packages of each image, its setuid programs.
struct Listed {
    /// The rules of these that were asked.
    rules: Vec<&'static RuleMeta>,
    checks: Vec<Check>,
}

impl Listed {
    const RULES: [&str; 2] = ["image-packages-needed", "image-setuid-programs"];

    fn of(report: &Report) -> Self {
        let mut rules: Vec<&'static RuleMeta> = report.checks.iter().map(|check| check.rule).collect();
        rules.retain(|rule| Self::RULES.contains(&rule.id));
        Self { rules, checks: Vec::new() }
    }

    /// Adds what an image holds; of one that was read in part nothing can be said to be missing.
    fn add(&mut self, target: &str, images: &[ImageSummary], whole: bool) {
        for image in images {
            for rule in &self.rules {
                let (none, what, list) = if rule.id == Self::RULES[0] {
                    let names = image.packages.iter().map(|package| format!("{} {}", package.name, package.version));
                    ("it has no database of packages that is known", "packages", names.collect())
                } else {
                    ("it has no setuid or setgid program", "setuid and setgid programs", image.setuid.clone())
                };
                let passes = whole && list.is_empty() && rule.id == Self::RULES[1];
                let answer = if passes { Answer::Pass } else { Answer::Manual };
                let evidence = if list.is_empty() { none.to_owned() } else { enumerated(what, &list) };
                self.checks.push(Check { answer, ..answered(rule, target.to_owned(), evidence) });
            }
        }
    }

    /// What is known of each image takes the place of the question about all of them.
    fn put_into(self, report: &mut Report) {
        let known =
            |check: &Check| check.target == "host" && self.checks.iter().any(|other| other.rule.id == check.rule.id);
        report.checks.retain(|check| !known(check));
        report.checks.extend(self.checks);
    }
}

fn enumerated(what: &str, list: &[String]) -> String {
    const MOST: usize = 100;
    let shown = list.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
    let more = if list.len() > MOST { format!(" and {} more", list.len() - MOST) } else { String::new() };
    format!("{} {what}: {shown}{more}", list.len())
}

fn answered(rule: &'static RuleMeta, target: String, evidence: String) -> Check {
    Check {
        rule,
        severity: rule.severity,
        aliases: Aliases::all(rule),
        answer: Answer::Unknown,
        target,
        evidence,
        remediation: String::new(),
        steps: Vec::new(),
    }
}

/// The answer that an image was not scanned.
fn unknown(target: String, why: &str) -> Option<Check> {
    let rule = plimsoll::rules().into_iter().find(|rule| rule.id == "image-scanned")?;
    Some(answered(rule, target, format!("the image was not scanned: the engine does not export it: {why}")))
}
