use crate::Field;
use serde::Deserialize;
use std::collections::BTreeMap;

/// GET /swarm: the swarm as a manager sees it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Swarm {
    /// What was asked of it.
    pub spec: Field<SwarmSpec>,
}

/// What was asked of a swarm.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SwarmSpec {
    /// How managers keep their keys.
    pub encryption_config: Field<EncryptionConfig>,
    /// The certificate authority.
    #[serde(rename = "CAConfig")]
    pub ca_config: Field<CaConfig>,
}

/// How managers keep their keys.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EncryptionConfig {
    /// `--autolock`.
    pub auto_lock_managers: Field<bool>,
}

/// The certificate authority of a swarm.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CaConfig {
    /// How long a node's certificate holds, in nanoseconds.
    pub node_cert_expiry: Field<i64>,
    /// External authorities.
    #[serde(rename = "ExternalCAs")]
    pub external_cas: Field<Vec<serde::de::IgnoredAny>>,
}

/// A node of a swarm.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Node {
    /// Role and availability.
    pub spec: Field<NodeSpec>,
    /// The host.
    pub description: Field<NodeDescription>,
}

/// Role and availability of a node.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeSpec {
    /// `manager` or `worker`.
    pub role: Field<String>,
    /// `active`, `pause` or `drain`.
    pub availability: Field<String>,
}

/// The host of a node.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NodeDescription {
    /// Its name.
    pub hostname: Field<String>,
}

/// A service of a swarm.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Service {
    /// What was asked of it.
    pub spec: Field<ServiceSpec>,
}

/// What was asked of a service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ServiceSpec {
    /// Its name.
    pub name: Field<String>,
    /// Its tasks.
    pub task_template: Field<TaskTemplate>,
}

/// The tasks of a service.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TaskTemplate {
    /// The container of each task.
    pub container_spec: Field<ContainerSpec>,
    /// When a task is started again.
    pub restart_policy: Field<ServiceRestart>,
}

/// When a task of a service is started again.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ServiceRestart {
    /// `none`, `on-failure` or `any`.
    pub condition: Field<String>,
    /// How often; 0 for without end.
    pub max_attempts: Field<i64>,
}

/// The container of a service's task.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ContainerSpec {
    /// Its environment.
    pub env: Field<Vec<String>>,
    /// Its secrets.
    pub secrets: Field<Vec<serde::de::IgnoredAny>>,
    /// What is mounted.
    pub mounts: Field<Vec<ServiceMount>>,
    /// Its labels.
    pub labels: Field<BTreeMap<String, String>>,
}

/// Something mounted in a service's task.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ServiceMount {
    /// `bind`, `volume`, ...
    #[serde(rename = "Type")]
    pub kind: Field<String>,
    /// The path on the host, or the volume.
    pub source: Field<String>,
    /// The path in the task.
    pub target: Field<String>,
    /// Whether it cannot be written.
    pub read_only: Field<bool>,
    /// How a volume is made, where a task needs a new one.
    pub volume_options: Field<VolumeOptions>,
}

/// How a volume of a service is made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VolumeOptions {
    /// Its driver.
    pub driver_config: Field<DriverConfig>,
}

/// The driver of a volume.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DriverConfig {
    /// The driver's options.
    pub options: Field<BTreeMap<String, String>>,
}
