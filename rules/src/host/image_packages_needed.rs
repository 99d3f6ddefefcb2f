use crate::host_rule::{Cx, Outcome};
use crate::support::image_list;

host_rule! {
    /// ## What it does
    /// Lists the images of the host, for a person to say whether they hold packages that nobody needs.
    ///
    /// ## Why is this bad?
    /// What is not there has no holes.
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
    /// Build from a minimal base, and in stages.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.3", "CIS-1.1.0-4.3", "guide-4.3"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    image_list::to_decide(cx, "do they hold packages that are not needed? `--scan-images` lists them")
}
