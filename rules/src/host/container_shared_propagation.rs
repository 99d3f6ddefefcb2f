use crate::host_rule::{Cx, Outcome, Verdict};
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
    /// ## Remediation
    /// Mount without `:shared`, `:rshared` and `bind-propagation=`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.20", "CIS-1.1.0-5.19"],
    check: Container(check),
}

fn check(_: &Cx<'_>, container: &Container) -> Outcome {
    let mut shared = Vec::new();
    for mount in container.mounts()? {
        let propagation = mount.propagation.text("Mounts[].Propagation")?;
        if matches!(propagation, "shared" | "rshared") {
            shared.push(format!("{} ({propagation})", mount.destination.text("Mounts[].Destination")?));
        }
    }
    Ok(if shared.is_empty() { Verdict::pass("no mount is shared") } else { Verdict::fail(shared.join(", ")) })
}
