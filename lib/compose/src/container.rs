//! A service as the container that an engine would make of it, in the fields of `docker inspect`.

use crate::fields::{Entry, Layers, Reader, Value};
use crate::units::{billionths, bytes, number, switch};
use crate::yaml::{NodeId, NodeKind};
use crate::{ports, volumes};
use plimsoll_base::Span;
use plimsoll_host::{
    Config, Container, Device, Endpoint, Field, Healthcheck, HostConfig, NetworkSettings, RestartPolicy, State, Words,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where the fields of a container are said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    spans: HashMap<(&'static str, Option<usize>), Span>,
    /// Where the file ends: what stands behind is another file's.
    end: u32,
}

impl Places {
    /// Where the file itself says it.
    pub(crate) fn get(&self, field: &str, item: Option<usize>) -> Option<Span> {
        self.spans.get(&(field, item)).copied().filter(|span| span.start <= self.end)
    }

    pub(crate) fn is_elsewhere(&self, field: &str, item: Option<usize>) -> bool {
        self.spans.get(&(field, item)).is_some_and(|span| span.start > self.end)
    }

    fn set(&mut self, field: &'static str, item: Option<usize>, span: Span) {
        self.spans.insert((field, item), span);
    }

    /// Gives a field the place of another.
    fn copy(&mut self, from: (&'static str, usize), to: &'static str) {
        if let Some(span) = self.spans.get(&(from.0, Some(from.1))).copied() {
            self.set(to, None, span);
        }
    }
}

/// The container of a service of a file that ends at `end`, and where its facts stand.
pub(crate) fn of<'y>(reader: &Reader<'y, '_>, layers: &Layers<'y>, name: &str, end: u32) -> (Container, Places) {
    let mut service = Translation { reader, layers, places: Places { end, ..Places::default() } };
    let container = Container {
        // Other services name it by its service, other files by the container's name.
        id: Field::Known(name.to_owned()),
        name: service.text("container_name", "Name"),
        app_armor_profile: Field::Known("docker-default".to_owned()),
        process_label: Field::Undecided,
        state: Field::Known(State { running: Field::Known(false), ..State::default() }),
        mounts: Field::Known(service.mounts()),
        host_config: Field::Known(service.host_config()),
        config: Field::Known(service.config()),
        ..Container::default()
    };
    let mut container = with_networks(container);
    confine(&mut container, &mut service.places);
    (container, service.places)
}

struct Translation<'a, 'y, 't> {
    reader: &'a Reader<'y, 't>,
    layers: &'a Layers<'y>,
    places: Places,
}

impl<'y> Translation<'_, 'y, '_> {
    fn host_config(&mut self) -> HostConfig {
        HostConfig {
            privileged: self.scalar("privileged", "HostConfig.Privileged", false, switch),
            readonly_rootfs: self.scalar("read_only", "HostConfig.ReadonlyRootfs", false, switch),
            cap_add: self.list("cap_add", "HostConfig.CapAdd"),
            cap_drop: self.list("cap_drop", "HostConfig.CapDrop"),
            security_opt: Field::Known(self.known_items("security_opt", "HostConfig.SecurityOpt")),
            network_mode: self.mode("network_mode", "HostConfig.NetworkMode", "default"),
            pid_mode: self.mode("pid", "HostConfig.PidMode", ""),
            ipc_mode: self.mode("ipc", "HostConfig.IpcMode", ""),
            uts_mode: self.mode("uts", "HostConfig.UTSMode", ""),
            userns_mode: self.mode("userns_mode", "HostConfig.UsernsMode", ""),
            cgroupns_mode: self.mode("cgroup", "HostConfig.CgroupnsMode", ""),
            cgroup_parent: self.mode("cgroup_parent", "HostConfig.CgroupParent", ""),
            memory: self.limit("mem_limit", "memory", "HostConfig.Memory", bytes),
            nano_cpus: self.limit("cpus", "cpus", "HostConfig.NanoCpus", billionths),
            cpu_quota: self.scalar("cpu_quota", "HostConfig.CpuQuota", 0, number),
            cpuset_cpus: self.mode("cpuset", "HostConfig.CpusetCpus", ""),
            cpu_shares: self.scalar("cpu_shares", "HostConfig.CpuShares", 0, number),
            pids_limit: self.limit("pids_limit", "pids", "HostConfig.PidsLimit", number),
            restart_policy: self.restart_policy(),
            devices: Field::Known(self.devices()),
            device_cgroup_rules: Field::Known(self.known_items("device_cgroup_rules", "HostConfig.DeviceCgroupRules")),
            group_add: Field::Known(self.known_items("group_add", "HostConfig.GroupAdd")),
            publish_all_ports: Field::Known(false),
            port_bindings: Field::Known(self.ports()),
            ..HostConfig::default()
        }
    }

