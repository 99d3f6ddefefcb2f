use crate::{Config, Field, Unknown};
use serde::Deserialize;
use std::collections::BTreeMap;

/// GET /info: the fields that checks look at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Info {
    /// The engine's version.
    pub server_version: Field<String>,
    /// The storage driver.
    pub driver: Field<String>,
    /// The storage driver's facts, as pairs.
    pub driver_status: Field<Vec<(String, String)>>,
    /// Where the engine keeps its data.
    pub docker_root_dir: Field<String>,
    /// `name=seccomp,profile=builtin`, `name=apparmor`, `name=selinux`, `name=rootless`, `name=userns`, ...
    pub security_options: Field<Vec<String>>,
    /// The default log driver.
    pub logging_driver: Field<String>,
    /// Whether containers survive a stop of the daemon.
    pub live_restore_enabled: Field<bool>,
    /// The cgroup driver.
    pub cgroup_driver: Field<String>,
    /// `1` or `2`.
    pub cgroup_version: Field<String>,
    /// The default OCI runtime.
    pub default_runtime: Field<String>,
    /// What registries are trusted.
    pub registry_config: Field<RegistryConfig>,
    /// The plugins by kind.
    pub plugins: Field<Plugins>,
    /// The swarm as this node sees it.
    pub swarm: Field<SwarmInfo>,
    /// The host's operating system.
    pub operating_system: Field<String>,
    /// The processor architecture.
    pub architecture: Field<String>,
    /// The engine's own warnings.
    pub warnings: Field<Vec<String>>,
    /// The runc that the engine uses.
    pub runc_commit: Field<Commit>,
    /// The containerd that the engine uses.
    pub containerd_commit: Field<Commit>,
    /// The containerd that the engine uses; engines since 27 say it.
    pub containerd: Field<ContainerdInfo>,
    /// The host's name.
    pub name: Field<String>,
    /// The engine's id.
    #[serde(rename = "ID")]
    pub id: Field<String>,
    /// How many containers there are.
    pub containers: Field<i64>,
    /// How many images there are.
    pub images: Field<i64>,
    /// Whether experimental features are on.
    pub experimental_build: Field<bool>,
}

impl Info {
    /// Whether a security option of that name is on, such as `rootless`.
    pub fn has_security_option(&self, name: &str) -> Result<bool, Unknown> {
        Ok(self.security_option(name)?.is_some())
    }

    /// The security option of that name, with what follows the name: `profile=builtin`.
    pub fn security_option(&self, name: &str) -> Result<Option<&str>, Unknown> {
        let options = self.security_options.known("SecurityOptions")?;
        Ok(options.iter().find_map(|option| {
            let rest = option.strip_prefix("name=").unwrap_or(option).strip_prefix(name)?;
            if rest.is_empty() { Some("") } else { rest.strip_prefix(',') }
        }))
    }
}

/// A tool's commit or version.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Commit {
    /// The commit.
    #[serde(rename = "ID")]
    pub id: Field<String>,
}

/// The containerd that an engine uses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ContainerdInfo {
    /// Its socket.
    pub address: Field<String>,
}

/// What registries are trusted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RegistryConfig {
    /// Networks whose registries need no TLS. The loopback networks are always among them.
    #[serde(rename = "InsecureRegistryCIDRs")]
    pub insecure_registry_cidrs: Field<Vec<String>>,
    /// Registries by name.
    pub index_configs: Field<BTreeMap<String, IndexConfig>>,
}

/// A registry.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct IndexConfig {
    /// Whether TLS with a known authority is needed.
    pub secure: Field<bool>,
}

/// The plugins by kind.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Plugins {
    /// Authorization plugins; `null` without any.
    pub authorization: Field<Vec<String>>,
}

/// The swarm as a node sees it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SwarmInfo {
    /// `inactive`, `pending`, `active`, `error` or `locked`.
    pub local_node_state: Field<String>,
    /// Whether this node is a manager.
    pub control_available: Field<bool>,
    /// How many managers there are.
    pub managers: Field<i64>,
    /// How many nodes there are.
    pub nodes: Field<i64>,
    /// This node's id.
    #[serde(rename = "NodeID")]
    pub node_id: Field<String>,
    /// The managers, with the addresses at which they listen.
    pub remote_managers: Field<Vec<RemoteManager>>,
}

