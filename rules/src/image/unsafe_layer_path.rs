use crate::image_cx::ImageCx;
use plimsoll_engine::ImagePlace;
use plimsoll_image::IssueKind;

image_rule! {
    /// ## What it does
    /// Flags entries of layers whose path leads out of the root with `..`, through a loop of links, or that are hard
    /// links to nothing.
    ///
    /// ## Why is this bad?
    /// No builder writes such entries. They are meant for readers that unpack them carelessly, and overwrite files of
    /// the host.
    ///
    /// ## Example
    /// ```image,finding
    /// step = [{ by = "COPY app /srv/app", files = ["644 0:0 ../../etc/cron.d/x x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY app /srv/app", files = ["644 0:0 srv/app x"] }]
    /// ```
    category: Security, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for issue in &cx.image.issues {
        if matches!(issue.kind, IssueKind::UnsafePath | IssueKind::LinkLoop | IssueKind::DanglingHardLink) {
            let place = issue.layer.map_or_else(|| cx.whole(), |layer| cx.at_layer(layer));
            cx.report(ImagePlace { file: Some(issue.subject.clone()), ..place }, issue.message.clone());
        }
    }
}
