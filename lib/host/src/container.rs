use crate::{Field, Unknown};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A container as `docker inspect` prints it: the fields that checks look at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Container {
    /// 64 hexadecimal digits.
    pub id: Field<String>,
    /// The name, with a slash before it.
    pub name: Field<String>,
    /// The digest of its image.
    pub image: Field<String>,
    /// The AppArmor profile; empty where the host has none.
    pub app_armor_profile: Field<String>,
    /// The SELinux label of its processes.
    pub process_label: Field<String>,
    /// Whether and how it runs.
    pub state: Field<State>,
    /// What the user asked of the host.
    pub host_config: Field<HostConfig>,
    /// What the image and the user say of the process.
    pub config: Field<Config>,
    /// What is mounted.
    pub mounts: Field<Vec<Mount>>,
    /// Networks and published ports.
    pub network_settings: Field<NetworkSettings>,
}

impl Container {
    /// The name without its slash; the beginning of the id where there is none.
    pub fn name(&self) -> &str {
        let name = self.name.value().map_or("", |name| name.strip_prefix('/').unwrap_or(name));
        let id = || self.id.value().map_or("", |id| id.get(..12).unwrap_or(id));
        if name.is_empty() { id() } else { name }
    }

    /// What the user asked of the host.
    pub fn host_config(&self) -> Result<&HostConfig, Unknown> {
        self.host_config.known("HostConfig")
    }

    /// What the image and the user say of the process.
    pub fn config(&self) -> Result<&Config, Unknown> {
        self.config.known("Config")
    }

    /// The mounts.
    pub fn mounts(&self) -> Result<&[Mount], Unknown> {
        self.mounts.known("Mounts").map(Vec::as_slice)
    }

    /// Whether it runs.
    pub fn is_running(&self) -> Result<bool, Unknown> {
        self.state.known("State")?.running.known("State.Running").copied()
    }

    /// A label's value.
    pub fn label(&self, name: &str) -> Option<&str> {
        self.config.value()?.labels.value()?.get(name).map(String::as_str)
    }
}

/// Whether and how a container runs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct State {
    /// Whether it runs.
    pub running: Field<bool>,
    /// `running`, `exited`, ...
    pub status: Field<String>,
    /// The process on the host; 0 where it does not run.
    pub pid: Field<i64>,
    /// What the health check says; absent without one.
    pub health: Field<Option<Health>>,
}

/// What a health check says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Health {
    /// `starting`, `healthy`, `unhealthy` or `none`.
    pub status: Field<String>,
}

/// What was asked of the host for a container.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HostConfig {
    /// `--privileged`.
    pub privileged: Field<bool>,
    /// `--read-only`.
    pub readonly_rootfs: Field<bool>,
    /// `--cap-add`.
    pub cap_add: Field<Vec<String>>,
    /// `--cap-drop`.
    pub cap_drop: Field<Vec<String>>,
    /// `--security-opt`.
    pub security_opt: Field<Vec<String>>,
    /// The network's name, `host`, `none` or `container:ID`.
    pub network_mode: Field<String>,
    /// Empty, `host` or `container:ID`.
    pub pid_mode: Field<String>,
    /// `private`, `shareable`, `host`, `none`, `container:ID` or empty.
    pub ipc_mode: Field<String>,
    /// Empty or `host`.
    #[serde(rename = "UTSMode")]
    pub uts_mode: Field<String>,
    /// Empty or `host`.
    pub userns_mode: Field<String>,
    /// `private`, `host` or empty.
    pub cgroupns_mode: Field<String>,
    /// `--cgroup-parent`.
    pub cgroup_parent: Field<String>,
    /// The memory limit in bytes; 0 for none.
    pub memory: Field<i64>,
    /// Memory and swap together in bytes; -1 for no limit.
    pub memory_swap: Field<i64>,
    /// The soft limit in bytes; 0 for none.
    pub memory_reservation: Field<i64>,
    /// The limit on kernel memory in bytes, of engines before 23.
    pub kernel_memory: Field<i64>,
    /// The weight on disks against other containers; 0 for the default.
    pub blkio_weight: Field<i64>,
    /// `--device-read-bps`: limits on disks.
    pub blkio_device_read_bps: Field<Vec<BlkioLimit>>,
    /// `--device-write-bps`.
    pub blkio_device_write_bps: Field<Vec<BlkioLimit>>,
    /// `--cpus` in billionths of a processor; 0 for none.
    pub nano_cpus: Field<i64>,
    /// Microseconds of processor time a period; 0 or less for none.
    pub cpu_quota: Field<i64>,
    /// The processors that it may use; empty for all.
    pub cpuset_cpus: Field<String>,
    /// The weight against other containers; 0 for the default.
    pub cpu_shares: Field<i64>,
    /// The limit on processes; nothing, 0 or less for none.
    pub pids_limit: Field<i64>,
    /// `--restart`.
    pub restart_policy: Field<RestartPolicy>,
    /// `--device`.
    pub devices: Field<Vec<Device>>,
    /// `--device-cgroup-rule`.
    pub device_cgroup_rules: Field<Vec<String>>,
    /// `--gpus` and other requests to drivers.
    pub device_requests: Field<Vec<DeviceRequest>>,
    /// `--group-add`.
    pub group_add: Field<Vec<String>>,
    /// `--ulimit`.
    pub ulimits: Field<Vec<Ulimit>>,
    /// `--sysctl`.
    pub sysctls: Field<BTreeMap<String, String>>,
    /// The OCI runtime's name.
    pub runtime: Field<String>,
    /// Paths of /proc and /sys that are hidden; an empty list where the user asked for it.
    pub masked_paths: Field<Option<Vec<String>>>,
    /// Paths of /proc and /sys that are read-only; an empty list where the user asked for it.
    pub readonly_paths: Field<Option<Vec<String>>>,
    /// `--publish-all`.
    pub publish_all_ports: Field<bool>,
    /// Published ports by the container's port, as asked for.
    pub port_bindings: Field<BTreeMap<String, Option<Vec<Binding>>>>,
    /// The log driver and its options.
    pub log_config: Field<LogConfig>,
    /// `--oom-kill-disable`.
    pub oom_kill_disable: Field<bool>,
    /// `--link`.
    pub links: Field<Vec<String>>,
}

