use crate::host;
use crate::host_rule::{Cx, HostCheck, HostRule, Outcome, Verdict};
use crate::options::HostOptions;
use plimsoll_engine::{Aliases, Answer, Check, RuleMeta, Selection, Step};
use plimsoll_host::{Container, Fact, Facts, Image, Network, Pending, Unknown};

/// The rules on hosts that a selection wants.
#[derive(Debug, Default)]
pub struct HostRunner {
    rules: Vec<(&'static HostRule, String)>,
}

/// What the rules say of a host.
#[derive(Debug, Default)]
pub struct Answers {
    /// The answers, by target and rule.
    pub checks: Vec<Check>,
    /// What was read and makes no sense: target and reason.
    pub malformed: Vec<(String, String)>,
}

impl HostRunner {
    /// Takes the rules of which the selection may want answers.
    pub fn new(selection: &Selection) -> Self {
        let active = host::RULES.iter().filter(|rule| selection.is_active(&rule.meta));
        Self { rules: active.map(|rule| (*rule, remediation(&rule.meta))).collect() }
    }

    /// Asks the rules. `wants` and `wants_image` say which containers and images are to be looked at.
    pub fn run(
        &self,
        facts: &Facts,
        options: &HostOptions,
        wants: &dyn Fn(&Container) -> bool,
        wants_image: &dyn Fn(&Image) -> bool,
    ) -> Answers {
        let cx = Cx { facts, options };
        let mut sink = Sink::default();
        let pending = facts.pending();
        for (rule, remediation) in &self.rules {
            let mut say = |target: &str, outcome: Outcome| sink.say(rule, remediation, target, outcome);
            match rule.check {
                HostCheck::Host(check) => say("host", check(&cx)),
                HostCheck::HostEach(check) => check(&cx).into_iter().for_each(|verdict| say("host", Ok(verdict))),
                HostCheck::Daemon(check) => say("daemon", check(&cx).map(|verdict| with_pending(verdict, &pending))),
                HostCheck::Swarm(check) => say("swarm", check(&cx)),
                HostCheck::Container(check) => match &facts.containers {
                    Fact::Known(containers) => {
                        for container in containers.iter().filter(|container| wants(container)) {
                            say(&container_target(container), check(&cx, container));
                        }
                    }
                    // Whatever the containers are, nothing is known of them.
                    missing => say("host", nothing_known(missing, "containers")),
                },
                HostCheck::Image(check) => match &facts.images {
                    Fact::Known(images) => {
                        for image in images.iter().filter(|image| wants_image(image)) {
                            say(&image_target(image), check(&cx, image));
                        }
                    }
                    missing => say("host", nothing_known(missing, "images")),
                },
                HostCheck::Network(check) => match &facts.networks {
                    Fact::Known(networks) => {
                        for network in networks {
                            say(&network_target(network), check(&cx, network));
                        }
                    }
                    missing => say("host", nothing_known(missing, "networks")),
                },
            }
        }
        let Sink { mut answers } = sink;
        answers.checks.sort_by(|a, b| (&a.target, a.rule.id).cmp(&(&b.target, b.rule.id)));
        answers.malformed.sort();
        answers.malformed.dedup();
        answers
    }
}

/// Says with what a daemon runs that its next start will change it, where that is what the check is about.
fn with_pending(mut verdict: Verdict, pending: &[Pending]) -> Verdict {
    for change in pending {
        if verdict.steps.iter().any(|step| matches!(step, Step::Setting { key, .. } if *key == change.key)) {
            verdict.evidence.push_str("; pending: ");
            verdict.evidence.push_str(&change.evidence());
        }
    }
    verdict
}

#[derive(Default)]
struct Sink {
    answers: Answers,
}

impl Sink {
    fn say(&mut self, rule: &'static HostRule, remediation: &str, target: &str, outcome: Outcome) {
        let mut verdict = outcome.unwrap_or_else(Verdict::unknown);
        shorten(&mut verdict.evidence, 2_000);
        if verdict.malformed {
            self.answers.malformed.push((target.to_owned(), verdict.evidence.clone()));
        }
        let mut aliases = Aliases::all(&rule.meta);
        if let Some(only) = verdict.aliases {
            aliases.retain(&rule.meta, |alias| only.contains(&alias));
        }
        let remediation = match (verdict.answer, verdict.remediation) {
            (Answer::Pass | Answer::NotApplicable, _) => String::new(),
            (_, Some(here)) => here,
            (_, None) => remediation.to_owned(),
        };
        self.answers.checks.push(Check {
            rule: &rule.meta,
            severity: verdict.severity.unwrap_or(rule.meta.severity),
            aliases,
            answer: verdict.answer,
            target: target.to_owned(),
            evidence: verdict.evidence,
            remediation,
            steps: if verdict.answer == Answer::Fail { verdict.steps } else { Vec::new() },
        });
    }
}

fn nothing_known<T>(fact: &Fact<T>, what: &str) -> Outcome {
    match fact.known(what) {
        Err(why) if matches!(fact, Fact::Absent) => Ok(Verdict::not_applicable(why.reason)),
        Err(why) => Err(why),
        Ok(_) => Err(Unknown::new(format!("the {what} are not known"))),
    }
}

fn container_target(container: &Container) -> String {
    named("container", container.name())
}

fn image_target(image: &Image) -> String {
    named("image", image.reference())
}

fn network_target(network: &Network) -> String {
    named("network", network.name.value().map_or("", String::as_str))
}

/// Engines give no longer names than these; a bundle may hold any.
fn named(kind: &str, name: &str) -> String {
    let mut target = format!("{kind}:{name}");
    shorten(&mut target, 400);
    target
}

/// What is quoted of a host is as long as the host made it, which a report need not be.
fn shorten(text: &mut String, most: usize) {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
}

/// The text under the rule's heading "Remediation", on one line and without its final dot.
fn remediation(rule: &RuleMeta) -> String {
    let lines = rule.doc.lines().map(str::trim).skip_while(|line| *line != "## Remediation").skip(1);
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).filter(|line| !line.is_empty()).collect();
    lines.join(" ").trim_end_matches('.').to_owned()
}
