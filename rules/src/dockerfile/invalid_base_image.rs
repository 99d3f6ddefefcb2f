use crate::facts::PLATFORM_ARGS;
use crate::prelude::*;
use plimsoll_dockerfile::expand::{expand, variables};

rule! {
    /// ## What it does
    /// Flags base images that are no valid image name, as they stand or with the defaults of their arguments.
    ///
    /// ## Why is this bad?
    /// The build fails, or fails for everyone who does not know which `--build-arg` it wants. BuildKit takes the name
    /// of a stage with upper-case letters for an image, too: image names are lower case.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// ARG VARIANT=-
    /// FROM alpine:3.22${VARIANT}:latest
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// ARG VARIANT=
    /// FROM alpine:3.22${VARIANT}
    /// ```
    ///
    /// ## Fix
    /// Writes the name of a stage in lower case.
    ///
    /// ## Notes
    /// An argument that is declared without a default asks to be given; BuildKit warns of that too, we do so only on
    /// request.
    category: Correctness, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["InvalidDefaultArgInFrom"],
    fixable: true,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let word = &stage.stage.base;
    let scopes = cx.facts.scopes();
    let lookup = |name: &str| {
        let value = if scopes.is_global(name) { scopes.global_default(name) } else { platform_value(name) };
        value.map(str::to_owned)
    };
    let Ok(expanded) = expand(&word.text, cx.file.escape, lookup) else { return };
    if word.text.is_empty() || ImageReference::parse(&expanded.value).is_some() {
        return;
    }
    let raw = word.unquoted();
    if matches!(stage.base, Base::Stage(_)) {
        let lower = expanded.value.to_lowercase();
        let written = raw.eq_ignore_ascii_case(&lower);
        let message = format!("BuildKit does not find the stage `{}`: write `{lower}`", expanded.value);
        let finding = cx.report(word.span, message).severity(Severity::Warning);
        if written {
            finding.fix(Fix::safe(format!("write `{lower}`"), Edit::replace(word.span, lower)));
        }
        return;
    }
    if expanded.unmatched.is_empty() && expanded.matched.is_empty() {
        let why = if raw.contains(char::is_uppercase) { ": image names are lower case" } else { "" };
        cx.report(word.span, format!("`{raw}` is no valid image name{why}"));
        return;
    }
    // What no `ARG` declares has a rule of its own; what has no default is meant to be given.
    let given = variables(&plimsoll_dockerfile::Logical::borrowed(&word.text, 0), cx.file.escape)
        .iter()
        .any(|variable| expanded.unmatched.contains(&variable.name) && !variable.has_default());
    let message = if expanded.value.is_empty() {
        format!("`{raw}` is empty unless its arguments are given")
    } else {
        format!("`{raw}` is no valid image name by default: `{}`", expanded.value)
    };
    let finding = cx.report(word.span, message).severity(Severity::Warning);
    if given {
        finding.severity(Severity::Info).quiet();
    }
}

/// What a platform argument holds in an ordinary build: only the form matters here.
fn platform_value(name: &str) -> Option<&'static str> {
    PLATFORM_ARGS.contains(&name).then(|| match name.trim_start_matches("BUILD").trim_start_matches("TARGET") {
        "PLATFORM" => "linux/amd64",
        "OS" => "linux",
        "ARCH" => "amd64",
        _ => "",
    })
}
