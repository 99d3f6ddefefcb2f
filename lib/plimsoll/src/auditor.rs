use crate::Settings;
use globset::{GlobBuilder, GlobMatcher};
use plimsoll_base::{LineIndex, Span};
use plimsoll_engine::{
    Answer, Check, FileReport, Finding, HostSummary, Input, InputError, InputKind, Report, RuleMeta, SelectError,
    Selection, fingerprint,
};
use plimsoll_host::{Bundle, Config, Container, Fact, Facts, Image};
use plimsoll_rules::{HostOptions, HostRunner, metas, peers};
use std::collections::HashMap;

/// What an [`Auditor`] is asked to do, besides its [`Settings`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditSettings {
    /// What users can set for the audit.
    pub options: HostOptions,
    /// Names, images or labels (`NAME` or `NAME=VALUE`) of the containers to look at, with `*` and `?`. Empty: all.
    pub containers: Vec<String>,
    /// Those to leave out.
    pub exclude_containers: Vec<String>,
    /// Names, ids or labels of the images to look at. Empty: all.
    pub images: Vec<String>,
    /// Those to leave out.
    pub exclude_images: Vec<String>,
}

/// Audits hosts. Building one resolves the selection; auditing then keeps no state.
#[derive(Debug)]
pub struct Auditor {
    selection: Selection,
    runner: HostRunner,
    options: HostOptions,
    containers: Wanted,
    images: Wanted,
}

/// What is looked at, and what of that is left out.
#[derive(Debug)]
struct Wanted {
    only: Vec<GlobMatcher>,
    without: Vec<GlobMatcher>,
}

impl Wanted {
    fn new(only: &[String], without: &[String]) -> Self {
        Self { only: matchers(only), without: matchers(without) }
    }

    fn holds(&self, is_meant: impl Fn(&GlobMatcher) -> bool) -> bool {
        (self.only.is_empty() || self.only.iter().any(&is_meant)) && !self.without.iter().any(&is_meant)
    }
}

impl Auditor {
    /// Resolves the selection; the errors are ids that no rule has.
    pub fn new(settings: &Settings, audit: &AuditSettings) -> Result<Self, Vec<SelectError>> {
        let selection = Selection::resolve(&settings.spec, metas(), peers())?;
        Ok(Self {
            runner: HostRunner::new(&selection),
            selection,
            options: HostOptions {
                trusted_registries: settings.options.trusted_registries.clone(),
                ..audit.options.clone()
            },
            containers: Wanted::new(&audit.containers, &audit.exclude_containers),
            images: Wanted::new(&audit.images, &audit.exclude_images),
        })
    }

    /// The rules on hosts of which the selection may want answers, by rising id.
    pub fn active_rules(&self) -> Vec<&'static RuleMeta> {
        self.selection.active().filter(|rule| rule.input == Input::Host).collect()
    }

    /// What can be done about the failures of a report that [`audit`](Self::audit) made of the same bundle, as files.
    ///
    /// ```
    /// use plimsoll::host::Bundle;
    /// use plimsoll::{AuditSettings, Auditor, Settings};
    ///
    /// let mut bundle = Bundle::default();
    /// bundle.files.insert("dockerd.args.json".into(), r#"["/usr/bin/dockerd"]"#.into());
    /// bundle.files.insert("daemon.json".into(), r#"{"mtu": 1400}"#.into());
    /// let auditor = Auditor::new(&Settings::default(), &AuditSettings::default()).expect("known rules");
    /// let plan = auditor.fix_plan(&bundle, &auditor.audit(&bundle));
    /// let proxy = plan.files.iter().find(|file| file.name == "disruptive/userland-proxy.json").expect("a file");
    /// assert!(proxy.text.contains("\"mtu\": 1400") && proxy.text.contains("\"userland-proxy\": false"));
    /// assert!(plan.readme(&[]).contains("The way back"));
    /// ```
    pub fn fix_plan(&self, bundle: &Bundle, report: &Report) -> crate::FixPlan {
        crate::FixPlan::new(bundle, report)
    }

    /// The images of a host that are to be looked at, each once: their ids and names.
    pub fn images(&self, bundle: &Bundle) -> Vec<(String, String)> {
        let (facts, _) = Facts::read(bundle);
        let Fact::Known(images) = &facts.images else { return Vec::new() };
        let wanted = images.iter().filter(|image| self.wants_image(image));
        let mut ids: Vec<(String, String)> =
            wanted.filter_map(|image| Some((image.id.value()?.clone(), image.reference().to_owned()))).collect();
        ids.sort();
        ids.dedup_by(|a, b| a.0 == b.0);
        ids
    }

    fn wants_image(&self, image: &Image) -> bool {
        self.images.holds(|glob| is_meant_image(glob, image))
    }

    /// Audits the host that a bundle tells of. What makes no sense in the bundle is among the report's errors.
    pub fn audit(&self, bundle: &Bundle) -> Report {
        let (facts, errors) = Facts::read(bundle);
        let own = facts.meta.container.as_deref();
        let wants = |container: &Container| {
            let is_own = own.is_some_and(|own| container.id.value().is_some_and(|id| id.starts_with(own)));
            !is_own && self.containers.holds(|glob| is_meant(glob, container))
        };
        let answers = self.runner.run(&facts, &self.options, &wants, &|image| self.wants_image(image));
        let mut report = Report { host: Some(summary(&facts)), ..Report::default() };
        let mut files: Vec<FileReport> = Vec::new();
        let mut ordinals: HashMap<(String, &'static str, String), usize> = HashMap::new();
        for mut check in answers.checks {
            let mut finding = Finding::new(check.rule, Span::default(), "");
            finding.severity = check.severity;
            finding.aliases = check.aliases;
            if !self.selection.judge(&mut finding) {
                continue;
            }
            check.severity = finding.severity;
            if files.last().is_none_or(|file| file.path != check.target) {
                files.push(target(&check.target));
            }
            if check.answer == Answer::Fail
                && let Some(file) = files.last_mut()
            {
                finding.message.clone_from(&check.evidence);
                finding.fingerprint = fingerprinted(&check, &mut ordinals);
                file.findings.push(finding);
            }
            report.checks.push(check);
        }
        report.files = files;
        report.errors.extend(errors.into_iter().map(|error| InputError {
            path: error.file,
            line: error.line,
            column: None,
            message: error.message,
        }));
        let malformed = answers.malformed.into_iter();
        report.errors.extend(malformed.map(|(path, message)| InputError { path, line: None, column: None, message }));
        report.errors.sort();
        report.errors.dedup();
        report
    }
}

