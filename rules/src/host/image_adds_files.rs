use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Image;

host_rule! {
    /// ## What it does
    /// Flags images with files that ADD put there.
    ///
    /// ## Why is this bad?
    /// `ADD` unpacks archives and downloads by the look of its source; `COPY` only copies.
    ///
    /// ## Example
    /// ```json,fail
    /// { "images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {}, "PlimsollHistory": [{"CreatedBy": "/bin/sh -c #(nop) ADD file:123 in /app "}, {"CreatedBy": "/bin/sh -c #(nop) ADD file:456 in / "}]}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "images.json": [{"Id": "sha256:aa", "RepoTags": ["app:1"], "Config": {}, "PlimsollHistory": [{"CreatedBy": "COPY app /app # buildkit"}, {"CreatedBy": "ADD rootfs.tar.xz / # buildkit"}]}] }
    /// ```
    ///
    /// ## Remediation
    /// Write COPY for local files.
    ///
    /// ## Notes
    /// ADD of a whole root file system to `/` is how base images are made, and does not count; nor do archives and
    /// downloads.
    category: Style, severity: Info, since: "0.1.0",
    presets: [Cis],
    aliases: ["4.9", "CIS-1.1.0-4.9", "CIS-DI-0009", "guide-4.9"],
    check: Image(check),
}

fn check(_: &Cx<'_>, image: &Image) -> Outcome {
    let mut found = Vec::new();
    for step in image.history.known("its history")? {
        let text = step.created_by.known("CreatedBy")?.as_str();
        let instruction = text.split_once("#(nop)").map_or(text, |(_, rest)| rest).trim();
        let Some(rest) = instruction.strip_prefix("ADD ") else { continue };
        let rest = rest.trim_end_matches("# buildkit").trim();
        let destination = rest.split_whitespace().last().unwrap_or_default();
        let source = rest.split_whitespace().next().unwrap_or_default();
        let unpacked = [".tar", ".gz", ".xz", ".bz2", ".tgz", ".zst"].iter().any(|end| source.ends_with(end));
        if destination != "/" && !unpacked && !source.contains("://") {
            found.push(format!("`ADD {}`", rest.chars().take(80).collect::<String>()));
        }
    }
    Ok(if found.is_empty() {
        Verdict::pass("nothing was added but archives and root file systems")
    } else {
        Verdict::fail(found.join(", "))
    })
}