impl HostConfig {
    /// The value of a security option such as `apparmor`, in either spelling: `name=value` or `name:value`. The last
    /// one counts.
    pub fn security_option(&self, name: &str) -> Result<Option<&str>, Unknown> {
        Ok(self.security_option_at(name)?.map(|(_, value)| value))
    }

    /// The same, with the option's position in the list.
    pub fn security_option_at(&self, name: &str) -> Result<Option<(usize, &str)>, Unknown> {
        let options = self.security_opt.known("HostConfig.SecurityOpt")?;
        let value = |option: &'_ str| -> bool {
            option.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['=', ':']))
        };
        let last = options.iter().enumerate().rev().find(|(_, option)| value(option));
        Ok(last.map(|(at, option)| (at, option[name.len()..].strip_prefix(['=', ':']).unwrap_or_default())))
    }
}

/// A limit on a disk.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BlkioLimit {
    /// The device.
    pub path: Field<String>,
    /// Bytes a second.
    pub rate: Field<i64>,
}

/// `--restart`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RestartPolicy {
    /// `no`, empty, `always`, `unless-stopped` or `on-failure`.
    pub name: Field<String>,
    /// How often after a failure; 0 for without end.
    pub maximum_retry_count: Field<i64>,
}

/// A device of the host in a container.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Device {
    /// Its path on the host.
    pub path_on_host: Field<String>,
    /// Of `r`, `w` and `m`.
    pub cgroup_permissions: Field<String>,
}

/// A request to a device driver, such as `--gpus`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeviceRequest {
    /// The driver's name; may be empty.
    pub driver: Field<String>,
    /// How many; -1 for all.
    pub count: Field<i64>,
}

/// `--ulimit`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Ulimit {
    /// `nofile`, `nproc`, ...
    pub name: Field<String>,
    /// The soft limit.
    pub soft: Field<i64>,
    /// The hard limit.
    pub hard: Field<i64>,
}

/// The log driver and its options.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LogConfig {
    /// The driver's name.
    #[serde(rename = "Type")]
    pub driver: Field<String>,
    /// Its options.
    pub config: Field<BTreeMap<String, String>>,
}

/// What the image and the user say of the process.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Config {
    /// User and group, by name or number; empty for root.
    pub user: Field<String>,
    /// The image's name as it was given.
    pub image: Field<String>,
    /// `NAME=value`.
    pub env: Field<Vec<String>>,
    /// Labels.
    pub labels: Field<BTreeMap<String, String>>,
    /// The health check; absent without one.
    pub healthcheck: Field<Option<Healthcheck>>,
    /// The entrypoint.
    pub entrypoint: Field<Words>,
    /// The command.
    pub cmd: Field<Words>,
}

/// A command: a list of words; older podman writes them joined by blanks.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Words {
    /// The words.
    List(Vec<String>),
    /// The words joined by blanks.
    Joined(String),
}

impl Default for Words {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl Words {
    /// The words, as far as they can be told apart.
    pub fn words(&self) -> Vec<&str> {
        match self {
            Self::List(words) => words.iter().map(String::as_str).collect(),
            Self::Joined(text) => text.split_whitespace().collect(),
        }
    }
}

/// A health check.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Healthcheck {
    /// `NONE`, or `CMD` or `CMD-SHELL` and the command; empty to take the image's.
    pub test: Field<Vec<String>>,
}

impl Healthcheck {
    /// Whether there is a check to run: a first word of `NONE` switches it off.
    pub fn is_on(&self) -> Result<bool, Unknown> {
        Ok(self.test.list("Healthcheck.Test")?.first().is_some_and(|first| first != "NONE"))
    }
}

/// Something mounted in a container.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Mount {
    /// `bind`, `volume`, `tmpfs`, ...
    #[serde(rename = "Type")]
    pub kind: Field<String>,
    /// The volume's name.
    pub name: Field<String>,
    /// The path on the host.
    pub source: Field<String>,
    /// The path in the container.
    pub destination: Field<String>,
    /// Whether it can be written.
    #[serde(rename = "RW")]
    pub rw: Field<bool>,
    /// `rprivate`, `rslave`, `rshared`, ...
    pub propagation: Field<String>,
}

/// Networks and published ports.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkSettings {
    /// Published ports by the container's port; `null` for one that is only exposed.
    pub ports: Field<BTreeMap<String, Option<Vec<Binding>>>>,
    /// The networks by name.
    pub networks: Field<BTreeMap<String, Endpoint>>,
}

/// A container's place in a network.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Endpoint {
    /// The network's id.
    #[serde(rename = "NetworkID")]
    pub network_id: Field<String>,
}

/// Where a port is published on the host.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Binding {
    /// An address; empty for all.
    pub host_ip: Field<String>,
    /// A port number, a range, or empty for any.
    pub host_port: Field<String>,
}
