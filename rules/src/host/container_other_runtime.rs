use crate::host_rule::{Cx, Outcome, Verdict};
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Lists containers that run under another runtime than the engine's default.
    ///
    /// ## Why is this bad?
    /// What confines a container is the runtime's doing: another one may confine more (gVisor, Kata), or less.
    ///
    /// ## Example
    /// ```json,manual
    /// { "info.json": {"DefaultRuntime": "runc"},
    ///   "containers.json": [{"Name": "/web", "HostConfig": {"Runtime": "nvidia"}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"DefaultRuntime": "runc"},
    ///   "containers.json": [{"Name": "/web", "HostConfig": {"Runtime": "runc"}}] }
    /// ```
    ///
    /// ## Remediation
    /// Start the container without `--runtime`, unless that runtime was chosen for it.
    category: Security, severity: Info, since: "0.1.0",
    presets: [Security],
    aliases: [],
    check: Container(check),
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    let runtime = container.host_config()?.runtime.text("HostConfig.Runtime")?;
    let default = cx.facts.info.known("engine")?.default_runtime.known("DefaultRuntime")?;
    let evidence = format!("runs under {runtime:?}, the default is {default:?}");
    let usual = runtime.is_empty() || runtime == default || matches!(runtime, "io.containerd.runc.v2" | "oci");
    Ok(if usual { Verdict::pass(evidence) } else { Verdict::manual(evidence) })
}
