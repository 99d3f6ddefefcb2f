use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags labels that are not in the configured schema, where it is strict.
    ///
    /// ## Why is this bad?
    /// Where the schema lists every label that images may carry, another one is most often misspelt.
    ///
    /// ## Example
    /// ```toml
    /// [labels]
    /// strict = true
    /// [labels.schema]
    /// "org.opencontainers.image.title" = "text"
    /// ```
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.titel="app"
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.title="app"
    /// ```
    ///
    /// ## Options
    /// `labels.strict` turns it on, `labels.schema` lists the labels.
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3050"],
    fixable: false,
    check: Instruction([Label], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let options = cx.options;
    let Kind::Label(pairs) = &at.instruction.kind else { return };
    if !options.strict_labels {
        return;
    }
    for pair in pairs {
        let key = pair.key.unquoted();
        if options.label_schema.contains_key(key) || key.contains('$') {
            continue;
        }
        let near = nearest(key, options.label_schema.keys().map(String::as_str));
        let hint = near.map_or(String::new(), |near| format!(", did you mean `{near}`?"));
        cx.report(pair.key.span, format!("label `{key}` is not in the schema{hint}"));
    }
}