/// A manager of a swarm.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RemoteManager {
    /// Its node's id.
    #[serde(rename = "NodeID")]
    pub node_id: Field<String>,
    /// `address:port`.
    pub addr: Field<String>,
}

/// GET /version.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Version {
    /// The engine's version.
    pub version: Field<String>,
    /// The newest version of the interface.
    pub api_version: Field<String>,
    /// The parts: `Engine` or `Podman Engine`, `containerd`, `runc`.
    pub components: Field<Vec<Component>>,
    /// The packager's own words.
    pub platform: Field<Platform>,
}

/// A part of the engine.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Component {
    /// Its name.
    pub name: Field<String>,
    /// Its version.
    pub version: Field<String>,
}

/// Who packaged the engine.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Platform {
    /// `Docker Engine - Community` for the vendor's own packages.
    pub name: Field<String>,
}

/// An image as `docker image inspect` prints it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Image {
    /// Its digest.
    pub id: Field<String>,
    /// Its names with tags.
    pub repo_tags: Field<Vec<String>>,
    /// Its names with digests.
    pub repo_digests: Field<Vec<String>>,
    /// When it was made, RFC 3339.
    pub created: Field<String>,
    /// What it says of its process.
    pub config: Field<Config>,
    /// Its size in bytes.
    pub size: Field<i64>,
    /// What made its layers, the newest first, as GET /images/NAME/history prints; our addition.
    #[serde(rename = "PlimsollHistory")]
    pub history: Field<Vec<History>>,
}

impl Image {
    /// Its first tag, else its first digest, else its id.
    pub fn reference(&self) -> &str {
        let id = || self.id.value().map_or("", String::as_str);
        first_name(&self.repo_tags).or_else(|| first_name(&self.repo_digests)).unwrap_or_else(id)
    }
}

fn first_name(names: &Field<Vec<String>>) -> Option<&str> {
    names.value()?.iter().map(String::as_str).find(|name| !name.is_empty() && !name.starts_with("<none>"))
}

/// What made a layer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct History {
    /// The instruction.
    pub created_by: Field<String>,
}

/// A network as `docker network inspect` prints it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Network {
    /// Its name.
    pub name: Field<String>,
    /// Its id.
    pub id: Field<String>,
    /// `bridge`, `overlay`, `host`, ...
    pub driver: Field<String>,
    /// `local` or `swarm`.
    pub scope: Field<String>,
    /// The driver's options.
    pub options: Field<BTreeMap<String, String>>,
    /// Whether it is the swarm's routing mesh.
    pub ingress: Field<bool>,
    /// Whether it has no way out.
    pub internal: Field<bool>,
    /// The containers in it, by id.
    pub containers: Field<BTreeMap<String, NetworkMember>>,
}

/// A container in a network.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkMember {
    /// Its name.
    pub name: Field<String>,
}

/// A volume.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Volume {
    /// Its name.
    pub name: Field<String>,
    /// Its driver.
    pub driver: Field<String>,
    /// Where it is on the host.
    pub mountpoint: Field<String>,
    /// The driver's options.
    pub options: Field<BTreeMap<String, String>>,
}

/// GET /volumes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Volumes {
    pub(crate) volumes: Field<Vec<Volume>>,
}

/// A plugin.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Plugin {
    /// Its name.
    pub name: Field<String>,
    /// Whether it is on.
    pub enabled: Field<bool>,
}

/// What runs in a container: GET /containers/ID/top.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Top {
    /// The columns' names.
    pub titles: Field<Vec<String>>,
    /// The rows.
    pub processes: Field<Vec<Vec<String>>>,
}

impl Top {
    /// The cells of the first of these columns that is there.
    pub fn column(&self, names: &[&str]) -> Result<Vec<&str>, Unknown> {
        let titles = self.titles.known("Titles")?;
        let at = names.iter().find_map(|name| titles.iter().position(|title| title.eq_ignore_ascii_case(name)));
        let Some(at) = at else {
            return Err(Unknown::new(format!("the engine listed processes without the column {}", names.join(" or "))));
        };
        let rows = self.processes.known("Processes")?;
        Ok(rows.iter().filter_map(|row| row.get(at)).map(String::as_str).collect())
    }
}