    fn config(&mut self) -> Config {
        Config {
            // Without the key the image decides.
            user: self.text("user", "Config.User"),
            image: self.text("image", "Config.Image"),
            env: Field::Known(self.environment()),
            healthcheck: self.health_check(),
            entrypoint: self.words("entrypoint", "Config.Entrypoint"),
            cmd: self.words("command", "Config.Cmd"),
            ..Config::default()
        }
    }

    /// The value of a key, its place noted.
    fn value(&mut self, key: &str, field: &'static str) -> Value<'y> {
        let Some(entry) = self.layers.first(key) else { return Value::Absent };
        self.places.set(field, None, entry.key);
        self.reader.value(entry.value)
    }

    fn scalar<T>(&mut self, key: &str, field: &'static str, absent: T, read: fn(&str) -> Option<T>) -> Field<T> {
        match self.value(key, field) {
            Value::Absent => Field::Known(absent),
            Value::Unknown => Field::Undecided,
            Value::Known(text) => read(&text).map_or(Field::Malformed, Field::Known),
        }
    }

    /// A text that something outside of the file decides where it is absent.
    fn text(&mut self, key: &str, field: &'static str) -> Field<String> {
        match self.value(key, field) {
            Value::Absent | Value::Unknown => Field::Undecided,
            Value::Known(text) => Field::Known(text.into_owned()),
        }
    }

    /// The mode of a namespace and its like; other services stand in it as `service:NAME`.
    fn mode(&mut self, key: &str, field: &'static str, absent: &str) -> Field<String> {
        match self.value(key, field) {
            Value::Absent => Field::Known(absent.to_owned()),
            Value::Unknown => Field::Undecided,
            Value::Known(text) => Field::Known(match text.strip_prefix("service:") {
                Some(service) => format!("container:{service}"),
                None => text.into_owned(),
            }),
        }
    }

    /// A limit, as a key of the service or below `deploy.resources.limits`; 0 for none.
    fn limit(&mut self, key: &str, below: &str, field: &'static str, read: fn(&str) -> Option<i64>) -> Field<i64> {
        let own = self.layers.first(key);
        let deployed = self.below(&["deploy", "resources", "limits", below]);
        let Some(entry) = own.or(deployed) else { return Field::Known(0) };
        self.places.set(field, None, entry.key);
        match self.reader.value(entry.value) {
            Value::Absent => Field::Known(0),
            Value::Unknown => Field::Undecided,
            Value::Known(text) => read(&text).map_or(Field::Malformed, Field::Known),
        }
    }

    /// An entry of mappings in each other, the outermost being a key of the service.
    fn below(&self, path: &[&str]) -> Option<Entry> {
        let (first, rest) = path.split_first()?;
        self.layers.all(first).find_map(|top| {
            rest.iter().try_fold(top, |at, key| {
                self.reader.entries(at.value).into_iter().find(|(name, _)| name == key).map(|(_, entry)| entry)
            })
        })
    }

    /// The items of a list, those of all layers.
    fn items(&self, key: &str) -> Vec<NodeId> {
        self.layers.all(key).flat_map(|entry| self.reader.items(entry.value)).copied().collect()
    }

    /// A list of which every item counts: undecided where one is.
    fn list(&mut self, key: &str, field: &'static str) -> Field<Vec<String>> {
        let count = self.items(key).len();
        let known = self.known_items(key, field);
        if known.len() == count { Field::Known(known) } else { Field::Undecided }
    }

    /// The items of a list that are known.
    fn known_items(&mut self, key: &str, field: &'static str) -> Vec<String> {
        let mut found = Vec::new();
        for item in self.items(key) {
            if let Value::Known(text) = self.reader.value(item) {
                self.places.set(field, Some(found.len()), self.reader.span(item));
                found.push(text.into_owned());
            }
        }
        found
    }

    fn mounts(&mut self) -> Vec<plimsoll_host::Mount> {
        let mut found = Vec::new();
        // A layer's mount takes the place of those of the layers behind it at the same folder.
        let folder = |mount: &plimsoll_host::Mount| Some(mount.destination.value()?.trim_end_matches('/').to_owned());
        let mut taken: HashSet<String> = HashSet::new();
        for layer in self.layers.all("volumes") {
            let mounts = self.reader.items(layer.value).iter().filter_map(|item| volumes::mount(self.reader, *item));
            let before = found.len();
            for (mount, span) in mounts {
                if folder(&mount).is_none_or(|folder| !taken.contains(&folder)) {
                    self.places.set("Mounts", Some(found.len()), span);
                    found.push(mount);
                }
            }
            taken.extend(found[before..].iter().filter_map(folder));
        }
        found
    }

    /// The published ports; their places are numbered as the bindings come, by the container's port.
    fn ports(&mut self) -> BTreeMap<String, Option<Vec<plimsoll_host::Binding>>> {
        let ports = self.items("ports").into_iter().filter_map(|item| ports::port(self.reader, item));
        let mut ports: Vec<ports::Port> = ports.collect();
        ports.sort_by(|a, b| a.inside.cmp(&b.inside));
        let mut bindings: BTreeMap<String, Option<Vec<_>>> = BTreeMap::new();
        for (at, port) in ports.into_iter().enumerate() {
            self.places.set("HostConfig.PortBindings", Some(at), port.span);
            bindings.entry(port.inside).or_default().get_or_insert_default().push(port.binding);
        }
        bindings
    }

    fn devices(&mut self) -> Vec<Device> {
        let mut found = Vec::new();
        for item in self.items("devices") {
            let NodeKind::Mapping(_) = &self.reader.yaml.node(item).kind else {
                let Value::Known(text) = self.reader.value(item) else { continue };
                let mut parts = text.split(':');
                let path = parts.next().unwrap_or_default().to_owned();
                let permissions = parts.nth(1).unwrap_or("rwm").to_owned();
                // Others are names of the Container Device Interface.
                if path.starts_with('/') {
                    self.places.set("HostConfig.Devices", Some(found.len()), self.reader.span(item));
                    found.push(device(path, permissions));
                }
                continue;
            };
            let fields = self.reader.entries(item);
            let get = |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, entry)| entry.value);
            let Some(Value::Known(source)) = get("source").map(|value| self.reader.value(value)) else { continue };
            let permissions = match get("permissions").map(|value| self.reader.value(value)) {
                Some(Value::Known(text)) => text.into_owned(),
                _ => "rwm".to_owned(),
            };
            if source.starts_with('/') {
                self.places.set("HostConfig.Devices", Some(found.len()), self.reader.span(item));
                found.push(device(source.into_owned(), permissions));
            }
        }
        found
    }

    /// The variables with a value; those that the environment or a file gives are not known.
    fn environment(&mut self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for variable in self.layers.variables(self.reader, "environment") {
            self.places.set("Config.Env", Some(found.len()), variable.span);
            found.push(format!("{}={}", variable.name, variable.value));
        }
        found
    }

    fn health_check(&mut self) -> Field<Option<Healthcheck>> {
        let Some(entry) = self.layers.first("healthcheck") else { return Field::Undecided };
        let fields = self.reader.entries(entry.value);
        let get = |key: &str| fields.iter().find(|(name, _)| *name == key).map(|(_, entry)| *entry);
        let off = || Field::Known(Some(Healthcheck { test: Field::Known(vec!["NONE".to_owned()]) }));
        if let Some(disable) = get("disable") {
            self.places.set("Config.Healthcheck", None, disable.key);
            match self.reader.value(disable.value) {
                Value::Known(word) if switch(&word) == Some(true) => return off(),
                Value::Unknown => return Field::Undecided,
                _ => {}
            }
        }
        let Some(test) = get("test") else { return Field::Undecided };
        self.places.set("Config.Healthcheck", None, test.key);
        let first = match &self.reader.yaml.node(test.value).kind {
            NodeKind::Sequence(items) => items.first().map_or(Value::Absent, |item| self.reader.value(*item)),
            _ => self.reader.value(test.value),
        };
        match first {
            Value::Known(word) if word == "NONE" => off(),
            Value::Unknown | Value::Absent => Field::Undecided,
            Value::Known(_) => {
                Field::Known(Some(Healthcheck { test: Field::Known(vec!["CMD".to_owned(), String::new()]) }))
            }
        }
    }

    fn words(&mut self, key: &str, field: &'static str) -> Field<Words> {
        let Some(entry) = self.layers.first(key) else { return Field::Missing };
        self.places.set(field, None, entry.key);
        let known = |value: Value<'_>| match value {
            Value::Known(text) => text.into_owned(),
            Value::Absent | Value::Unknown => String::new(),
        };
        Field::Known(match &self.reader.yaml.node(entry.value).kind {
            NodeKind::Sequence(_) => {
                Words::List(self.reader.items(entry.value).iter().map(|item| known(self.reader.value(*item))).collect())
            }
            _ => Words::Joined(known(self.reader.value(entry.value))),
        })
    }

    fn restart_policy(&mut self) -> Field<RestartPolicy> {
        let policy = |name: &str, retries: i64| {
            Field::Known(RestartPolicy {
                name: Field::Known(name.to_owned()),
                maximum_retry_count: Field::Known(retries),
            })
        };
        match self.value("restart", "HostConfig.RestartPolicy") {
            Value::Unknown => return Field::Undecided,
            Value::Known(text) => {
                let (name, retries) = text.split_once(':').unwrap_or((&text, "0"));
                return policy(name, retries.parse().unwrap_or_default());
            }
            Value::Absent => {}
        }
        let Some(condition) = self.below(&["deploy", "restart_policy", "condition"]) else { return policy("", 0) };
        self.places.set("HostConfig.RestartPolicy", None, condition.key);
        let attempts = self.below(&["deploy", "restart_policy", "max_attempts"]);
        let attempts = match attempts.map(|entry| self.reader.value(entry.value)) {
            Some(Value::Known(text)) => number(&text),
            None | Some(Value::Absent) => Some(0),
            Some(Value::Unknown) => None,
        };
        match (self.reader.value(condition.value), attempts) {
            (Value::Known(word), _) if word == "none" => policy("no", 0),
            (Value::Known(_), Some(attempts)) if attempts > 0 => policy("on-failure", attempts),
            (Value::Known(_), Some(_)) => policy("always", 0),
            _ => Field::Undecided,
        }
    }
}

