use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers without a limit on memory.
    ///
    /// ## Why is this bad?
    /// One container can use up the memory of the host, and the kernel then ends processes of others.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Memory": 0}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"Memory": 268435456}}]}
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
    ///     mem_limit: 256m
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--memory`; add `--memory-swap` where the host has swap.
    ///
    /// ## Notes
    /// The evidence also gives the reservation and the limit on swap: with a limit on memory alone a container may
    /// use as much swap again, and -1 lets it use all. The limit on kernel memory that older guides name is gone from
    /// engines.
    ///
    /// `--memory=4G --memory-swap=1G`, which stands in an older guide, is refused by engines: swap includes memory.
    category: Operations, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.11", "CIS-1.1.0-5.10", "guide-5.9"],
    check: Container(check),
    compose: Warning, [Security, Cis], "no limit on memory",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let host = container.host_config()?;
    let memory = *host.memory.known("HostConfig.Memory")?;
    let mut evidence = vec![format!("HostConfig.Memory is {memory}")];
    if let Some(reservation) = host.memory_reservation.value().filter(|bytes| **bytes > 0) {
        evidence.push(format!("MemoryReservation is {reservation}"));
    }
    match host.memory_swap.value().filter(|_| memory > 0) {
        Some(-1) => evidence.push("MemorySwap is -1 (all the swap of the host)".to_owned()),
        Some(swap) => evidence.push(format!("MemorySwap is {swap}")),
        None => {}
    }
    if let Some(kernel) = host.kernel_memory.value().filter(|bytes| **bytes > 0) {
        evidence.push(format!("KernelMemory is {kernel} (retired: engines since 23 do not know it)"));
    }
    let limits = [("read", &host.blkio_device_read_bps), ("write", &host.blkio_device_write_bps)];
    for (what, limits) in limits {
        let limits = limits.value().map_or(&[][..], Vec::as_slice);
        let told = limits.iter().filter_map(|limit| Some(format!("{} {}", limit.path.value()?, limit.rate.value()?)));
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            evidence.push(format!("disks, bytes to {what} a second: {}", told.join(", ")));
        }
    }
    if let Some(weight) = host.blkio_weight.value().filter(|weight| **weight > 0) {
        evidence.push(format!("BlkioWeight is {weight}"));
    }
    Ok(Verdict::passes_if(memory > 0, evidence.join(", ")).at("HostConfig.Memory"))
}
