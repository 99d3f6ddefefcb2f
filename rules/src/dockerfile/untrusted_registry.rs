use crate::prelude::*;
use crate::support::registries;
use crate::support::stage_sources::{Target, sources};

rule! {
    /// ## What it does
    /// Flags images from registries that the configuration does not list: in `FROM`, `COPY --from` and
    /// `RUN --mount=from=`.
    ///
    /// ## Why is this bad?
    /// An image runs code in the build and ends up in the result. A list of allowed registries keeps out those that
    /// nobody looked at, and names that somebody else could register.
    ///
    /// ## Example
    /// ```toml
    /// [registries]
    /// trusted = ["ghcr.io", "*.corp.example"]
    /// ```
    /// ```dockerfile,finding
    /// FROM quay.io/acme/base:1.4
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM images.corp.example/base:1.4
    /// ```
    ///
    /// ## Options
    /// `registries.trusted`: hosts, with `*` at the start or the end as wildcard; a host may be followed by the
    /// beginning of a path (`quay.io/acme`). `docker.io` allows images without a host. Without the option the rule says
    /// nothing.
    ///
    /// ## Notes
    /// The defaults of `ARG`s before the first `FROM` are put in. An image whose registry a variable hides is an info.
    category: Security, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3026"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    if cx.options.trusted_registries.is_empty() {
        return;
    }
    for stage in cx.facts.stages() {
        let word = &stage.stage.base;
        match &stage.base {
            Base::Image(_) => {
                if let Some(image) = stage.image() {
                    judge(cx, word, &image);
                }
            }
            Base::Unresolved => unknown(cx, word),
            Base::Scratch | Base::Stage(_) => {}
        }
    }
    let names = cx.facts.stage_names();
    for &at in cx.facts.instructions() {
        let Some(stage) = at.stage else { continue };
        for source in sources(at.instruction) {
            match names.resolve(&source, stage) {
                Target::Outside if source.name() != "scratch" => {
                    if let Some(image) = ImageReference::parse(source.name()) {
                        judge(cx, source.word, &image);
                    }
                }
                Target::Variable if !at.onbuild => unknown(cx, source.word),
                _ => {}
            }
        }
    }
}

fn judge(cx: &mut Cx<'_>, word: &Word<'_>, image: &ImageReference<'_>) {
    if !registries::is_trusted(cx.options, image) {
        cx.report(word.span, format!("registry `{}` is not trusted", image.registry_or_default()));
    }
}

fn unknown(cx: &mut Cx<'_>, word: &Word<'_>) {
    let message = format!("the registry of `{}` is known only when it is built", word.unquoted());
    cx.report(word.span, message).severity(Severity::Info).confidence(Confidence::Low);
}
