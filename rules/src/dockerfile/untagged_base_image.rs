use crate::prelude::*;
use crate::support::registries;

rule! {
    /// ## What it does
    /// Flags base images without a tag and without a digest.
    ///
    /// ## Why is this bad?
    /// Without a tag the builder takes `latest`, which is another image tomorrow: the build breaks or changes on a day
    /// when nobody touched the file, and nobody can tell later what an old image was made of.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM python
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM python:3.13-slim
    /// ```
    ///
    /// ## Notes
    /// The defaults of `ARG`s before the first `FROM` are put in. A variable without a default is left alone, and so
    /// are `scratch` and the names of earlier stages, in any case. Images of registries that the configuration trusts
    /// are an info only.
    category: Reproducibility, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["DL3006", "DS-0001", "CKV_DOCKER_7"],
    fixable: false,
    check: Stage(check),
}

fn check<'c>(cx: &mut Cx<'c>, stage: &'c StageFact<'c>) {
    let word = &stage.stage.base;
    let raw = word.unquoted();
    // Behind a variable for the registry, as in `$REGISTRY/debian`, the name stands there with or without a tag.
    let name = if raw.starts_with('$') { raw.rsplit_once('/').map_or("", |(_, name)| name) } else { raw };
    let in_variable = raw.starts_with('$') && name.contains(['$', '}']);
    let without_tag = !in_variable && !name.contains([':', '@']) && !name.is_empty();
    let (untagged, trusted) = match &stage.base {
        Base::Image(_) => match stage.image() {
            Some(image) => (image.tag.is_none() && image.digest.is_none(), registries::is_trusted(cx.options, &image)),
            // That it is no image name is another rule's; peers do not ask.
            None => (without_tag, false),
        },
        // What the variable in `name${SUFFIX}` holds may be a tag; peers do not ask.
        Base::Unresolved => (without_tag, false),
        Base::Scratch | Base::Stage(_) => return,
    };
    if !untagged {
        return;
    }
    let message = format!("base image `{raw}` has no tag");
    let uncertain = stage.image().is_none();
    let finding = cx.report(word.span, message);
    if trusted {
        finding.severity(Severity::Info);
    }
    if uncertain {
        finding.confidence(Confidence::Low).quiet();
    }
    if raw.starts_with('$') {
        finding.without_aliases(&["DL3006"]);
    }
}
