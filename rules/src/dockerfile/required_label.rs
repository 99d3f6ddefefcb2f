use crate::prelude::*;

rule! {
    /// ## What it does
    /// Flags images that lack a label of the configured schema.
    ///
    /// ## Why is this bad?
    /// The schema says which labels the team's images have to carry: who owns them, from which commit they are built.
    ///
    /// ## Example
    /// ```toml
    /// [labels.schema]
    /// "org.opencontainers.image.revision" = "hash"
    /// ```
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// CMD ["sh"]
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.revision="4f070595ab12cd34ef56ab78cd90ef12ab34cd56"
    /// CMD ["sh"]
    /// ```
    ///
    /// ## Options
    /// `labels.schema`: the labels, with the form of their values.
    ///
    /// ## Notes
    /// The final stage has to carry the label, itself or through the stages that it is built from. hadolint asks the
    /// same of most other stages, whose labels no image gets.
    category: Style, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3049"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let options = cx.options;
    if options.label_schema.is_empty() {
        return;
    }
    let Some(stage) = cx.facts.final_stage() else { return };
    let Some(from) = stage.from() else { return };
    let mut present: Vec<&str> = Vec::new();
    for fact in cx.facts.lineage(stage.index()) {
        for instruction in fact.of(Keyword::Label) {
            if let Kind::Label(pairs) = &instruction.kind {
                present.extend(pairs.iter().map(|pair| pair.key.unquoted()));
            }
        }
    }
    present.sort_unstable();
    for key in options.label_schema.keys() {
        if present.binary_search(&key.as_str()).is_err() {
            cx.report(from.keyword, format!("label `{key}` is missing"));
        }
    }
}
