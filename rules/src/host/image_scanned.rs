use crate::host_rule::{Cx, Outcome};
use crate::support::image_list;

host_rule! {
    /// ## What it does
    /// Lists the images of the host, for a person to say whether they are scanned for known holes and built anew.
    ///
    /// ## Why is this bad?
    /// An image that is not built anew keeps the holes of the day on which it was made.
    ///
    /// ## Example
    /// ```json,manual
    /// {"images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {"User": "app"}}]}
    /// ```
    /// Use instead:
    /// ```json,not-applicable
    /// {"images.json": []}
    /// ```
    ///
    /// ## Remediation
    /// Scan images for known holes on a schedule, and build them anew.
    ///
    /// ## Notes
    /// `docker scan`, which older guides name, is gone from the client.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.4", "CIS-1.1.0-4.4", "guide-4.4", "guide-0x01.4"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    image_list::to_decide(cx, "are they scanned for known holes, and built anew?")
}
