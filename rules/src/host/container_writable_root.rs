use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers whose root file system can be written.
    ///
    /// ## Why is this bad?
    /// Who takes over the process can leave programs there, and change those that are.
    ///
    /// ## Example
    /// ```json,fail
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"ReadonlyRootfs": false}}]}
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"ReadonlyRootfs": true}}]}
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
    ///     read_only: true
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--read-only`, and give it `--tmpfs` or volumes for what it writes.
    ///
    /// ## Notes
    /// Mode 644 for mounted folders, which an older guide asks for, makes folders that nobody can enter: what is right
    /// there a person decides.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.13", "CIS-1.1.0-5.12", "guide-base"],
    check: Container(check),
    compose: Warning, [Security, Cis], "the root file system can be written",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let readonly = *container.host_config()?.readonly_rootfs.known("HostConfig.ReadonlyRootfs")?;
    Ok(Verdict::passes_if(readonly, format!("HostConfig.ReadonlyRootfs is {readonly}")).at("HostConfig.ReadonlyRootfs"))
}
