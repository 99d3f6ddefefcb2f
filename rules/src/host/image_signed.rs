use crate::host_rule::{Cx, Outcome};
use crate::support::image_list;

host_rule! {
    /// ## What it does
    /// Lists the images of the host, for a person to say whether their signatures are checked.
    ///
    /// ## Why is this bad?
    /// A signature tells that the image is the one that was built.
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
    /// Sign images with cosign or notation, and have a policy check the signatures.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.12"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    image_list::to_decide(cx, "are they signed, and is that checked?")
}
