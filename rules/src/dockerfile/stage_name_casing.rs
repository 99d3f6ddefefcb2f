use crate::prelude::*;
use crate::support::stage_sources::{Target, sources};

rule! {
    /// ## What it does
    /// Flags stage names with upper-case letters.
    ///
    /// ## Why is this bad?
    /// BuildKit keeps stage names in lower case, so `FROM Build` does not find the stage `Build` but fails, while
    /// `COPY --from=Build` finds it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 AS Build
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build
    /// ```
    ///
    /// ## Fix
    /// Writes the name in lower case, where it is given and everywhere in the file where it is used.
    category: Style, severity: Style, confidence: High, since: "0.1.0",
    presets: [],
    aliases: ["StageNameCasing"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    if !cx.file.stages.iter().any(|stage| stage.name.as_ref().is_some_and(is_mixed)) {
        return;
    }
    let mut uses: Vec<Vec<&Word<'_>>> = vec![Vec::new(); cx.file.stages.len()];
    let names = cx.facts.stage_names();
    for stage in cx.facts.stages() {
        if let Base::Stage(parent) = stage.base
            && let Some(uses) = uses.get_mut(parent)
        {
            uses.push(&stage.stage.base);
        }
        for source in stage.instructions.iter().flat_map(sources) {
            if let Target::Stage(other) = names.resolve(&source, stage.index())
                && let Some(uses) = uses.get_mut(other)
            {
                uses.push(source.word);
            }
        }
    }
    for (stage, uses) in cx.file.stages.iter().zip(uses) {
        let Some(name) = stage.name.as_ref().filter(|name| is_mixed(name)) else { continue };
        let lower = name.text.to_lowercase();
        let mut edits = vec![Edit::replace(name.span, lower.clone())];
        // A use in quotes, or by number or variable, stays as it is.
        let written = uses.into_iter().filter(|word| word.text.eq_ignore_ascii_case(&name.text) && *word.text != lower);
        edits.extend(written.map(|word| Edit::replace(word.span, lower.clone())));
        let title = format!("name the stage `{lower}`");
        let finding = cx.report(name.span, format!("stage name `{}` is not in lower case", name.text));
        finding.fix(Fix::safe(title, edits));
    }
}

fn is_mixed(name: &Word<'_>) -> bool {
    name.text.chars().any(char::is_uppercase)
}
