use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::versions::Release;

host_rule! {
    /// ## What it does
    /// Says of engines that know it whether experimental features are on.
    ///
    /// ## Why is this bad?
    /// Up to 19.03 they were switched on as a whole, unfinished as they were.
    ///
    /// ## Example
    /// ```json,fail
    /// {"info.json": {"ServerVersion": "19.03.5", "ExperimentalBuild": true}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"info.json": {"ServerVersion": "19.03.5", "ExperimentalBuild": false}}
    /// ```
    ///
    /// ## Remediation
    /// Take `experimental` out of daemon.json.
    ///
    /// ## Notes
    /// Retired for later engines: there the option says nothing about safety.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.18", "CIS-1.1.0-2.17"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no experimental features to switch on"));
    }
    let info = cx.facts.info.known("engine")?;
    let version = info.server_version.known("ServerVersion")?;
    if Release::parse(version).is_none_or(|release| release > Release(19, 3, 999)) {
        return Ok(Verdict::not_applicable("retired: since 20.10 the option says nothing about safety"));
    }
    let on = *info.experimental_build.known("ExperimentalBuild")?;
    Ok(Verdict::passes_if(!on, format!("ExperimentalBuild is {on}")))
}
