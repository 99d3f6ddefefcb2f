use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags `DOCKER_CONTENT_TRUST=1`, with which pulls of official images fail.
    ///
    /// ## Why is this bad?
    /// Docker Content Trust was retired: its certificates have run out, and clients that still obey the variable
    /// refuse official images. Guides ask for it all the same.
    ///
    /// ## Example
    /// ```json,fail
    /// {"environment": "DOCKER_CONTENT_TRUST=1\n"}
    /// ```
    /// Use instead:
    /// ```json,not-applicable
    /// {"environment": "PATH=\"/usr/bin\"\n"}
    /// ```
    ///
    /// ## Remediation
    /// Take the variable out of /etc/environment. Sign images with cosign or notation, and have a policy check the
    /// signatures.
    category: Correctness, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.5", "CIS-1.1.0-4.5", "CIS-DI-0005", "guide-4.5", "guide-0x01.3"],
    check: Host(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let none = std::collections::BTreeMap::new();
    let environment = cx.facts.environment.optional()?.unwrap_or(&none);
    Ok(match environment.get("DOCKER_CONTENT_TRUST").map(String::as_str) {
        None | Some("" | "0") => Verdict::not_applicable("retired: Docker Content Trust does not work any more"),
        Some(_) => Verdict::fail("DOCKER_CONTENT_TRUST is set: pulls of official images fail"),
    })
}
