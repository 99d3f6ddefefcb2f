use crate::prelude::*;
use crate::support::registries;

rule! {
    /// ## What it does
    /// Flags `# syntax=` with another frontend than Docker's own.
    ///
    /// ## Why is this bad?
    /// The frontend is an image that the builder pulls and runs before it reads the file. It sees the build context
    /// and decides what is built: whoever can push that image owns every build that names it.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// # syntax=example/dockerfile-plus:1
    /// FROM alpine:3.22
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// # syntax=docker/dockerfile:1
    /// FROM alpine:3.22
    /// ```
    ///
    /// ## Notes
    /// Frontends from registries that the configuration trusts are fine.
    category: Security, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let Some(directive) = cx.file.directive("syntax") else { return };
    // Words behind the image are for the frontend.
    let name = directive.value.text.split_whitespace().next().unwrap_or("");
    let image = ImageReference::parse(name);
    let official = image.is_some_and(|image| {
        image.registry_or_default() == "docker.io"
            && matches!(
                image.repository,
                "docker/dockerfile" | "docker/dockerfile-upstream" | "docker/dockerfile-experimental"
            )
    });
    let trusted = image.is_some_and(|image| registries::is_trusted(cx.options, &image));
    if !official && !trusted && !name.is_empty() {
        cx.report(directive.value.span, format!("the build is run by the frontend `{name}`"));
    }
}
