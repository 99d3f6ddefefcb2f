use crate::host_rule::{Cx, Outcome, Verdict};
use crate::support::users::is_root;
use plimsoll_host::Container;

host_rule! {
    /// ## What it does
    /// Flags containers whose process runs as root.
    ///
    /// ## Why is this bad?
    /// Whoever takes over the process is root in the container, and one hole away from root of the host.
    ///
    /// ## Example
    /// ```json,fail
    /// { "info.json": {"SecurityOptions": []},
    ///   "containers.json": [{"Id": "aa", "Name": "/web", "State": {"Running": false}, "Config": {"User": "0:0"}}] }
    /// ```
    /// Use instead:
    /// ```json,pass
    /// { "info.json": {"SecurityOptions": []},
    ///   "containers.json": [{"Id": "aa", "Name": "/web", "State": {"Running": false}, "Config": {"User": "1000"}}] }
    /// ```
    ///
    /// In a Compose file:
    /// ```compose,finding
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     user: root
    /// ```
    /// Use instead:
    /// ```compose,clean
    /// services:
    ///   web:
    ///     image: nginx:1.29
    ///     user: '1000'
    /// ```
    ///
    /// ## Remediation
    /// Write a `USER` into the Dockerfile, or start the container with `--user`.
    ///
    /// ## Notes
    /// Of a running container its processes count: an entrypoint that starts as root and steps down (gosu, su-exec,
    /// setpriv) is well. Where the engine is rootless or maps users, root in a container is no root of the host, and
    /// the check does not apply.
    category: Security, severity: Warning, since: "0.1.0",
    presets: [Recommended, Security, Cis],
    aliases: ["4.1", "CIS-1.1.0-4.1", "guide-4.1"],
    check: Container(check),
    compose: Warning, [Recommended, Security, Cis], "the service runs as root",
}

fn check(cx: &Cx<'_>, container: &Container) -> Outcome {
    if cx.facts.is_rootless()? {
        return Ok(Verdict::not_applicable(
            "the engine is rootless: root of a container is an ordinary user of the host",
        ));
    }
    let outside =
        container.host_config.value().and_then(|host| host.userns_mode.value()).is_some_and(|mode| mode == "host");
    if cx.facts.is_remapped()? && !outside {
        return Ok(Verdict::not_applicable(
            "the engine maps users: root of a container is an ordinary user of the host",
        ));
    }
    let user = container.config()?.user.text("Config.User")?;
    if !user.is_empty() && !is_root(user) {
        return Ok(Verdict::pass(format!("Config.User is {user:?}")));
    }
    if container.is_running()?
        && let Some(users) = users_of(cx, container)
    {
        // The first process may stay root to wait for the others; the engine's own init does.
        if !users.is_empty() && users.iter().all(|user| !is_root(user)) {
            return Ok(Verdict::pass(format!(
                "Config.User is {user:?}, and its processes run as {}",
                users.join(", ")
            )));
        }
    }
    Ok(Verdict::fail(format!("Config.User is {user:?}")).at("Config.User"))
}

/// The users of the container's processes, each once.
fn users_of<'c>(cx: &Cx<'c>, container: &Container) -> Option<Vec<&'c str>> {
    let plimsoll_host::Fact::Known(all) = &cx.facts.top else { return None };
    let mut users = all.get(container.id.value()?)?.column(&["UID", "USER"]).ok()?;
    users.sort_unstable();
    users.dedup();
    Some(users)
}
