use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Image;

host_rule! {
    /// ## What it does
    /// Flags images with a layer that only updates the list of packages.
    ///
    /// ## Why is this bad?
    /// The layer is cached, and what is installed later comes from a list that is long out of date.
    ///
    /// ## Example
    /// ```json,fail
    /// { "images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {}, "PlimsollHistory": [{"CreatedBy": "/bin/sh -c apt-get update"}]}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {}, "PlimsollHistory": [{"CreatedBy": "/bin/sh -c apt-get update && apt-get install -y curl"}]}] }
    /// ```
    ///
    /// ## Remediation
    /// Write update and install into one RUN.
    category: Reproducibility, severity: Info, since: "0.1.0",
    presets: [Cis],
    aliases: ["4.7", "CIS-1.1.0-4.7", "CIS-DI-0007", "guide-4.7"],
    check: Image(check),
}

fn check(_: &Cx<'_>, image: &Image) -> Outcome {
    for step in image.history.known("its history")? {
        let text = step.created_by.known("CreatedBy")?.as_str();
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')'))
            .filter(|word| !word.is_empty())
            .collect();
        let runs = |tool: &str, verb: &str| words.windows(2).any(|pair| pair == [tool, verb]);
        let updates = ["apt-get", "apt", "apk"].iter().any(|tool| runs(tool, "update")) || runs("yum", "makecache");
        let installs = words
            .iter()
            .any(|word| matches!(*word, "install" | "add" | "upgrade" | "dist-upgrade" | "source" | "build-dep"));
        if updates && !installs {
            return Ok(Verdict::fail(format!("a layer was made by `{}`", text.chars().take(120).collect::<String>())));
        }
    }
    Ok(Verdict::pass("no layer only updates the list of packages"))
}
