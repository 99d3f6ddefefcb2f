use crate::image_cx::ImageCx;
use plimsoll_image::IssueKind;

image_rule! {
    /// ## What it does
    /// Flags content whose digest or size is not the one by which manifest or configuration refer to it.
    ///
    /// ## Why is this bad?
    /// The content was changed after the image was made, by a fault or by somebody: what a signature or a digest vouches
    /// for is not what is there. Engines refuse such an image, or load it all the same.
    ///
    /// ## Example
    /// ```image,finding
    /// diff_ids = ["sha256:0000000000000000000000000000000000000000000000000000000000000000"]
    /// step = [{ by = "COPY app /srv/app", files = ["644 0:0 srv/app x"] }]
    /// ```
    /// Use instead:
    /// ```image,clean
    /// step = [{ by = "COPY app /srv/app", files = ["644 0:0 srv/app x"] }]
    /// ```
    ///
    /// ## Notes
    /// `--no-verify` leaves the digests unchecked.
    category: Security, severity: Error, confidence: High, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: [],
    check: check,
}

fn check(cx: &mut ImageCx<'_>) {
    for issue in cx.image.issues.iter().filter(|issue| issue.kind == IssueKind::DigestMismatch) {
        let place = issue.layer.map_or_else(|| cx.whole(), |layer| cx.at_layer(layer));
        let subject = if issue.subject.is_empty() { String::new() } else { format!("{}: ", issue.subject) };
        cx.report(place, format!("{subject}{}", issue.message));
    }
}
