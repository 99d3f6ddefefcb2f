use crate::prelude::*;
use crate::support::registries;
use crate::support::stage_sources::{Target, is_image, sources};

rule! {
    /// ## What it does
    /// Flags images in `COPY --from` and `RUN --mount=from=` without a tag and a digest, or with the tag `latest`.
    ///
    /// ## Why is this bad?
    /// What is copied is another thing tomorrow, just as with an untagged base image: the build changes on a day when
    /// nobody touched the file.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM python:3.13
    /// COPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/uv
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM python:3.13
    /// COPY --from=ghcr.io/astral-sh/uv:0.9.2 /uv /bin/uv
    /// ```
    ///
    /// ## Notes
    /// A plain name such as `tools` may be a named context of the build, so nothing is said of it unless it is that of
    /// one of Docker's official images.
    category: Reproducibility, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["DL3022"],
    fixable: false,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let names = cx.facts.stage_names();
    for &at in cx.facts.instructions() {
        let Some(stage) = at.stage else { continue };
        for source in sources(at.instruction) {
            let name = source.name();
            if names.resolve(&source, stage) != Target::Outside || !is_image(name) {
                continue;
            }
            let Some(image) = ImageReference::parse(name) else { continue };
            let message = match image.tag {
                _ if image.digest.is_some() => continue,
                None => format!("image `{name}` has no tag"),
                Some("latest") => format!("image `{name}` has the moving tag `latest`"),
                Some(_) => continue,
            };
            let trusted = registries::is_trusted(cx.options, &image);
            let finding = cx.report(source.word.span, message);
            if trusted {
                finding.severity(Severity::Info);
            }
            // hadolint takes everything with a colon for an image, and other names for stages that do not exist.
            if !source.copy || name.contains(':') {
                finding.without_aliases(&["DL3022"]);
            }
        }
    }
}
