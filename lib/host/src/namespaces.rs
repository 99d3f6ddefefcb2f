use crate::{Container, Fact, Unknown};
use std::collections::HashMap;

/// Whose network, process and IPC namespaces containers use. `container:OTHER` is followed to the end of the chain.
#[derive(Debug, Clone, Default)]
pub struct Namespaces {
    by_container: HashMap<String, [Result<Namespace, Unknown>; 3]>,
}

/// A kind of namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamespaceKind {
    /// Network.
    Network,
    /// Processes.
    Pid,
    /// Shared memory, semaphores, queues.
    Ipc,
}

impl NamespaceKind {
    const ALL: [Self; 3] = [Self::Network, Self::Pid, Self::Ipc];

    /// The field of the container's configuration.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Network => "HostConfig.NetworkMode",
            Self::Pid => "HostConfig.PidMode",
            Self::Ipc => "HostConfig.IpcMode",
        }
    }

    fn mode(self, container: &Container) -> Result<&str, Unknown> {
        let host = container.host_config()?;
        let field = match self {
            Self::Network => &host.network_mode,
            Self::Pid => &host.pid_mode,
            Self::Ipc => &host.ipc_mode,
        };
        field.known(self.field()).map(String::as_str)
    }
}

/// A namespace at the end of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// `host`, `private`, a network's name, ...; what the last container of the chain says.
    pub mode: String,
    /// The container that says so, where it is another one.
    pub through: Option<String>,
}

impl Namespaces {
    pub(crate) fn new(containers: &Fact<Vec<Container>>, by_name: &HashMap<String, usize>) -> Self {
        let Fact::Known(containers) = containers else { return Self::default() };
        let resolved = NamespaceKind::ALL.map(|kind| resolve(kind, containers, by_name));
        let [network, pid, ipc] = resolved;
        let rows = network.into_iter().zip(pid).zip(ipc).zip(containers);
        let by_container =
            rows.map(|(((network, pid), ipc), container)| (key(container).to_owned(), [network, pid, ipc])).collect();
        Self { by_container }
    }

    /// A container's namespace of a kind.
    pub fn of(&self, container: &Container, kind: NamespaceKind) -> Result<&Namespace, Unknown> {
        let Some(kinds) = self.by_container.get(key(container)) else {
            return Err(Unknown::new("the container is not among those that were read"));
        };
        kinds[kind as usize].as_ref().map_err(Clone::clone)
    }
}

fn key(container: &Container) -> &str {
    container.id.value().map_or_else(|| container.name(), String::as_str)
}

/// The ends of all chains, each link followed once.
fn resolve(
    kind: NamespaceKind,
    containers: &[Container],
    by_name: &HashMap<String, usize>,
) -> Vec<Result<Namespace, Unknown>> {
    let mut ends: Vec<Option<Result<Namespace, Unknown>>> = vec![None; containers.len()];
    let mut on_path = vec![false; containers.len()];
    for start in 0..containers.len() {
        let mut path = Vec::new();
        let mut at = start;
        let end = loop {
            if let Some(end) = &ends[at] {
                break end.clone();
            }
            if on_path[at] {
                break Err(Unknown::new("containers share a namespace in a circle"));
            }
            path.push(at);
            on_path[at] = true;
            let mode = match kind.mode(&containers[at]) {
                Ok(mode) => mode,
                Err(why) => break Err(why),
            };
            let Some(other) = mode.strip_prefix("container:") else {
                let through = Some(containers[at].name().to_owned());
                break Ok(Namespace { mode: mode.to_owned(), through });
            };
            match by_name.get(other) {
                Some(next) => at = *next,
                None => {
                    break Err(Unknown::new("it uses the namespace of a container that was not read"));
                }
            }
        };
        for at in path {
            on_path[at] = false;
            ends[at] = Some(end.clone());
        }
    }
    let own = |(at, end): (usize, Option<Result<Namespace, Unknown>>)| {
        let mut end = end.unwrap_or_else(|| Err(Unknown::new("not followed")))?;
        end.through = end.through.filter(|name| *name != containers[at].name());
        Ok(end)
    };
    ends.into_iter().enumerate().map(own).collect()
}
