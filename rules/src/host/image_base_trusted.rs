use crate::host_rule::{Cx, Outcome};
use crate::support::image_list;

host_rule! {
    /// ## What it does
    /// Lists the images of the host, for a person to say whether they come from where they should.
    ///
    /// ## Why is this bad?
    /// An image runs what its maker put in.
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
    /// Allow only registries that you trust; `trusted` in plimsoll.toml checks Dockerfiles.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.2", "CIS-1.1.0-4.2", "guide-4.2", "guide-0x01.1"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    image_list::to_decide(cx, "do they come from registries that you trust?")
}
