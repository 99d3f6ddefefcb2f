use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Image;

host_rule! {
    /// ## What it does
    /// Flags images without a HEALTHCHECK.
    ///
    /// ## Why is this bad?
    /// An engine takes a process that hangs for one that works.
    ///
    /// ## Example
    /// ```json,fail
    /// { "images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {"Healthcheck": {"Test": ["NONE"]}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {"Healthcheck": {"Test": ["CMD", "true"]}}}] }
    /// ```
    ///
    /// ## Remediation
    /// Write a HEALTHCHECK into the Dockerfile.
    ///
    /// ## Notes
    /// podman and buildah leave it out of images in the OCI format: missing there is unknown. Kubernetes does not
    /// look at it.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Cis],
    aliases: ["4.6", "CIS-1.1.0-4.6", "CIS-DI-0006", "guide-4.6"],
    check: Image(check),
}

fn check(cx: &Cx<'_>, image: &Image) -> Outcome {
    let config = image.config.known("Config")?;
    let check = config.healthcheck.optional("Config.Healthcheck")?.and_then(Option::as_ref);
    if check.is_none() && cx.facts.is_podman() {
        return Err(plimsoll_host::Unknown::new("images in the OCI format cannot say it"));
    }
    let on = check.map_or(Ok(false), plimsoll_host::Healthcheck::is_on)?;
    Ok(Verdict::passes_if(on, if on { "there is a health check" } else { "there is no health check" }))
}
