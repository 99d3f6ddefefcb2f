use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that see all of /proc and /sys (`--security-opt systempaths=unconfined`).
    ///
    /// ## Why is this bad?
    /// Engines hide and protect files there through which a container learns the host's memory layout or changes its
    /// settings.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "MaskedPaths": [], "ReadonlyPaths": []}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"Privileged": false, "MaskedPaths": ["/proc/kcore"], "ReadonlyPaths": ["/proc/sys"]}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     security_opt: ['systempaths=unconfined']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--security-opt systempaths=unconfined`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Container(check),
    compose: Error, [Recommended, Security], "the service sees all of /proc and /sys",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let host = container.host_config()?;
    if *host.privileged.known("HostConfig.Privileged")? {
        return Ok(Verdict::fail("the container is privileged, and sees all of them").at("HostConfig.Privileged"));
    }
    let masked = host.masked_paths.known("HostConfig.MaskedPaths")?;
    let readonly = host.readonly_paths.known("HostConfig.ReadonlyPaths")?;
    Ok(match (masked, readonly) {
        (Some(masked), Some(readonly)) if masked.is_empty() || readonly.is_empty() => {
            let evidence = format!("{} paths are masked, {} read-only", masked.len(), readonly.len());
            Verdict::fail(evidence).at("HostConfig.MaskedPaths")
        }
        (Some(masked), Some(readonly)) => {
            Verdict::pass(format!("{} paths are masked, {} read-only", masked.len(), readonly.len()))
        }
        _ => Verdict::pass("the engine's own list holds"),
    })
}
