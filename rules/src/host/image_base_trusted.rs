use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::{image_list, registries};
use plimsoll_base::ImageReference;

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
    /// Allow only registries that you trust; with `trusted` under `[registries]` in plimsoll.toml this
    /// check answers by itself, and Dockerfiles are checked too.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.2", "CIS-1.1.0-4.2", "guide-4.2", "guide-0x01.1"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let trusted = &cx.options.trusted_registries;
    if trusted.is_empty() {
        return image_list::to_decide(cx, "do they come from registries that you trust?");
    }
    let (mut other, mut local, mut count) = (Vec::new(), Vec::new(), 0);
    for image in cx.facts.images.known("images")? {
        count += 1;
        // Only what was pulled or pushed has a digest by which a registry knows it.
        let digests = image.repo_digests.list("RepoDigests")?;
        let is_named = |name: &&String| !name.starts_with("<none>");
        let foreign = |name: &&String| {
            ImageReference::parse(name).is_none_or(|reference| !registries::is_among(trusted, &reference))
        };
        match digests.iter().filter(is_named).find(foreign) {
            Some(name) => other.push(name.clone()),
            None if digests.is_empty() => local.push(image.reference()),
            None => {}
        }
    }
    if !other.is_empty() {
        return Ok(Verdict::fail(format!("from registries that are not trusted: {}", other.join(", "))));
    }
    Ok(if local.is_empty() {
        Verdict::pass(format!("all {count} images come from trusted registries"))
    } else {
        Verdict::manual(format!("built here, from what the engine does not say: {}", local.join(", ")))
    })
}
