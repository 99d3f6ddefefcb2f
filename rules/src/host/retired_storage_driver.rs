use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags storage drivers that are gone from engines: aufs, devicemapper, the first overlay.
    ///
    /// ## Why is this bad?
    /// They get no more mends, and an engine of today does not start with them: the update that closes the next hole
    /// cannot be made.
    ///
    /// ## Example
    /// ```json,fail
    /// {"info.json": {"Driver": "aufs"}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"info.json": {"Driver": "overlay2"}}
    /// ```
    ///
    /// ## Remediation
    /// Move to overlay2, or to the containerd image store: save the images, change `storage-driver`, load them.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.6", "CIS-1.1.0-2.5", "guide-2.5"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let driver = cx.facts.info.known("engine")?.driver.known("Driver")?;
    let retired = matches!(driver.as_str(), "aufs" | "devicemapper" | "overlay");
    Ok(Verdict::passes_if(!retired, format!("the storage driver is {driver}")))
}
