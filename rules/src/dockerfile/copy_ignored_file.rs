use crate::prelude::*;
use crate::support::{archives, dockerignore::Ignore};

rule! {
    /// ## What it does
    /// Flags sources of `COPY` and `ADD` that the `.dockerignore` leaves out of the build context.
    ///
    /// ## Why is this bad?
    /// The builder does not see them: the build stops with "not found", although the file is there.
    ///
    /// ## Example
    /// ```toml
    /// dockerignore = "dist\n"
    /// ```
    /// ```dockerfile,finding
    /// FROM nginx:1.27
    /// COPY dist /usr/share/nginx/html
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM nginx:1.27
    /// COPY site /usr/share/nginx/html
    /// ```
    ///
    /// ## Notes
    /// The patterns are those of `NAME.dockerignore` beside the Dockerfile `NAME`, else of the `.dockerignore` in its
    /// folder, which is the usual build context. Exceptions (`!`) are followed; BuildKit's check is silent where there is
    /// one. A source with wildcards is not checked.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["CopyIgnoredFile"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let Some(text) = &cx.context.dockerignore else { return };
    let ignore = Ignore::parse(text);
    for &at in cx.facts.instructions() {
        let (Kind::Copy(transfer) | Kind::Add(transfer)) = &at.instruction.kind else { continue };
        if at.flag("from").is_some() || at.onbuild {
            continue;
        }
        for source in &transfer.sources {
            let Some(path) = at.stage.and_then(|stage| cx.facts.expand(stage, at.index, &source.text)) else {
                continue;
            };
            if archives::is_remote(&path) || path.contains(['*', '?', '[', '\\']) {
                continue;
            }
            let whole = path.trim_matches('/').is_empty() || path == "." || path == "./";
            let ignored = if whole { ignore.ignores_all() } else { ignore.ignores(&path) };
            if ignored {
                let finding = cx.report(source.span, format!("`{path}` is left out by the `.dockerignore`"));
                if ignore.has_exceptions() {
                    finding.without_aliases(&["CopyIgnoredFile"]);
                }
            }
        }
    }
}
