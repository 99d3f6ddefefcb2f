use super::container_sensitive_mount::is_sensitive;
use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::engine_sockets::socket_in;
use crate::support::host_mounts::bound_folder;
use plimsoll_host::paths::normal;
use plimsoll_host::{ServiceMount, Unknown};

host_rule! {
    /// ## What it does
    /// Flags services of a swarm whose tasks see a system folder of their host or the socket of an engine, also through a
    /// volume that stands for one.
    ///
    /// ## Why is this bad?
    /// It is as bad as in a container, on each node on which a task runs, also on those that nobody audits.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "services.json": [{"Spec": {"Name": "web", "TaskTemplate": {"ContainerSpec": {"Mounts": [{"Type": "bind", "Source": "/etc", "Target": "/e"}]}}}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"Swarm": {"LocalNodeState": "active", "ControlAvailable": true}},
    ///   "services.json": [{"Spec": {"Name": "web", "TaskTemplate": {"ContainerSpec": {"Mounts": [{"Type": "volume", "Source": "data", "Target": "/d"}]}}}}] }
    /// ```
    ///
    /// ## Remediation
    /// Give the service a volume, a config or a secret.
    ///
    /// ## Notes
    /// Tasks that run on this node are containers too, and are told by `container-sensitive-mount` and
    /// `container-engine-socket`.
    category: Security, severity: Error, since: "0.1.0",
    presets: [Recommended, Security],
    aliases: [],
    check: Swarm(check),
}

fn check(cx: &Cx<'_>) -> Outcome {
    if !cx.facts.in_swarm()? {
        return Ok(Verdict::not_applicable("the host is in no swarm"));
    }
    if !cx.facts.is_manager()? {
        return Ok(Verdict::not_applicable("only a manager of the swarm can say it"));
    }
    let mut found = Vec::new();
    let mut unknown = None;
    let services = cx.facts.services.known("services")?;
    for service in services {
        let spec = service.spec.known("Spec")?;
        let Some(container) =
            spec.task_template.known("Spec.TaskTemplate")?.container_spec.optional("ContainerSpec")?
        else {
            continue;
        };
        let name = spec.name.text("Spec.Name")?;
        for mount in container.mounts.list("ContainerSpec.Mounts")? {
            match source(mount) {
                Ok(Some(path)) if socket_in(cx, &path).is_some() || is_sensitive(&path) => {
                    let target = mount.target.value().map_or("", String::as_str);
                    found.push(format!("{name}: {path} at {target}"));
                }
                Ok(_) => {}
                Err(why) => unknown = Some(why),
            }
        }
    }
    match unknown {
        _ if !found.is_empty() => Ok(Verdict::fail(found.join(", "))),
        Some(why) => Err(why),
        None => Ok(Verdict::pass(format!("none of {} services mounts one", services.len()))),
    }
}

/// The folder of the host that a mount stands for.
fn source(mount: &ServiceMount) -> Result<Option<String>, Unknown> {
    let path = match mount.kind.known("Mounts[].Type")?.as_str() {
        "bind" => Some(mount.source.known("Mounts[].Source")?.clone()),
        "volume" => {
            let options = mount.volume_options.optional("VolumeOptions")?;
            let driver = options.map_or(Ok(None), |options| options.driver_config.optional("DriverConfig"))?;
            let options = driver.map_or(Ok(None), |driver| driver.options.optional("DriverConfig.Options"))?;
            options.and_then(bound_folder)
        }
        _ => None,
    };
    Ok(path.map(|path| normal(&path)))
}
