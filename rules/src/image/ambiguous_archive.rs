use crate::image_cx::ImageCx;
use plimsoll_engine::Severity;
use plimsoll_image::IssueKind;

image_rule! {
    /// ## What it does
    /// Flags an archive that two readers can read as two different images.
    ///
    /// ## Why is this bad?
    /// What was scanned need not be what runs: engines differ in which manifest, which of two members of one name or
    /// which of two equal JSON keys they take, and whether they go on behind the end of an archive.
    ///
    /// ## Example
    /// ```image,finding
    /// trailing = true
    /// step = [{ by = "COPY app /srv/app", files = ["644 0:0 srv/app x"] }]
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
        let severity = match issue.kind {
            IssueKind::TwoReadings | IssueKind::AmbiguousKey | IssueKind::AmbiguousSize => Severity::Error,
            IssueKind::DuplicateMember | IssueKind::TrailingData => Severity::Warning,
            _ => continue,
        };
        let place = issue.layer.map_or_else(|| cx.whole(), |layer| cx.at_layer(layer));
        let subject = if issue.subject.is_empty() { String::new() } else { format!("{}: ", issue.subject) };
        cx.report(place, format!("{subject}{}", issue.message)).severity(severity);
    }
}
