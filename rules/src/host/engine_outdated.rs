use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::versions::{Release, escapes};
use plimsoll_host::Fact;

host_rule! {
    /// ## What it does
    /// Flags engines and runtimes with a published way out of containers, and says which version runs.
    ///
    /// ## Why is this bad?
    /// Such holes are used from the day they are published.
    ///
    /// ## Example
    /// ```json,fail
    /// { "version.json": {"Version": "24.0.7", "Platform": {"Name": "Docker Engine - Community"}, "Components": [{"Name": "runc", "Version": "1.1.10"}]} }
    /// ```
    /// Use instead:
    /// ```json,manual
    /// { "version.json": {"Version": "29.3.1", "Platform": {"Name": "Docker Engine - Community"}, "Components": [{"Name": "runc", "Version": "1.3.3"}]} }
    /// ```
    ///
    /// ## Remediation
    /// Update the engine, containerd and runc.
    ///
    /// ## Notes
    /// Distributions mend holes without changing the version: of packages that are not the vendor's the answer is
    /// unknown where the version alone would fail. The list of holes is dated April 2026; whether a newer version
    /// exists a person must look up.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["1.2.2", "CIS-1.1.0-1.3", "guide-1.1.1"],
    check: Host(check),
}

/// Whether authorization plugins are in use, as far as is known. podman's versions are not the engine's, and it has none.
fn authorizes(cx: &Cx<'_>) -> bool {
    let Fact::Known(info) = &cx.facts.info else { return !cx.facts.is_podman() };
    let plugins = info.plugins.value().and_then(|plugins| plugins.authorization.value());
    plugins.is_some_and(|plugins| !plugins.is_empty()) && !cx.facts.is_podman()
}

fn check(cx: &Cx<'_>) -> Outcome {
    let version = cx.facts.version.known("engine")?;
    let engine = version.version.known("Version")?;
    let vendor = version
        .platform
        .value()
        .and_then(|platform| platform.name.value())
        .is_some_and(|name| name.starts_with("Docker Engine"));
    let mut parts = vec![("engine", engine.as_str())];
    for component in version.components.list("Components")? {
        let (name, version) = (component.name.text("Components.Name")?, component.version.text("Components.Version")?);
        if matches!(name, "runc" | "containerd") {
            parts.push((name, version));
        }
    }
    let mut holes = Vec::new();
    for (name, version) in &parts {
        // Those of the engine lead past authorization plugins: without one there is nothing to get past.
        if *name == "engine" && !authorizes(cx) {
            continue;
        }
        if let Some(release) = Release::parse(version) {
            let found = escapes(name, release).map(|escape| format!("{name} {version} has {}", escape.id));
            holes.extend(found);
        }
    }
    let running: Vec<String> = parts.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let running = running.join(", ");
    match (holes.is_empty(), vendor) {
        (true, _) => Ok(Verdict::manual(format!("runs {running}: is there a newer one?"))),
        (false, true) => Ok(Verdict::fail(holes.join("; "))),
        (false, false) => {
            Err(plimsoll_host::Unknown::new(format!("{}, unless the distribution mended it", holes.join("; "))))
        }
    }
}
