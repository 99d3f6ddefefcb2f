use crate::host_rule::{Cause, Cx, Outcome, Verdict};
use crate::support::security_modules::engine_has;
use plimsoll_host::{Container, Fact};

host_rule! {
    /// ## What it does
    /// Flags containers without an SELinux label on hosts that have SELinux.
    ///
    /// ## Why is this bad?
    /// The label keeps a container from the files and processes of the host and of other containers, also where
    /// another wall has a hole.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"SecurityOptions": ["name=selinux", "name=seccomp,profile=builtin"]},
    ///   "containers.json": [{"Name": "/web", "ProcessLabel": "", "HostConfig": {"SecurityOpt": ["label=disable"]}, "State": {"Running": true}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"SecurityOptions": ["name=selinux", "name=seccomp,profile=builtin"]},
    ///   "containers.json": [{"Name": "/web", "ProcessLabel": "system_u:system_r:container_t:s0:c1,c2", "HostConfig": {"SecurityOpt": null}, "State": {"Running": true}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     security_opt: ['label:disable']
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     security_opt: ['label:type:web_t']
    /// ```
    ///
    /// ## Remediation
    /// Run the daemon with `"selinux-enabled": true`, and start the container without `--security-opt label=disable`.
    ///
    /// ## Notes
    /// An engine with SELinux labels containers by itself: an empty list of security options is well. Without SELinux
    /// on the host the check does not apply; whether AppArmor stands in for it is the matter of
    /// `container-without-apparmor`.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["5.3", "CIS-1.1.0-5.2", "guide-5.1"],
    check: Container(check),
    compose: Warning, [Security, Cis], "the service has no SELinux label",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    if !engine_has(cx, "selinux")? {
        let has_it = matches!(&cx.facts.lsm, Fact::Known(modules) if modules.iter().any(|name| name == "selinux"));
        return Ok(if has_it {
            Verdict::fail("the host has SELinux, and the daemon does not use it")
        } else {
            Verdict::not_applicable("the engine does not use SELinux")
        });
    }
    if let Some((at, "disable")) = container.host_config()?.security_option_at("label")? {
        let cause = Cause::item("HostConfig.SecurityOpt", at, "");
        return Ok(Verdict::fail("SecurityOpt has label=disable").because([cause]));
    }
    let label = container.process_label.known("ProcessLabel")?;
    if label.is_empty() && !container.is_running()? {
        return Ok(Verdict::not_applicable("the container does not run; its label is set when it starts"));
    }
    Ok(Verdict::passes_if(!label.is_empty(), format!("ProcessLabel is {label:?}")))
}
