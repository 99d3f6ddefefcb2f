use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags images without a `HEALTHCHECK`, and `HEALTHCHECK NONE`.
    ///
    /// ## Why is this bad?
    /// Without a probe the engine sees only whether the process lives. A server that hangs stays "up", and nothing
    /// restarts or replaces it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM nginx:1.27
    /// COPY site /usr/share/nginx/html
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM nginx:1.27
    /// COPY site /usr/share/nginx/html
    /// HEALTHCHECK CMD ["curl", "--fail", "--silent", "http://localhost/"]
    /// ```
    ///
    /// ## Notes
    /// Kubernetes ignores `HEALTHCHECK` and has probes of its own, and an image that runs one command to its end
    /// needs none, so that the recommended preset leaves this out. The check cannot see what the base image brings.
    category: Operations, severity: Info, confidence: Medium, since: "0.1.0",
    presets: [Security, Cis],
    aliases: ["DL3057", "DS-0026", "CKV_DOCKER_2", "CIS-DI-0006", "4.6"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let facts = cx.facts;
    let stages = facts.stages();
    // A probe of a stage serves those that are built from it; hadolint also counts those that it is built from.
    let own: Vec<bool> = stages.iter().map(|stage| stage.of(Keyword::Healthcheck).next().is_some()).collect();
    let mut inherited = own.clone();
    for stage in stages {
        if let Base::Stage(parent) = stage.base
            && inherited.get(parent).copied().unwrap_or_default()
            && let Some(slot) = inherited.get_mut(stage.index())
        {
            *slot = true;
        }
    }
    let mut handed_on = own.clone();
    for stage in stages.iter().rev() {
        if let Base::Stage(parent) = stage.base
            && handed_on.get(stage.index()).copied().unwrap_or_default()
            && let Some(slot) = handed_on.get_mut(parent)
        {
            *slot = true;
        }
    }
    let anywhere = own.contains(&true);
    for (stage, (inherited, handed_on)) in stages.iter().zip(inherited.into_iter().zip(handed_on)) {
        let Some(from) = stage.from() else { continue };
        if !inherited && (stage.last || !handed_on) {
            let what = if stage.last { "image" } else { "stage" };
            let finding = cx.report(from.keyword, format!("no `HEALTHCHECK` in this {what}"));
            finding.only_aliases(|alias| match alias {
                "DL3057" => !handed_on,
                "DS-0026" | "CKV_DOCKER_2" => stage.last && !anywhere,
                _ => stage.last,
            });
            if !stage.last {
                finding.quiet();
            }
        } else if stage.last
            && let Some(none) = switched_off(cx, stage)
        {
            let finding = cx.report(none, "`HEALTHCHECK NONE` leaves the image without a probe");
            finding.without_aliases(&["DL3057", "DS-0026", "CKV_DOCKER_2"]);
        }
    }
}

/// The `HEALTHCHECK NONE` that counts for the stage.
fn switched_off(cx: &Cx<'_>, stage: &StageFact<'_>) -> Option<Span> {
    let last = cx.facts.lineage(stage.index()).find_map(|fact| fact.of(Keyword::Healthcheck).next_back())?;
    matches!(last.kind, Kind::Healthcheck(Healthcheck::None)).then_some(last.keyword)
}
