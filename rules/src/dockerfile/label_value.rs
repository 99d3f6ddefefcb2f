use crate::options::LabelType;
use crate::prelude::*;
use crate::support::label_types;

rule! {
    /// ## What it does
    /// Flags labels whose value has not the form that the configured schema asks for.
    ///
    /// ## Why is this bad?
    /// Programs read these values: a date that is none sorts nowhere, a revision that is none leads to no commit.
    ///
    /// ## Example
    /// ```toml
    /// [labels.schema]
    /// "org.opencontainers.image.url" = "url"
    /// ```
    /// ```dockerfile,finding
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.url="example.com/app"
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM alpine:3.20
    /// LABEL org.opencontainers.image.url="https://example.com/app"
    /// ```
    ///
    /// ## Options
    /// `labels.schema`: the labels, each with `text`, `url`, `semver`, `hash` (a git commit of 7 or 40 digits),
    /// `rfc3339`, `spdx` or `email`.
    ///
    /// ## Notes
    /// Values that hold a variable are checked where the file tells it. hadolint takes the variable's name for the
    /// value, and refuses licence expressions such as `MIT OR Apache-2.0`.
    category: Style, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3052", "DL3053", "DL3054", "DL3055", "DL3056", "DL3058"],
    fixable: false,
    check: Instruction([Label], check),
}

fn check(cx: &mut Cx<'_>, at: At<'_>) {
    let options = cx.options;
    let Kind::Label(pairs) = &at.instruction.kind else { return };
    if options.label_schema.is_empty() {
        return;
    }
    for pair in pairs {
        let key = pair.key.unquoted();
        let Some(&form) = options.label_schema.get(key) else { continue };
        let Some(value) = at.stage.and_then(|stage| cx.facts.expand(stage, at.index, &pair.value.text)) else {
            continue;
        };
        let (sound, name, id) = match form {
            LabelType::Text => continue,
            LabelType::Url => (label_types::is_url(&value), "an absolute URL", "DL3052"),
            LabelType::Rfc3339 => (label_types::is_rfc3339(&value), "a date and time of RFC 3339", "DL3053"),
            LabelType::Spdx => (label_types::is_spdx(&value), "an SPDX licence expression", "DL3054"),
            LabelType::Hash => (label_types::is_git_hash(&value), "a git commit of 7 or 40 digits", "DL3055"),
            LabelType::Semver => (label_types::is_semver(&value), "a semantic version", "DL3056"),
            LabelType::Email => (label_types::is_email(&value), "an e-mail address", "DL3058"),
        };
        if sound {
            continue;
        }
        let finding = cx.report(pair.value.span, format!("label `{key}` is not {name}"));
        finding.only_aliases(|alias| alias == id);
        // Another rule says that it is empty.
        if value.is_empty() {
            finding.quiet();
        }
    }
}
