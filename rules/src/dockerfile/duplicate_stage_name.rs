use crate::prelude::*;
use std::collections::HashMap;

rule! {
    /// ## What it does
    /// Flags stage names that stand twice.
    ///
    /// ## Why is this bad?
    /// Builders compare stage names without case, and of two stages with the same name only one can be meant by
    /// `FROM`, `COPY --from` and `--target`. Which one depends on the builder.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 AS build
    /// FROM node:24 AS build
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build-server
    /// FROM node:24 AS build-client
    /// ```
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3024", "DuplicateStageName", "DS-0012", "CKV_DOCKER_11"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let mut first: HashMap<String, &Word<'_>> = HashMap::new();
    for name in cx.file.stages.iter().filter_map(|stage| stage.name.as_ref()) {
        match first.get(&name.text.to_ascii_lowercase()) {
            Some(earlier) => {
                let message = format!("another stage is named `{}` already", earlier.text);
                cx.report(name.span, message).related(earlier.span, "the first stage of that name");
            }
            None => {
                first.insert(name.text.to_ascii_lowercase(), name);
            }
        }
    }
}
