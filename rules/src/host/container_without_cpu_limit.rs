use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_engine::Severity;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers without a limit on processor time.
    ///
    /// ## Why is this bad?
    /// One container can keep all processors busy, and everything else waits.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NanoCpus": 0, "CpuQuota": 0, "CpusetCpus": "", "CpuShares": 1024}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"NanoCpus": 500000000, "CpuQuota": 0, "CpusetCpus": "", "CpuShares": 0}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     cpus: 0.5
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--cpus`, or give it processors of its own with `--cpuset-cpus`.
    ///
    /// ## Notes
    /// `--cpu-shares` is a weight and no limit: with shares alone (1024 is the default weight) the failure is an
    /// info.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.12", "CIS-1.1.0-5.11", "guide-5.10"],
    check: Container(check),
    compose: Warning, [Security, Cis], "no limit on processor time",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let host = container.host_config()?;
    let nano = *host.nano_cpus.known("HostConfig.NanoCpus")?;
    let quota = *host.cpu_quota.known("HostConfig.CpuQuota")?;
    let cpus = host.cpuset_cpus.known("HostConfig.CpusetCpus")?;
    let shares = *host.cpu_shares.known("HostConfig.CpuShares")?;
    let evidence = format!("NanoCpus is {nano}, CpuQuota {quota}, CpusetCpus {cpus:?}, CpuShares {shares}");
    if nano > 0 || quota > 0 || !cpus.is_empty() {
        return Ok(Verdict::pass(evidence));
    }
    let weighted = !matches!(shares, 0 | 1024);
    let verdict = Verdict::fail(evidence).at("HostConfig.NanoCpus");
    Ok(if weighted { verdict.severity(Severity::Info) } else { verdict })
}
