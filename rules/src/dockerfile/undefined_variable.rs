use crate::facts::PLATFORM_ARGS;
use crate::prelude::*;
use crate::support::base_images;
use crate::support::slips::Slips;
use plimsoll_dockerfile::Logical;
use plimsoll_dockerfile::expand::{Variable as Reference, variables};
use std::collections::HashSet;

rule! {
    /// ## What it does
    /// Flags variables that the builder puts into an instruction and that nothing sets before it.
    ///
    /// ## Why is this bad?
    /// The builder puts in nothing and says nothing: `COPY $SRC /app` copies something else than was meant.
    /// Arguments from before the first `FROM` are not seen inside a stage until an `ARG` there names them again.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// ARG VERSION=1.4
    /// FROM alpine:3.22
    /// LABEL org.opencontainers.image.version=$VERSION
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// ARG VERSION=1.4
    /// FROM alpine:3.22
    /// ARG VERSION
    /// LABEL org.opencontainers.image.version=$VERSION
    /// ```
    ///
    /// ## Fix
    /// Declares the argument again before the instruction, or puts in the variable that is meant. Both are unsafe:
    /// they give a value to what had none.
    ///
    /// ## Notes
    /// The base image may set variables too. What looks like one of those, and what has a default (`${A:-b}`), is
    /// shown only on request.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["UndefinedVar"],
    fixable: true,
    check: File(check),
}

/// What is known of the file so far.
struct Known<'c> {
    /// For each stage, the names that it has set.
    set: Vec<HashSet<&'c str>>,
    /// For each stage, whether its outermost base sets nothing but `PATH`.
    bare: Vec<bool>,
    /// The names that were reported, by stage.
    unset: HashSet<(usize, String)>,
    slips: Slips,
}

impl<'c> Known<'c> {
    fn sets(&mut self, stage: usize, names: impl IntoIterator<Item = &'c str>) {
        if let Some(set) = self.set.get_mut(stage) {
            set.extend(names);
        }
    }
}

fn check(cx: &mut Cx<'_>) {
    if !cx.file.source.contains('$') {
        return;
    }
    let mut known = Known {
        set: vec![HashSet::new(); cx.file.stages.len()],
        bare: bare_stages(cx),
        unset: HashSet::new(),
        slips: Slips::new(),
    };
    for &at in cx.facts.instructions().iter().filter(|at| !at.onbuild) {
        let Some(stage) = at.stage else { continue };
        match &at.instruction.kind {
            Kind::Run(_) => {
                for flag in at.flags.iter().filter(|flag| flag.name.text == "mount") {
                    judge(cx, at, stage, &at.instruction.part(flag.span), &mut known);
                }
            }
            Kind::Arg(declarations) => {
                // One declaration after the other: a later one sees the earlier ones.
                for Declaration { name, default } in declarations {
                    if let Some(default) = default {
                        judge(cx, at, stage, &at.instruction.part(default.span), &mut known);
                    }
                    known.sets(stage, [&*name.text]);
                }
            }
            Kind::Env(pairs) => {
                judge(cx, at, stage, &at.instruction.arguments, &mut known);
                known.sets(stage, pairs.iter().map(|pair| &*pair.key.text));
            }
            Kind::Add(_)
            | Kind::Copy(_)
            | Kind::Expose(_)
            | Kind::Label(_)
            | Kind::StopSignal(_)
            | Kind::User(_)
            | Kind::Volume(_)
            | Kind::Workdir(_) => judge(cx, at, stage, &at.instruction.arguments, &mut known),
            _ => {}
        }
    }
}

fn bare_stages(cx: &Cx<'_>) -> Vec<bool> {
    let mut bare: Vec<bool> = Vec::new();
    for stage in cx.facts.stages() {
        bare.push(match stage.base {
            Base::Scratch => true,
            Base::Stage(parent) => bare.get(parent).copied().unwrap_or(false),
            Base::Image(_) => stage.image().is_some_and(|image| base_images::has_bare_environment(&image)),
            Base::Unresolved => false,
        });
    }
    bare
}

fn judge(cx: &mut Cx<'_>, at: At<'_>, stage: usize, text: &Logical<'_>, known: &mut Known<'_>) {
    let mut seen: HashSet<String> = HashSet::new();
    for reference in variables(text, cx.file.escape) {
        let name = &*reference.name;
        // Predefined in every stage, or set by the builder itself.
        let builtin = name == "PATH" || name.starts_with("BUILDKIT_SBOM_SCAN_");
        let is_set = |fact: &StageFact<'_>| known.set.get(fact.index()).is_some_and(|set| set.contains(name));
        if builtin || cx.facts.lineage(stage).any(is_set) || !seen.insert(name.to_owned()) {
            continue;
        }
        report(cx, at, stage, &reference, known);
    }
}

fn report(cx: &mut Cx<'_>, at: At<'_>, stage: usize, reference: &Reference, known: &mut Known<'_>) {
    let name = &*reference.name;
    let global = cx.facts.scopes().is_global(name);
    if global || PLATFORM_ARGS.contains(&name) {
        let message = if global {
            format!("`{name}` is not seen in this stage: declare it again with `ARG {name}`")
        } else {
            format!("`{name}` is set only where `ARG {name}` declares it")
        };
        let start = at.instruction.span.start;
        let above = cx.text(Span::new(0, start));
        let line_break = if above.trim_end_matches([' ', '\t']).ends_with("\r\n") { "\r\n" } else { "\n" };
        let finding = cx.report(reference.span, message);
        // Declaring it once is enough for the whole stage.
        if known.unset.insert((stage, name.to_owned())) {
            let edit = Edit::insert(start, format!("ARG {name}{line_break}"));
            finding.fix(Fix::unsafe_(format!("declare `{name}` in this stage"), edit));
        }
        if reference.has_default() {
            finding.quiet();
        }
        return;
    }
    let facts = cx.facts;
    let names = || facts.variable_names(stage, at.index).into_iter().chain(["PATH"]);
    let near = known.slips.find(name, names);
    let own = matches!(&at.instruction.kind, Kind::Env(pairs) if pairs.iter().any(|pair| pair.key.text == name));
    let bare = known.bare.get(stage).copied().unwrap_or(false);
    let message = match near {
        Some(near) if !own => format!("`{name}` is not set, did you mean `{near}`?"),
        _ => format!("`{name}` is not set"),
    };
    let finding = cx.report(reference.span, message);
    if let Some(near) = near.filter(|_| !own) {
        finding.fix(Fix::unsafe_(format!("use `{near}`"), Edit::replace(reference.name_span, near)));
    } else if !bare {
        finding.confidence(Confidence::Low).quiet();
    }
    // A default is an answer; `ENV A=$A:/more` is a habit, and a key set beside it has a rule of its own.
    if own || reference.has_default() || !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        finding.quiet();
    }
}
