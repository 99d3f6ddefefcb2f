use crate::compose_rule::{ComposeCx, ComposeRule};
use crate::host_rule::{Cause, ComposeSide, Cx, HostCheck, HostRule, Verdict};
use crate::options::HostOptions;
use crate::{compose, compose_secrets, host};
use plimsoll_base::Span;
use plimsoll_compose::{Compose, Service};
use plimsoll_engine::{Answer, Finding, RuleMeta, Selection};
use plimsoll_host::{Facts, Field, Info};
use std::collections::HashSet;
use std::sync::LazyLock;

/// What every rule on Compose files says of itself, by rising id: those on containers that speak of services too, and
/// those that only Compose files have.
pub fn compose_metas() -> impl Iterator<Item = &'static RuleMeta> {
    static METAS: LazyLock<Vec<&'static RuleMeta>> = LazyLock::new(|| {
        let sides = host::RULES.iter().filter_map(|rule| rule.compose.as_ref()).map(|side| &side.meta);
        let mut metas: Vec<_> = sides.chain(compose::RULES.iter().map(|rule| &rule.meta)).collect();
        metas.sort_by_key(|meta| meta.id);
        metas
    });
    METAS.iter().copied()
}

/// The rules on Compose files that a selection of [`compose_metas`] wants.
#[derive(Debug, Default)]
pub struct ComposeRunner {
    on_services: Vec<(&'static HostRule, &'static ComposeSide)>,
    on_files: Vec<&'static ComposeRule>,
}

/// What the rules found in a Compose file.
#[derive(Debug, Default)]
pub struct ComposeFound {
    /// The findings, in no order that means anything.
    pub findings: Vec<Finding>,
    /// The values of secrets, whether or not a rule reports them: reports must not show them. Worked out only where
    /// there are findings to show.
    pub secrets: Vec<Span>,
}

impl ComposeRunner {
    /// Takes the rules of which the selection may want findings.
    pub fn new(selection: &Selection) -> Self {
        let sides = host::RULES.iter().filter_map(|rule| Some((*rule, rule.compose.as_ref()?)));
        let on_files = compose::RULES.iter().filter(|rule| selection.is_active(&rule.meta));
        Self {
            on_services: sides.filter(|(_, side)| selection.is_active(&side.meta)).collect(),
            on_files: on_files.copied().collect(),
        }
    }

    /// Runs the rules over a file, of which `source` is the text.
    pub fn run(&self, file: &Compose<'_>, source: &str) -> ComposeFound {
        let mut findings = self.on_services(file, source);
        if let Some(first) = self.on_files.first() {
            let mut cx = ComposeCx { compose: file, source, rule: &first.meta, findings };
            for rule in &self.on_files {
                cx.rule = &rule.meta;
                (rule.check)(&mut cx);
            }
            findings = cx.findings;
        }
        let secrets = if findings.is_empty() { Vec::new() } else { compose_secrets::find(file, source) };
        ComposeFound { findings, secrets }
    }

    fn on_services(&self, file: &Compose<'_>, source: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.on_services.is_empty() || file.services.is_empty() {
            return findings;
        }
        let containers = file.services.iter().map(|service| service.container.clone()).collect();
        let facts = Facts::of_containers(usual_engine(), containers, file.volumes.clone());
        let options = HostOptions::default();
        let cx = Cx { facts: &facts, options: &options };
        for (rule, side) in &self.on_services {
            let HostCheck::Container(check) = rule.check else { continue };
            for (service, container) in file.services.iter().zip(facts.containers()) {
                // What a file does not tell is silence here: an audit of the host answers it.
                if let Ok(verdict) = check(&cx, container)
                    && verdict.answer == Answer::Fail
                {
                    report(side, service, &verdict, source, &mut findings);
                }
            }
        }
        say_once(&mut findings);
        findings
    }
}

/// A mount that holds an engine's socket gives the whole host away: that it is a system's folder too goes without saying.
fn say_once(findings: &mut [Finding]) {
    let of = |id: &'static str| move |finding: &&Finding| finding.rule.id == id;
    let sockets = findings.iter().filter(of("container-engine-socket")).map(|finding| finding.span);
    let sockets: HashSet<Span> = sockets.collect();
    for finding in findings.iter_mut().filter(|finding| finding.rule.id == "container-sensitive-mount") {
        finding.quiet |= sockets.contains(&finding.span);
    }
}

/// The engine that a file is read for: Docker's as it comes, on a host with all security modules. What its daemon is
/// configured to do is not known.
fn usual_engine() -> Info {
    let options = ["name=apparmor", "name=selinux", "name=seccomp,profile=builtin", "name=cgroupns"];
    Info {
        security_options: Field::Known(options.map(str::to_owned).to_vec()),
        cgroup_version: Field::Known("2".to_owned()),
        ..Info::default()
    }
}

/// A finding for each thing that a failure rests on, at the key that says it; at the service's name where none does.
/// What another file says is told there.
fn report(side: &'static ComposeSide, service: &Service, verdict: &Verdict, source: &str, findings: &mut Vec<Finding>) {
    let finding = |span: Span, cause: Option<&Cause>| {
        let evidence = cause.map_or("", |cause| evidence(cause, span, source));
        let separator = if evidence.is_empty() { "" } else { ": " };
        let mut finding = Finding::new(&side.meta, span, format!("{}{separator}{evidence}", side.says));
        if let Some(only) = verdict.aliases {
            finding.only_aliases(|alias| only.contains(&alias));
        }
        if let Some(severity) = cause.and_then(|cause| cause.severity).or(verdict.severity) {
            finding.severity = severity;
        }
        finding.strict = cause.is_some_and(|cause| cause.strict);
        // What follows from `privileged` is said once, by the rule of that name.
        let follows = cause.is_some_and(|cause| cause.field == "HostConfig.Privileged");
        finding.quiet = follows && side.meta.id != "container-privileged";
        finding
    };
    let before = findings.len();
    let place = |cause: &Cause| service.place(cause.field, cause.item);
    findings.extend(verdict.causes.iter().filter_map(|cause| Some(finding(place(cause)?, Some(cause)))));
    let elsewhere = verdict.causes.iter().any(|cause| service.is_elsewhere(cause.field, cause.item));
    // What is missing may stand in the other files of a service of which this is a part.
    if findings.len() == before && !elsewhere && !service.is_partial {
        findings.push(finding(service.span, None));
    }
}

/// What there is to say of a cause. Where variables stand it is what the file says: the values that `.env` gives them are
/// not for showing.
fn evidence<'c>(cause: &'c Cause, span: Span, source: &'c str) -> &'c str {
    let written = span.text(source);
    match written.contains('$') && !cause.evidence.is_empty() {
        true if written.contains('\n') => "",
        true => written.trim_matches(['"', '\'']),
        false => &cause.evidence,
    }
}
