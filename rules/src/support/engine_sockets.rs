//! The sockets through which engines are controlled.

use crate::host_rule::Cx;
use plimsoll_host::paths::{is_in, normal};

/// Where docker, containerd, podman, CRI-O, BuildKit and their kin listen.
const SOCKETS: [&str; 11] = [
    "/run/docker.sock",
    "/run/docker/containerd/containerd.sock",
    "/run/containerd/containerd.sock",
    "/run/containerd/containerd.sock.ttrpc",
    "/run/k3s/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/run/crio/crio.sock",
    "/run/cri-dockerd.sock",
    "/run/buildkit/buildkitd.sock",
    "/run/balena-engine.sock",
    "/run/snap.docker/docker.sock",
];

/// The names that rootless engines give to their sockets, below a user's folder.
const ROOTLESS: [&str; 3] = ["docker.sock", "podman/podman.sock", "containerd-rootless/api.sock"];

/// The socket that a path of the host is, or that a folder holds.
pub(crate) fn socket_in(cx: &Cx<'_>, path: &str) -> Option<String> {
    let path = without_var(path);
    if let Some(socket) = SOCKETS.iter().find(|socket| is_in(socket, &path)) {
        return Some((*socket).to_owned());
    }
    if let Some(socket) = own_sockets(cx).into_iter().find(|socket| is_in(socket, &path)) {
        return Some(socket);
    }
    // /run/user, a user's folder in it, or a rootless engine's socket.
    let rest = path.strip_prefix("/run/user")?;
    let below = rest.trim_start_matches('/').split_once('/').map_or("", |(_user, below)| below);
    let holds = ROOTLESS.iter().any(|socket| below.is_empty() || is_in(&format!("/{socket}"), &format!("/{below}")));
    holds.then(|| format!("{}/.../docker.sock", path.trim_end_matches('/')))
}

/// Whether a path of the host is itself an engine's socket.
pub(crate) fn is_socket(cx: &Cx<'_>, path: &str) -> bool {
    let path = without_var(path);
    SOCKETS.contains(&path.as_str())
        || own_sockets(cx).contains(&path)
        || path.starts_with("/run/user/") && ROOTLESS.iter().any(|socket| path.ends_with(&format!("/{socket}")))
}

/// The sockets that this daemon was told to listen at, and the one at which it was asked.
fn own_sockets(cx: &Cx<'_>) -> Vec<String> {
    let hosts = cx.facts.daemon.get("hosts").ok().flatten();
    let hosts = hosts.and_then(|hosts| hosts.list("hosts").ok()).unwrap_or_default();
    let asked = cx.facts.meta.engine.as_deref();
    let paths = hosts.into_iter().chain(asked).filter_map(|host| host.strip_prefix("unix://"));
    paths.filter(|path| path.starts_with('/')).map(without_var).collect()
}

/// /var/run is /run on every host of today.
fn without_var(path: &str) -> String {
    let path = normal(path);
    if is_in(&path, "/var/run") { path["/var".len()..].to_owned() } else { path }
}
