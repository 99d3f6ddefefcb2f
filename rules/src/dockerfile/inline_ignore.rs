use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags comments that silence findings.
    ///
    /// ## Why is this bad?
    /// It is not. A team that wants its exceptions in one place, the configuration, turns this on to find those that
    /// are not there.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// # hadolint ignore=DL3018
    /// RUN apk add --no-cache curl
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// RUN apk add --no-cache curl
    /// ```
    ///
    /// ## Notes
    /// In no preset. Comments of Plimsoll, hadolint, BuildKit, trivy and checkov count; hadolint's own check knows
    /// only `# hadolint ignore=`.
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["DL1001"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for comment in &file.comments {
        let text = comment.text.trim();
        let Some(owner) = owner(text) else { continue };
        let trimmed = comment.text.len() - comment.text.trim_start().len();
        let start = comment.span.start + 1 + trimmed as u32;
        let span = Span::new(start, start + text.len() as u32);
        let finding = cx.report(span, format!("comment that silences findings of {owner}"));
        let local = |rest: &str| rest.trim_start().starts_with("ignore");
        if comment.inside || !text.strip_prefix("hadolint").is_some_and(local) {
            finding.without_aliases(&["DL1001"]);
        }
    }
}

/// Whose comment it is, where it silences something.
fn owner(text: &str) -> Option<&'static str> {
    for (word, owner) in [("plimsoll", "Plimsoll"), ("hadolint", "hadolint")] {
        if let Some(rest) = text.strip_prefix(word).filter(|rest| rest.starts_with([' ', '\t'])) {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("global").or_else(|| rest.strip_prefix("stage")).unwrap_or(rest).trim_start();
            return rest.strip_prefix("ignore")?.trim_start().starts_with('=').then_some(owner);
        }
    }
    if text.starts_with("trivy:ignore:") {
        return Some("trivy");
    }
    if text.starts_with("checkov:skip=") {
        return Some("checkov");
    }
    let rest = text.strip_prefix("check")?.trim_start().strip_prefix('=')?;
    rest.contains("skip").then_some("BuildKit")
}
