use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::versions::Release;
use plimsoll_engine::Risk;
use plimsoll_host::Fact;

host_rule! {
    /// ## What it does
    /// Flags a daemon.json with `disable-legacy-registry`, which engines since 19.03 refuse.
    ///
    /// ## Why is this bad?
    /// The protocol that it switched off is gone, and a daemon that finds the option does not start.
    ///
    /// ## Example
    /// ```json,fail
    /// { "dockerd.args.json": ["dockerd"],
    ///   "daemon.json": {"disable-legacy-registry": true},
    ///   "version.json": {"Version": "27.3.1"} }
    /// ```
    /// Use instead:
    /// ```json,not-applicable
    /// {"dockerd.args.json": ["dockerd"], "daemon.json": {}, "version.json": {"Version": "27.3.1"}}
    /// ```
    ///
    /// ## Remediation
    /// Take `disable-legacy-registry` out of daemon.json.
    ///
    /// ## Notes
    /// Retired: older guides ask for the option.
    category: Correctness, severity: Error, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: ["C.2", "CIS-1.1.0-2.13", "guide-2.12"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Ok(Verdict::not_applicable("podman has no daemon"));
    }
    let Some(option) = cx.facts.daemon.get("disable-legacy-registry")? else {
        return Ok(Verdict::not_applicable("retired: engines have no old registry protocol any more"));
    };
    let version = match &cx.facts.version {
        Fact::Known(version) => version.version.value().and_then(|version| Release::parse(version)),
        Fact::Absent | Fact::Denied(_) => None,
    };
    let evidence = option.evidence("disable-legacy-registry");
    if version.is_some_and(|version| version < Release(17, 12, 0)) {
        let on = option.bool("disable-legacy-registry")?;
        return Ok(Verdict::passes_if(on, evidence));
    }
    let verdict = Verdict::fail(format!("{evidence}: engines since 19.03 do not start with it"));
    Ok(verdict.setting("disable-legacy-registry", None, Risk::Restart))
}