fn summary(facts: &Facts) -> HostSummary {
    fn value<T>(fact: &Fact<T>) -> Option<&T> {
        fact.optional().ok().flatten()
    }
    HostSummary {
        id: facts.meta.host.clone(),
        time: facts.meta.time.clone(),
        name: value(&facts.info).and_then(|info| info.name.value().cloned()),
        engine: facts.meta.engine.clone(),
        version: value(&facts.version).and_then(|version| version.version.value().cloned()),
        containers: value(&facts.containers).map(Vec::len),
        images: value(&facts.images).map(Vec::len),
    }
}

/// The fingerprint does not follow the evidence, which changes while the failure stays the same.
fn fingerprinted(check: &Check, ordinals: &mut HashMap<(String, &'static str, String), usize>) -> String {
    let aliases: Vec<&str> = check.aliases.names(check.rule).collect();
    let aliases = aliases.join(",");
    let ordinal = ordinals.entry((check.target.clone(), check.rule.id, aliases.clone())).or_default();
    *ordinal += 1;
    fingerprint(check.rule.id, &check.target, "", &aliases, *ordinal - 1)
}

fn target(path: &str) -> FileReport {
    FileReport {
        path: path.to_owned(),
        kind: InputKind::Target,
        source: String::new(),
        lines: LineIndex::new(""),
        findings: Vec::new(),
        suppressed: Vec::new(),
    }
}

/// Patterns that make no sense match nothing but themselves.
fn matchers(patterns: &[String]) -> Vec<GlobMatcher> {
    let matcher = |pattern: &String| {
        let glob = GlobBuilder::new(pattern).build().or_else(|_| GlobBuilder::new(&globset::escape(pattern)).build());
        glob.ok().map(|glob| glob.compile_matcher())
    };
    patterns.iter().filter_map(matcher).collect()
}

fn is_meant(glob: &GlobMatcher, container: &Container) -> bool {
    let config = container.config.value();
    let image = config.and_then(|config| config.image.value());
    glob.is_match(container.name())
        || image.is_some_and(|image| glob.is_match(image))
        || config.is_some_and(|config| has_label(glob, config))
}

fn is_meant_image(glob: &GlobMatcher, image: &Image) -> bool {
    let names = [&image.repo_tags, &image.repo_digests];
    let mut names = names.iter().filter_map(|names| names.value()).flatten();
    names.any(|name| glob.is_match(name))
        || image.id.value().is_some_and(|id| glob.is_match(id))
        || image.config.value().is_some_and(|config| has_label(glob, config))
}

fn has_label(glob: &GlobMatcher, config: &Config) -> bool {
    let label = |(name, value): (&String, &String)| glob.is_match(name) || glob.is_match(format!("{name}={value}"));
    config.labels.value().is_some_and(|labels| labels.iter().any(label))
}
