use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags hosts on which most images belong to no container.
    ///
    /// ## Why is this bad?
    /// Old images keep their holes and take space, and somebody starts one by mistake.
    ///
    /// ## Example
    /// ```json,fail
    /// { "images.json": [{"Id": "sha256:a"}, {"Id": "sha256:b"}, {"Id": "sha256:c"}],
    ///   "containers.json": [{"Name": "/web", "Image": "sha256:a"}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"images.json": [{"Id": "sha256:a"}], "containers.json": [{"Name": "/web", "Image": "sha256:a"}]}
    /// ```
    ///
    /// ## Remediation
    /// Remove what no container uses: `docker image prune --all`.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["6.1", "CIS-1.1.0-6.4"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let images = cx.facts.images.known("images")?;
    cx.facts.whole("images.json")?;
    cx.facts.whole("containers.json")?;
    let mut used = std::collections::BTreeSet::new();
    for container in cx.facts.containers.known("containers")? {
        used.insert(container.image.known("Image")?);
    }
    let (used, all) =
        (images.iter().filter(|image| image.id.value().is_some_and(|id| used.contains(id))).count(), images.len());
    Ok(Verdict::passes_if(used * 2 >= all, format!("{used} of {all} images belong to a container")))
}
