use crate::prelude::*;
use crate::support::stage_sources::{Target, sources};

rule! {
    /// ## What it does
    /// Flags `COPY --from` a stage that has no file: one from `scratch` into which nothing was copied.
    ///
    /// ## Why is this bad?
    /// There is nothing to copy: the build fails.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM scratch AS files
    /// FROM alpine:3.22
    /// COPY --from=files /etc/app.conf /etc/app.conf
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM scratch AS files
    /// COPY app.conf /etc/app.conf
    /// FROM alpine:3.22
    /// COPY --from=files /etc/app.conf /etc/app.conf
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3022"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let names = cx.facts.stage_names();
    let mut empty: Vec<bool> = Vec::new();
    for stage in cx.facts.stages() {
        let base_is_empty = match stage.base {
            Base::Scratch => true,
            Base::Stage(parent) => empty.get(parent).copied().unwrap_or(false),
            Base::Image(_) | Base::Unresolved => false,
        };
        let writes = |instruction: &Instruction<'_>| {
            matches!(instruction.keyword_kind(), Keyword::Add | Keyword::Copy | Keyword::Run | Keyword::Workdir)
        };
        for source in stage.instructions.iter().flat_map(sources).filter(|source| source.copy) {
            let target = names.resolve(&source, stage.index());
            let nothing = match target {
                Target::Stage(other) => other < stage.index() && empty.get(other).copied().unwrap_or(false),
                Target::Outside => source.name() == "scratch",
                _ => false,
            };
            if nothing {
                let finding = cx.report(source.word.span, format!("there is no file in `{}`", source.name()));
                if target != Target::Outside {
                    finding.without_aliases(&["DL3022"]);
                }
            }
        }
        empty.push(base_is_empty && !stage.instructions.iter().any(writes));
    }
}
