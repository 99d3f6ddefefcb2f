use crate::image_cx::ImageCx;
use plimsoll_image::IssueKind;

image_rule! {
    /// ## What it does
    /// Says what the archive does not hold, or what could not be judged: layers that have to be fetched from elsewhere,
    /// platforms that were not saved, a history that does not fit the layers.
    ///
    /// ## Why is this bad?
    /// What was not read was not checked.
    ///
    /// ## Example
    /// ```image,finding
    /// history = false
    /// step = [{ by = "COPY app /srv/app", files = ["644 0:0 srv/app x"] }, { by = "COPY lib /srv", files = ["644 0:0 srv/lib x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY app /srv/app", files = ["644 0:0 srv/app x"] }]
    /// ```
    category: Operations, severity: Info, confidence: High, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for issue in &cx.image.issues {
        if matches!(
            issue.kind,
            IssueKind::Unread | IssueKind::AbsentLayer | IssueKind::AbsentPlatform | IssueKind::HistoryMismatch
        ) {
            let place = issue.layer.map_or_else(|| cx.whole(), |layer| cx.at_layer(layer));
            let subject = if issue.subject.is_empty() { String::new() } else { format!("{}: ", issue.subject) };
            cx.report(place, format!("{subject}{}", issue.message));
        }
    }
}
