use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use crate::support::new_privileges::none_by_default;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers whose processes can gain privileges through setuid programs.
    ///
    /// ## Why is this bad?
    /// One forgotten setuid program in the image makes root of any user.
    ///
    /// ## Example
    /// ```json,fail
    /// { "containers.json": [{"Name": "/web", "HostConfig": {"SecurityOpt": ["no-new-privileges=false"]}}],
    ///   "dockerd.args.json": ["dockerd", "--no-new-privileges"] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// {"containers.json": [{"Name": "/web", "HostConfig": {"SecurityOpt": ["no-new-privileges"]}}]}
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     security_opt: ['no-new-privileges:false']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     security_opt: ['no-new-privileges:true']
    /// ```
    ///
    /// ## Remediation
    /// Start the container with `--security-opt no-new-privileges`, or set `"no-new-privileges": true` in daemon.json
    /// for all.
    ///
    /// ## Notes
    /// The container's own option counts more than the daemon's; `no-new-privileges=false` takes the daemon's back. What
    /// the daemon says is not known where a Compose file is read, so that only this is found there.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.26", "CIS-1.1.0-5.25"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "processes of the service can gain privileges",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    match container.host_config()?.security_option_at("no-new-privileges")? {
        Some((at, "false")) => {
            let cause = Cause::item("HostConfig.SecurityOpt", at, "");
            return Ok(Verdict::fail("SecurityOpt has no-new-privileges=false").because([cause]));
        }
        Some(_) => return Ok(Verdict::pass("SecurityOpt has no-new-privileges")),
        None if cx.facts.is_podman() => return Ok(Verdict::fail("SecurityOpt has no no-new-privileges")),
        None => {}
    }
    let default = none_by_default(cx)?;
    Ok(Verdict::passes_if(default, format!("no option of its own; the daemon runs with no-new-privileges={default}")))
}
