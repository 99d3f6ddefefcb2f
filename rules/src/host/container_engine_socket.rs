use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use crate::support::engine_sockets::{is_socket, socket_in};
use crate::support::host_mounts::host_mounts;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers that see the socket of an engine, or a folder that holds one: Docker's, containerd's,
    /// podman's, CRI-O's, under any name.
    ///
    /// ## Why is this bad?
    /// Who can talk to the engine starts a privileged container, and is root of the host. That the mount is read-only
    /// changes nothing: a socket is not written as a file is.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "Mounts": [{"Type": "bind", "Source": "/var/run", "Destination": "/host/run", "RW": false}]}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "Mounts": []}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     volumes:
    ///       - /var/run/docker.sock:/var/run/docker.sock:ro
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     volumes:
    ///       - data:/data
    /// ```
    ///
    /// ## Remediation
    /// Do not mount it. A proxy that lets only some requests through is the next best.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.32", "CIS-1.1.0-5.31"],
    check: Container(check),
    compose: Error, [Recommended, Security, Cis], "the service controls an engine",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let mounts = host_mounts(cx, container)?;
    let found = mounts.found.iter().filter_map(|mount| {
        let socket = socket_in(cx, &mount.real)?;
        let evidence = if is_socket(cx, &mount.real) { mount.to_string() } else { format!("{mount}: holds {socket}") };
        Some(Cause::item("Mounts", mount.at, evidence))
    });
    let found: Vec<Cause> = found.collect();
    match mounts.unknown {
        _ if !found.is_empty() => Ok(Verdict::fail_for(found)),
        Some(why) => Err(why),
        None => Ok(Verdict::pass("no socket of an engine is mounted")),
    }
}
