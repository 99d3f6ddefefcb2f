use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags labels of the configured schema without a value.
    ///
    /// ## Why is this bad?
    /// The schema asks for the label because somebody reads its value.
    ///
    /// ## Example
    /// ```toml
    /// [labels.schema]
    /// "org.opencontainers.image.title" = "text"
    /// ```
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.title=""
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.title="app"
    /// ```
    ///
    /// ## Options
    /// `labels.schema`: the labels, with the form of their values.
    category: Style, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3051"],
    fixable: false,
    check: Instruction([Label], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let options = cx.options;
    let Kind::Label(pairs) = &at.instruction.kind else { return };
    for pair in pairs {
        let key = pair.key.unquoted();
        if pair.value.unquoted().is_empty() && options.label_schema.contains_key(key) {
            cx.report(pair.span, format!("label `{key}` is empty"));
        }
    }
}
