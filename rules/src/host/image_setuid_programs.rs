use crate::host_rule::{Cx, Outcome};
use crate::support::image_list;

host_rule! {
    /// ## What it does
    /// Lists the images of the host, whose setuid and setgid programs a person decides on.
    ///
    /// ## Why is this bad?
    /// A setuid program with a hole makes root of any user.
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
    /// Take the bits away in the Dockerfile: `find / -xdev -perm /6000 -type f -exec chmod a-s {} +`.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.8", "CIS-1.1.0-4.8", "CIS-DI-0008", "guide-4.8"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    image_list::to_decide(cx, "`--scan-images` lists their setuid and setgid programs: are all needed?")
}
