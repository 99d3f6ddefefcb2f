use crate::prelude::*;
use crate::support::slips::Slips;
use crate::support::stage_sources::{Source, StageNames, Target, is_image, sources};

rule! {
    /// ## What it does
    /// Flags `COPY --from` and `RUN --mount=from=` that name no stage which stands before them.
    ///
    /// ## Why is this bad?
    /// The builder takes a name that is no stage's for an image, so a typing mistake makes it pull something from a
    /// public registry, or fail. A stage that stands further down cannot be copied from, and a variable is not
    /// expanded there.
    ///
    /// ## Example
    /// ```dockerfile,finding
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app .
    /// FROM alpine:3.22
    /// COPY --from=biuld /app /app
    /// ```
    /// Use instead:
    /// ```dockerfile,clean
    /// FROM golang:1.25 AS build
    /// RUN go build -o /app .
    /// FROM alpine:3.22
    /// COPY --from=build /app /app
    /// ```
    ///
    /// ## Fix
    /// Puts in the stage's name that is meant, where one is near. It is unsafe, because it is a guess. For a variable
    /// there is none: give the image a stage of its own, `FROM $IMAGE AS tools`, and copy from that.
    ///
    /// ## Notes
    /// Images with a tag, a digest, a registry or a path are no mistake, nor are the names of Docker's official images;
    /// `untagged-copy-source` looks at those. Another plain name that is like no stage's may be a named context of the
    /// build (`--build-context`); it is shown only on request.
    category: Correctness, severity: Warning, confidence: High, since: "0.1.0",
    presets: [Recommended],
    aliases: ["DL3022"],
    fixable: true,
    check: File(check),
}

fn check(cx: &mut Cx<'_>) {
    let names = cx.facts.stage_names();
    let mut slips = Slips::new();
    for &at in cx.facts.instructions().iter().filter(|at| !at.onbuild) {
        let Some(stage) = at.stage else { continue };
        for source in sources(at.instruction) {
            judge(cx, names, &mut slips, stage, &source);
        }
    }
}

fn judge(cx: &mut Cx<'_>, names: &StageNames<'_>, slips: &mut Slips, stage: usize, source: &Source<'_>) {
    let (name, place) = (source.name(), source.word.span);
    let finding = match names.resolve(source, stage) {
        Target::Stage(other) if other > stage => {
            let message = format!("`{name}` is a later stage, which cannot be copied from");
            cx.report(place, message).severity(Severity::Error)
        }
        Target::Variable if source.copy => {
            let message = format!("`{name}` is not expanded here: `--from` takes no variables");
            let finding = cx.report(place, message).severity(Severity::Error);
            // hadolint takes everything with a colon for an image.
            if name.contains(':') { finding.without_aliases(&["DL3022"]) } else { finding }
        }
        Target::Outside if !is_image(name) && !name.is_empty() => {
            if let Some(near) = slips.find(name, || names.before(stage)) {
                let finding = cx.report(place, format!("no stage is named `{name}`, did you mean `{near}`?"));
                finding.fix(Fix::unsafe_(format!("copy from `{near}`"), Edit::replace(place, near)))
            } else {
                let message = format!("`{name}` is no stage of this file: an image or a named context");
                let finding = cx.report(place, message).severity(Severity::Info).confidence(Confidence::Low);
                finding.quiet().without_aliases(&["DL3022"])
            }
        }
        _ => return,
    };
    if !source.copy {
        finding.without_aliases(&["DL3022"]);
    }
}
