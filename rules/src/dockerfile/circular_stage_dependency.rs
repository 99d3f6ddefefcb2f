use crate::prelude::*;
use crate::support::stage_sources::{Target, sources};

rule! {
    /// ## What it does
    /// Flags stages that need each other.
    ///
    /// ## Why is this bad?
    /// Neither can be built before the other: the build fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.22 AS one
    /// COPY --from=two /b /b
    /// FROM alpine:3.22 AS two
    /// COPY --from=one /a /a
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.22 AS one
    /// RUN touch /a
    /// FROM alpine:3.22 AS two
    /// COPY --from=one /a /a
    /// ```
    ///
    /// ## Notes
    /// A stage that copies from itself has a rule of its own.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: [],
    fixable: false,
    check: File(check),
}

/// Where a stage needs another one, and which.
struct Need {
    stage: usize,
    place: Span,
}

fn check(cx: &mut Cx<'_>) {
    let names = cx.facts.stage_names();
    let mut needs: Vec<Vec<Need>> = Vec::new();
    for stage in cx.facts.stages() {
        let mut own = Vec::new();
        if let Base::Stage(parent) = stage.base {
            own.push(Need { stage: parent, place: stage.stage.base.span });
        }
        for source in stage.instructions.iter().flat_map(sources) {
            match names.resolve(&source, stage.index()) {
                Target::Stage(other) if other != stage.index() => {
                    own.push(Need { stage: other, place: source.word.span });
                }
                _ => {}
            }
        }
        needs.push(own);
    }
    // Every cycle has a stage that needs a later one.
    if !needs.iter().enumerate().any(|(stage, own)| own.iter().any(|need| need.stage > stage)) {
        return;
    }
    let component = components(&needs);
    let same = |one: usize, other: usize| component.get(one) == component.get(other);
    // For each stage, where it first needs one of its cycle.
    let in_cycle: Vec<Option<Span>> = needs
        .iter()
        .enumerate()
        .map(|(stage, own)| own.iter().find(|need| same(need.stage, stage)).map(|need| need.place))
        .collect();
    for (stage, own) in needs.iter().enumerate() {
        let circular = own.iter().find(|need| need.stage > stage && same(need.stage, stage));
        if let Some(need) = circular {
            let name = |index: usize| match cx.file.stages.get(index).and_then(|stage| stage.name.as_ref()) {
                Some(name) => name.text.to_string(),
                None => index.to_string(),
            };
            let message = format!("stages `{}` and `{}` need each other", name(stage), name(need.stage));
            let finding = cx.report(need.place, message);
            if let Some(&Some(back)) = in_cycle.get(need.stage) {
                finding.related(back, "needs it in turn");
            }
        }
    }
}

/// The number of each stage's strongly connected component: stages with the same number need each other.
fn components(needs: &[Vec<Need>]) -> Vec<usize> {
    // Kosaraju's two passes, with stacks of our own: files may have more stages than a thread's stack has frames.
    let count = needs.len();
    let mut finished = Vec::with_capacity(count);
    let mut seen = vec![false; count];
    for root in 0..count {
        let mut stack = vec![(root, 0)];
        while let Some((stage, next)) = stack.pop() {
            if next == 0 && std::mem::replace(&mut seen[stage], true) {
                continue;
            }
            match needs[stage].get(next) {
                Some(need) => {
                    stack.push((stage, next + 1));
                    if !seen[need.stage] {
                        stack.push((need.stage, 0));
                    }
                }
                None => finished.push(stage),
            }
        }
    }
    let mut needed_by = vec![Vec::new(); count];
    for (stage, own) in needs.iter().enumerate() {
        for need in own {
            needed_by[need.stage].push(stage);
        }
    }
    let mut component = vec![usize::MAX; count];
    for (number, &root) in finished.iter().rev().enumerate() {
        let mut stack = vec![root];
        while let Some(stage) = stack.pop() {
            if component[stage] == usize::MAX {
                component[stage] = number;
                stack.extend(&needed_by[stage]);
            }
        }
    }
    component
}
