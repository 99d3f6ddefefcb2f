use crate::build_run::BuildCx;

build_rule! {
    /// ## What it does
    /// Flags instructions of a Dockerfile that the history of the image does not have: the image was built from another
    /// version of the Dockerfile, to another stage, or its layers were squashed.
    ///
    /// ## Why is this bad?
    /// What is said of the one does not hold for the other, and what was found in the image cannot be placed at a line.
    ///
    /// ## Example
    /// ```build,finding
    /// FROM alpine:3.22
    /// COPY app /srv/app
    /// RUN adduser -D app
    /// ---
    /// step = [{ by = "COPY app /srv/app # buildkit", files = ["755 0:0 srv/app x"] }]
    /// ```
    /// Use instead:
    /// ```build,clean
    /// FROM alpine:3.22
    /// COPY app /srv/app
    /// RUN adduser -D app
    /// ---
    /// [[step]]
    /// by = "COPY app /srv/app # buildkit"
    /// files = ["755 0:0 srv/app x"]
    /// [[step]]
    /// by = "RUN /bin/sh -c adduser -D app # buildkit"
    /// files = ["755 1000:1000 home/app/"]
    /// ```
    ///
    /// ## Notes
    /// Only instructions that make layers count, of the stage that fits best and of those that it is built from. What was
    /// found in layers whose instruction is not known stays listed under the image. buildah makes one layer of a stage
    /// unless it is given `--layers`. Of several images of one platform in an archive the one that fits best is taken, and
    /// an info names each of the others.
    category: Correctness, severity: Warning, confidence: Medium, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

fn check(cx: &mut BuildCx<'_>) {
    let (missing, expected) = (cx.placement.missing.as_slice(), cx.placement.expected);
    let at = |number: &usize| cx.file.instructions.get(*number).map(|instruction| instruction.span);
    if let Some(bundle) = cx.placement.bundle().as_ref().and_then(at).filter(|_| missing.is_empty()) {
        cx.report(bundle, "the builder made one layer of several instructions: whose its files are cannot be told");
        return;
    }
    let Some(first) = missing.first().and_then(at) else { return };
    let (place, message) = match missing.len() {
        count if count == expected => (
            cx.placement.target.as_ref().and_then(at).unwrap_or(first),
            format!("the image's history has none of the {expected} instructions that make its layers"),
        ),
        1 => (first, "the image's history does not have this instruction".to_owned()),
        2 => (first, format!("the image's history has neither this instruction nor another one of {expected}")),
        count => {
            (first, format!("the image's history has neither this instruction nor {} others of {expected}", count - 1))
        }
    };
    cx.report(place, message);
}
