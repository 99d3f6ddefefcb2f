use crate::facts::Facts;
use crate::history::{History, Origin};
use crate::image_accounts::Accounts;
use crate::image_cx::{ImageCx, ImageFacts};
use crate::image_rule::ImageRule;
use crate::image_summary::summary;
use crate::options::Options;
use crate::run::{Context, Runner};
use crate::{image, rules};
use plimsoll_base::Span;
use plimsoll_engine::{Category, Date, Finding, ImageSummary, RuleMeta, Selection, Severity, mask};
use plimsoll_image::Image;

/// The rules that a selection wants of images: those on images, and those on Dockerfiles that hold for a history too.
#[derive(Debug, Default)]
pub struct ImageRunner {
    rules: Vec<&'static ImageRule>,
    on_history: Runner,
}

/// What the rules found in an image.
#[derive(Debug, Default)]
pub struct ImageFound {
    /// The findings, in no order that means anything. Secrets are masked.
    pub findings: Vec<Finding>,
    /// What the image is made of; its path is empty. Secrets are masked.
    pub summary: ImageSummary,
}

/// The rules on Dockerfiles that an image's history is checked by. A history has neither mounts nor flags nor the
/// stages that were left behind, so rules on these are not among them.
const ON_HISTORY: &[&str] = &[
    "apt-dist-upgrade",
    "cloud-login-in-run",
    "copy-not-add",
    "download-piped-to-shell",
    "maintainer-deprecated",
    "package-verification-off",
    "password-set-in-run",
    "remote-add-without-checksum",
    "secret-in-arg",
    "secret-in-env",
    "secret-in-run",
    "secret-value",
    "sudo-used",
    "tls-verification-off",
    "update-without-install",
    "world-writable-chmod",
];

impl ImageRunner {
    /// Arranges the rules of which the selection may want findings.
    pub fn new(selection: &Selection) -> Self {
        let wanted = image::RULES.iter().filter(|rule| selection.is_active(&rule.meta));
        let of_dockerfiles = rules().filter(|rule| on_history(&rule.meta) && selection.is_active(&rule.meta));
        Self { rules: wanted.copied().collect(), on_history: Runner::of(of_dockerfiles) }
    }

    /// Runs the rules over an image. `today` is the day by which dates are judged.
    pub fn run(&self, image: &Image, options: &Options, today: Option<Date>) -> ImageFound {
        let history = History::new(image);
        let file = plimsoll_dockerfile::parse(&history.text);
        let facts = Facts::new(&file);
        let mut on_history = self.on_history.run(&file, options, &Context::default()).findings;
        let matches = plimsoll_secrets::scan(history.text.as_bytes());
        let by_form = matches.iter().map(|found| Span::new(found.start as u32, found.end as u32));
        let mut secrets: Vec<Span> = facts.secrets().iter().map(|secret| secret.span).chain(by_form).collect();
        secrets.retain(|span| history.text.get(span.range()).is_some());
        secrets.sort_unstable();
        secrets.dedup();
        let masked = mask(&history.text, &secrets, &mut on_history);
        let facts = ImageFacts {
            history: &history,
            masked: &masked,
            matches: &matches,
            accounts: Accounts::new(image),
            names: std::cell::OnceCell::new(),
        };
        let mut findings = placed(image, &facts, on_history);
        let Some(first) = image::RULES.first() else { return ImageFound::default() };
        let mut cx = ImageCx { image, facts: &facts, options, today, rule: &first.meta, findings: Vec::new() };
        for rule in &self.rules {
            cx.rule = &rule.meta;
            (rule.check)(&mut cx);
        }
        // Rules on images quote the history's masked text, and values of the configuration that may stand in it.
        let mut of_image = std::mem::take(&mut cx.findings);
        mask(&history.text, &secrets, &mut of_image);
        let of_image = without_repetitions(&history, &findings, of_image);
        findings.extend(of_image);
        for finding in &mut findings {
            // Spans are places in a text that reports do not have.
            finding.span = Span::empty(0);
            hide_tokens(&mut finding.message);
            if let Some(place) = &mut finding.image {
                hide_tokens(&mut place.name);
                hide_tokens(&mut place.platform);
                place.file.iter_mut().for_each(hide_tokens);
                place.config.iter_mut().for_each(hide_in_pointer);
            }
        }
        let mut summary = summary(image, &facts);
        for text in [&mut summary.name, &mut summary.user, &mut summary.platform] {
            hide_tokens(text);
        }
        let duplicates = summary.duplicates.iter_mut().flat_map(|duplicate| &mut duplicate.paths);
        let texts = summary.largest.iter_mut().map(|file| &mut file.path).chain(duplicates);
        let texts = texts.chain(&mut summary.created).chain(&mut summary.distribution);
        texts.chain(&mut summary.setuid).for_each(hide_tokens);
        for (uri, digest) in &mut summary.built_from {
            // Passwords in URLs are none by their form.
            hide(uri, |_| true);
            digest.iter_mut().for_each(hide_tokens);
        }
        ImageFound { findings, summary }
    }
}

