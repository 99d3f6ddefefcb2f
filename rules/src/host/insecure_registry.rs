use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Risk;

host_rule! {
    /// ## What it does
    /// Flags registries that the engine uses without TLS, or with a certificate that nobody vouches for.
    ///
    /// ## Why is this bad?
    /// Whoever sits between the host and the registry chooses which image runs.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8", "::1/128"], "IndexConfigs": {"registry.local:5000": {"Secure": false}}}} }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8", "::1/128"], "IndexConfigs": {"docker.io": {"Secure": true}}}} }
    /// ```
    ///
    /// ## Remediation
    /// Give the registry a certificate, put its authority into /etc/docker/certs.d/REGISTRY/ca.crt, and take the
    /// registry out of `insecure-registries`.
    ///
    /// ## Notes
    /// The loopback networks, which are always in the engine's list, do not count.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.5", "CIS-1.1.0-2.4", "guide-2.4"],
    check: Daemon(check),
}

const RISK: Risk = Risk::Disruptive {
    breaks: "Pulls from these registries fail until they answer over TLS; a certificate authority of your own belongs \
             into /etc/docker/certs.d/REGISTRY/ca.crt",
};

fn check(cx: &Cx<'_>) -> Outcome {
    if cx.facts.is_podman() {
        return Err(plimsoll_host::Unknown::new("podman keeps its registries in registries.conf, which was not read"));
    }
    let mut insecure = std::collections::BTreeSet::new();
    // What the daemon was asked for, where that is known; what the engine says, where it says it.
    let asked = cx.facts.daemon.get("insecure-registries");
    if let Ok(Some(setting)) = &asked {
        insecure.extend(setting.list("insecure-registries")?.into_iter().map(str::to_owned));
    }
    let registries = cx.facts.info.known("engine").and_then(|info| info.registry_config.known("RegistryConfig"));
    match registries {
        Ok(config) => {
            let networks = config.insecure_registry_cidrs.known("InsecureRegistryCIDRs")?;
            let loopback = |network: &&String| matches!(network.as_str(), "127.0.0.0/8" | "::1/128");
            insecure.extend(networks.iter().filter(|network| !loopback(network)).cloned());
            for (name, index) in config.index_configs.known("IndexConfigs")? {
                if !*index.secure.known("IndexConfigs.Secure")? {
                    insecure.insert(name.clone());
                }
            }
        }
        Err(why) if insecure.is_empty() && asked.is_err() => return Err(why),
        Err(_) => {}
    }
    let listed: Vec<String> = insecure.into_iter().collect();
    if listed.is_empty() {
        return Ok(Verdict::pass("no registry is insecure"));
    }
    let verdict = Verdict::fail(listed.join(", "));
    Ok(match asked {
        Ok(Some(_)) => verdict.setting("insecure-registries", None, RISK),
        _ => verdict,
    })
}
