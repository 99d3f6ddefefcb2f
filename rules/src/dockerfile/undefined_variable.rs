use crate::facts::PLATFORM_ARGS;
use crate::prelude::*;
use crate::support::base_images;
use crate::support::slips::slip;
use plimsoll_dockerfile::expand::{Variable as Reference, variables};
use std::collections::{HashMap, HashSet};

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

/// For each stage, where each name is first set.
type Declared<'c> = Vec<HashMap<&'c str, usize>>;

fn check(cx: &mut Cx<'_>) {
    if !cx.file.source.contains('$') {
        return;
    }
    let mut declared: Declared<'_> = vec![HashMap::new(); cx.file.stages.len()];
    let mut unset: HashSet<(usize, String)> = HashSet::new();
    for at in cx.facts.instructions().filter(|at| !at.onbuild) {
        let Some(stage) = at.stage else { continue };
        match &at.instruction.kind {
            Kind::Run(_) => {
                for flag in at.flags.iter().filter(|flag| flag.name.text == "mount") {
                    let part = at.instruction.part(flag.span);
                    judge(cx, at, stage, variables(&part, cx.file.escape), &declared, &mut unset);
                }
            }
            Kind::Arg(declarations) => {
                // One declaration after the other: a later one sees the earlier ones.
                for Declaration { name, default } in declarations {
                    if let Some(default) = default {
                        let part = at.instruction.part(default.span);
                        judge(cx, at, stage, variables(&part, cx.file.escape), &declared, &mut unset);
                    }
                    declare(&mut declared, stage, &name.text, at.index);
                }
            }
            Kind::Env(pairs) => {
                judge(cx, at, stage, variables(&at.instruction.arguments, cx.file.escape), &declared, &mut unset);
                for pair in pairs {
                    declare(&mut declared, stage, &pair.key.text, at.index);
                }
            }
            Kind::Add(_)
            | Kind::Copy(_)
            | Kind::Expose(_)
            | Kind::Label(_)
            | Kind::StopSignal(_)
            | Kind::User(_)
            | Kind::Volume(_)
            | Kind::Workdir(_) => {
                judge(cx, at, stage, variables(&at.instruction.arguments, cx.file.escape), &declared, &mut unset);
            }
            _ => {}
        }
    }
}

fn declare<'c>(declared: &mut Declared<'c>, stage: usize, name: &'c str, index: usize) {
    if let Some(names) = declared.get_mut(stage) {
        names.entry(name).or_insert(index);
    }
}

fn judge(
    cx: &mut Cx<'_>,
    at: At<'_>,
    stage: usize,
    references: Vec<Reference>,
    declared: &Declared<'_>,
    unset: &mut HashSet<(usize, String)>,
) {
    let mut seen: Vec<String> = Vec::new();
    for reference in references {
        let name = &*reference.name;
        // Predefined in every stage, or set by the builder itself.
        let builtin = name == "PATH" || name.starts_with("BUILDKIT_SBOM_SCAN_");
        let set =
            cx.facts.lineage(stage).any(|fact| declared.get(fact.index()).is_some_and(|set| set.contains_key(name)));
        if builtin || set || seen.iter().any(|seen| seen == name) {
            continue;
        }
        // Declaring it once is enough for the whole stage.
        let first = unset.insert((stage, reference.name.clone()));
        report(cx, at, stage, &reference, first);
        seen.push(reference.name);
    }
}

fn report(cx: &mut Cx<'_>, at: At<'_>, stage: usize, reference: &Reference, first: bool) {
    let name = &*reference.name;
    let global = cx.facts.scopes().global(name).is_some();
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
        if first {
            let edit = Edit::insert(start, format!("ARG {name}{line_break}"));
            finding.fix(Fix::unsafe_(format!("declare `{name}` in this stage"), edit));
        }
        if reference.has_default() {
            finding.quiet();
        }
        return;
    }
    let names = cx.facts.variable_names(stage, at.index);
    let near = slip(name, names.into_iter().chain(["PATH"]));
    let own = matches!(&at.instruction.kind, Kind::Env(pairs) if pairs.iter().any(|pair| pair.key.text == name));
    let bare = match cx.facts.root_base(stage) {
        Some(Base::Scratch) => true,
        Some(Base::Image(image)) => ImageReference::parse(image).is_some_and(|i| base_images::has_bare_environment(&i)),
        _ => false,
    };
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