/// Masks a JSON pointer, of which keys can be secrets. One that was is no pointer any more.
fn hide_in_pointer(pointer: &mut String) {
    let plain = pointer.replace("~1", "/").replace("~0", "~");
    let mut hidden = plain.clone();
    hide_tokens(&mut hidden);
    if hidden != plain {
        *pointer = hidden;
    }
}

/// Masks what shows by its form that it is a secret: names of files and images can be some too.
pub fn hide_tokens(text: &mut String) {
    hide(text, |found| found.kind.is_told_by_form());
}

/// Masks what is found in a text and meant.
fn hide(text: &mut String, is_meant: impl Fn(&plimsoll_secrets::Match) -> bool) {
    for found in plimsoll_secrets::scan(text.as_bytes()).iter().rev().filter(|found| is_meant(found)) {
        let range = found.start as usize..found.end as usize;
        if text.get(range.clone()).is_some() {
            text.replace_range(range, &found.shown);
        }
    }
}

/// Whether an image's history is checked by a rule on Dockerfiles.
pub fn on_history(rule: &RuleMeta) -> bool {
    ON_HISTORY.contains(&rule.id)
}

/// The findings in the history's text with their places in the image.
fn placed(image: &Image, facts: &ImageFacts<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let mut placed = Vec::new();
    for mut finding in findings {
        let Some(origin) = facts.history.origin(finding.span.start) else { continue };
        let mut place = facts.at_origin(image, origin);
        said_of_an_image(&mut finding, facts.history, origin);
        if let Origin::Step(step) = origin {
            let Some(step) = facts.history.steps.get(*step) else { continue };
            // docker's own first step unpacks the root file system; and what is copied by a hash may be an archive.
            let text = step.span.text(&facts.history.text);
            let arguments = text.split_once(' ').map_or("", |(_, arguments)| arguments);
            if finding.rule.id == "copy-not-add" && crate::history::is_hash(arguments) {
                finding.quiet().severity(Severity::Info);
            }
            // Whoever builds on a base image cannot mend it; a secret is worth knowing of all the same.
            if step.is_base && finding.rule.category != Category::Secret {
                finding.quiet().severity(Severity::Info);
                finding.message.push_str(" (in the base image)");
            }
            if let Some(config) = image.config.as_ref()
                && step.keyword == plimsoll_dockerfile::Keyword::Env
            {
                // The variable whose name stands last before the end of what was found.
                let end = finding.span.end.max(finding.span.start + 1).saturating_add(1).min(step.span.end);
                let said = Span::new(step.span.start, end).text(&facts.history.text);
                let position = |variable: &String| {
                    let name = variable.split('=').next().unwrap_or_default();
                    [format!(" {name}="), format!(" {name} ")].iter().filter_map(|name| said.rfind(name)).max()
                };
                let names = config.env.iter().enumerate();
                let last = names.filter_map(|(index, variable)| Some((position(variable)?, index))).max();
                place.config = last.map(|(_, index)| format!("/config/Env/{index}"));
            }
        }
        finding.image = Some(Box::new(place));
        finding.fixes.clear();
        finding.related.clear();
        placed.push(finding);
    }
    placed
}

/// Says of a value what it is here: lines of the text stand for what no Dockerfile has.
fn said_of_an_image(finding: &mut Finding, history: &History, origin: &Origin) {
    let is_argument = match origin {
        Origin::Step(step) => {
            history.steps.get(*step).is_some_and(|step| !step.span.range().contains(&(finding.span.start as usize)))
        }
        Origin::Attestation => true,
        Origin::Config(_) | Origin::Repeated => false,
    };
    let place = if *origin == Origin::Attestation { "attestation" } else { "history" };
    if finding.rule.id == "secret-in-arg" && is_argument {
        let name = finding.span.text(&history.text);
        finding.message = format!("secret build argument `{name}` stands with its value in the {place}");
    }
    // `--mount=type=secret` is nothing for commands that containers run.
    if finding.rule.id == "secret-in-run"
        && matches!(origin, Origin::Config(_))
        && let Some((what, _)) = finding.message.rsplit_once(" stays in ")
    {
        finding.message = format!("{what} stands in the image's configuration");
    }
}

/// Drops the findings on secrets in the history's text that a rule on Dockerfiles has made already. Rules on images
/// leave the span of such a secret in the finding.
fn without_repetitions(history: &History, known: &[Finding], findings: Vec<Finding>) -> Vec<Finding> {
    let is_known = |span: Span| {
        known.iter().filter(|finding| finding.rule.category == Category::Secret && !finding.quiet).any(|finding| {
            let between = history.text.get(finding.span.end as usize..span.start as usize);
            let touches = finding.span.start < span.end && span.start < finding.span.end;
            touches || between.is_some_and(|between| between.chars().all(|c| matches!(c, '=' | '"' | '\'' | ' ')))
        })
    };
    findings.into_iter().filter(|finding| finding.span.is_empty() || !is_known(finding.span)).collect()
}
