use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags mounts that are propagated from the container to the host.
    ///
    /// ## Why is this bad?
    /// What the container mounts then appears on the host, and in every other container that sees the folder.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "Mounts": [{"Type": "bind", "Source": "/srv", "Destination": "/srv", "RW": true, "Propagation": "rshared"}]}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "containers.json": [{"Name": "/web", "Mounts": [{"Type": "bind", "Source": "/srv", "Destination": "/srv", "RW": true, "Propagation": "rprivate"}]}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     volumes: ['/srv:/srv:rshared']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     volumes: ['/srv:/srv:rslave']
    /// ```
    ///
    /// ## Remediation
    /// Mount without `:shared`, `:rshared` and `bind-propagation=`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.20", "CIS-1.1.0-5.19"],
    check: Container(check),
    compose: Warning, [Security, Cis], "what the service mounts appears on the host",
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let mut shared = Vec::new();
    let mut unknown = None;
    for (at, mount) in container.mounts()?.iter().enumerate() {
        match mount.propagation.known("Mounts[].Propagation") {
            Ok(propagation) if matches!(propagation.as_str(), "shared" | "rshared") => {
                let destination = mount.destination.text("Mounts[].Destination")?;
                shared.push(Cause::item("Mounts", at, format!("{destination} ({propagation})")));
            }
            Ok(_) => {}
            Err(why) => unknown = Some(why),
        }
    }
    match (shared.is_empty(), unknown) {
        (false, _) => Ok(Verdict::fail_for(shared)),
        (true, Some(why)) => Err(why),
        (true, None) => Ok(Verdict::pass("no mount is shared")),
    }
}
