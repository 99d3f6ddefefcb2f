use crate::host_rule::{Cx, Outcome, Verdict};

host_rule! {
    /// ## What it does
    /// Flags engines whose containers log to the host only.
    ///
    /// ## Why is this bad?
    /// Who takes over the host takes the logs with it, and full disks end them.
    ///
    /// ## Example
    /// ```json,fail
    /// {"info.json": {"LoggingDriver": "json-file"}}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "dockerd.args.json": ["dockerd"],
    ///   "daemon.json": {"log-driver": "syslog", "log-opts": {"syslog-address": "tcp+tls://logs.example:6514"}},
    ///   "info.json": {"LoggingDriver": "syslog"} }
    /// ```
    ///
    /// ## Remediation
    /// Set `log-driver` to one that sends the logs away, with its address in `log-opts`; or let an agent read them
    /// from journald.
    ///
    /// ## Notes
    /// `json-file`, `local` and `none` keep the logs, or throw them away. `syslog`, `gelf` and `fluentd` without the
    /// address of another host write to this one. `journald` is manual: an agent may send its journal on.
    category: Operations, severity: Info, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["2.13", "CIS-1.1.0-2.12", "guide-2.11"],
    check: Daemon(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    let driver = cx.facts.info.known("engine")?.logging_driver.known("LoggingDriver")?;
    if driver.is_empty() && cx.facts.is_podman() {
        return Err(plimsoll_host::Unknown::new("podman does not say it to clients of docker"));
    }
    let addressed = match driver.as_str() {
        "json-file" | "local" | "none" | "k8s-file" | "passthrough" | "" => {
            return Ok(Verdict::fail(format!("the log driver is {driver:?}")));
        }
        "journald" => return Ok(Verdict::manual("the log driver is journald: does something send the journal on?")),
        "syslog" => "syslog-address",
        "gelf" => "gelf-address",
        "fluentd" => "fluentd-address",
        "splunk" => "splunk-url",
        _ => return Ok(Verdict::pass(format!("the log driver is {driver:?}, which sends them away"))),
    };
    let options = cx.facts.daemon.get("log-opts")?;
    let options = options.map_or(Ok(std::collections::BTreeMap::new()), |options| options.map("log-opts"))?;
    let Some(address) = options.get(addressed) else {
        return Ok(Verdict::fail(format!(
            "the log driver is {driver:?}, and {addressed} is not set: they stay on this host"
        )));
    };
    let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
    let here = address.starts_with("unix") || ["localhost", "127.", "[::1]"].iter().any(|name| host.starts_with(name));
    Ok(Verdict::passes_if(!here, format!("the log driver is {driver:?}, {addressed} is {address}")))
}