fn device(path: String, permissions: String) -> Device {
    Device { path_on_host: Field::Known(path), cgroup_permissions: Field::Known(permissions) }
}

/// The networks as far as rules ask: the default bridge, which only `network_mode` gives.
fn with_networks(mut container: Container) -> Container {
    let mode = container.host_config.value().and_then(|host| host.network_mode.value()).map(String::as_str);
    let networks = match mode {
        Some("bridge") => Field::Known(BTreeMap::from([("bridge".to_owned(), Endpoint::default())])),
        Some(_) => Field::Known(BTreeMap::new()),
        None => Field::Undecided,
    };
    container.network_settings = Field::Known(NetworkSettings { ports: Field::Known(BTreeMap::new()), networks });
    container
}

/// What security options mean for fields that the engine fills in.
fn confine(container: &mut Container, places: &mut Places) {
    let Field::Known(host) = &mut container.host_config else { return };
    let option = |name: &str| host.security_option_at(name).ok().flatten().map(|(at, value)| (at, value.to_owned()));
    let (app_armor, paths) = (option("apparmor"), option("systempaths"));
    if let Some((at, profile)) = app_armor {
        container.app_armor_profile = Field::Known(profile);
        places.copy(("HostConfig.SecurityOpt", at), "AppArmorProfile");
    }
    host.masked_paths = Field::Known(None);
    host.readonly_paths = Field::Known(None);
    if let Some((at, value)) = paths
        && value == "unconfined"
    {
        host.masked_paths = Field::Known(Some(Vec::new()));
        host.readonly_paths = Field::Known(Some(Vec::new()));
        places.copy(("HostConfig.SecurityOpt", at), "HostConfig.MaskedPaths");
    }
}
