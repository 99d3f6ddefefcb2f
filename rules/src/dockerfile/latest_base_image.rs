use crate::prelude::*;
use crate::support::registries;

rule! {
    /// ## What it does
    /// Flags base images with the tag `latest`.
    ///
    /// ## Why is this bad?
    /// `latest` is a tag that moves, often from one major version to the next: the build breaks or changes on a day
    /// when nobody touched the file, and nobody can tell later what an old image was made of.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM node:latest
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM node:24-alpine
    /// ```
    ///
    /// ## Notes
    /// The defaults of `ARG`s before the first `FROM` are put in; where `latest` comes from one it is an info only, since
    /// whoever builds may set it. So are images of registries that the configuration trusts. With a digest the tag is
    /// only a remark, so that is fine.
    category: Reproducibility, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3007", "DS-0001", "CKV_DOCKER_7"],
    fixable: false,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    const TAG: &str = ":latest";
    let word = &stage.stage.base;
    let raw = word.unquoted();
    let written = raw.ends_with(TAG);
    let (latest, trusted) = match &stage.base {
        Base::Image(_) => match stage.image() {
            Some(image) => {
                (image.tag == Some("latest") && image.digest.is_none(), registries::is_trusted(cx.options, &image))
            }
            None => (false, false),
        },
        Base::Unresolved => (written, false),
        Base::Scratch | Base::Stage(_) => return,
    };
    if !latest {
        return;
    }
    let unresolved = stage.base == Base::Unresolved;
    // The tag, where it stands there as it is and not behind a variable or a line continuation.
    let place = match cx.text(word.span).rfind(TAG) {
        Some(at) if written => {
            let start = word.span.start + at as u32 + 1;
            Span::new(start, start + TAG.len() as u32 - 1)
        }
        _ => word.span,
    };
    let message = if written {
        "base image has the moving tag `latest`".to_owned()
    } else {
        format!("base image `{raw}` has the moving tag `latest` by default")
    };
    let finding = cx.report(place, message);
    // Whoever builds may set the argument, which a default of `latest` invites to.
    if trusted || !written {
        finding.severity(Severity::Info);
    }
    if !written {
        finding.without_aliases(&["DL3007"]);
    }
    if unresolved && raw.starts_with('$') {
        finding.without_aliases(&["DS-0001"]);
    }
}
