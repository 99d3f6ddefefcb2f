use crate::accounts::{Group, User, groups, users};
use crate::audit::AuditRules;
use crate::files::{FileFact, Files};
use crate::mounts::{MountPoint, mounts};
use crate::namespaces::Namespaces;
use crate::pending::{Pending, pending};
use crate::read::{self, FactError};
use crate::units::{Start, Units};
use crate::{Bundle, Container, Daemon, Fact, Image, Info, Network, Node, Plugin, Service, Swarm, Top, Unknown};
use crate::{Version, Volume};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// All that is known of a host.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Who read it, where and when.
    pub meta: Meta,
    /// GET /info.
    pub info: Fact<Info>,
    /// GET /version.
    pub version: Fact<Version>,
    /// The containers, running or not.
    pub containers: Fact<Vec<Container>>,
    /// The images.
    pub images: Fact<Vec<Image>>,
    /// The networks.
    pub networks: Fact<Vec<Network>>,
    /// The volumes.
    pub volumes: Fact<Vec<Volume>>,
    /// The plugins.
    pub plugins: Fact<Vec<Plugin>>,
    /// The swarm; absent where there is none, denied on workers.
    pub swarm: Fact<Swarm>,
    /// The swarm's services.
    pub services: Fact<Vec<Service>>,
    /// The swarm's nodes.
    pub nodes: Fact<Vec<Node>>,
    /// How many secrets the swarm has.
    pub secrets: Fact<usize>,
    /// What runs in containers, by id.
    pub top: Fact<BTreeMap<String, Top>>,
    /// The settings that the daemon runs with.
    pub daemon: Daemon,
    /// The settings with which it will start next: by what stands on disk now.
    pub next: Daemon,
    /// How systemd will start it next; nothing where no unit of systemd that is known does.
    pub start: Result<Option<Start>, Unknown>,
    /// The units of systemd.
    pub units: Fact<Units>,
    /// The daemon's argument vector.
    pub args: Fact<Vec<String>>,
    /// The daemon's configuration file.
    pub daemon_json: Fact<serde_json::Map<String, serde_json::Value>>,
    /// Files of the host.
    pub files: Files,
    /// The host's mounts.
    pub mounts: Fact<Vec<MountPoint>>,
    /// The audit rules that are loaded.
    pub audit: Fact<AuditRules>,
    /// The audit rules on disk.
    pub audit_on_disk: Fact<AuditRules>,
    /// The groups.
    pub groups: Fact<Vec<Group>>,
    /// The users.
    pub users: Fact<Vec<User>>,
    /// /etc/environment, by name.
    pub environment: Fact<BTreeMap<String, String>>,
    /// /proc/self/cgroup.
    pub cgroup: Fact<String>,
    /// The kernel's security modules that are on.
    pub lsm: Fact<Vec<String>>,
    /// Kernel settings by name.
    pub sysctl: Fact<BTreeMap<String, String>>,
    /// TCP addresses that something listens at.
    pub listeners: Fact<Vec<crate::sockets::Listener>>,
    by_name: HashMap<String, usize>,
    volumes_by_name: HashMap<String, usize>,
    images_by_tag: HashMap<String, usize>,
    namespaces: Namespaces,
    /// Lists of which a part could not be read, by file.
    partial: BTreeMap<String, Unknown>,
}

/// Who read a host, where and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Meta {
    /// The version of the bundle's format.
    pub version: u32,
    /// The program that wrote it.
    pub tool: String,
    /// The host's id: stable, and nothing that identifies a person.
    pub host: String,
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// The user that read it; 0 is root.
    pub uid: Option<u32>,
    /// The engine's address.
    pub engine: Option<String>,
    /// The container that the reader itself ran in.
    pub container: Option<String>,
    /// The unit of systemd that dockerd runs in, where it does.
    pub unit: Option<String>,
    /// Where daemon.json stands, or would.
    pub daemon_json: Option<String>,
    /// When daemon.json was changed last, in seconds since 1970.
    pub daemon_json_changed: Option<i64>,
    /// When the daemon was started, in seconds since 1970.
    pub daemon_started: Option<i64>,
    /// Facts that could not be read, by file.
    pub unread: BTreeMap<String, Unread>,
}

impl Meta {
    /// Whether daemon.json was changed after the daemon had started. Both times are known to the second.
    pub fn daemon_json_is_newer(&self) -> bool {
        const BLUR: i64 = 2;
        self.daemon_started.zip(self.daemon_json_changed).is_some_and(|(start, change)| change > start + BLUR)
    }
}

/// Why a fact could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Unread {
    /// `denied`, `absent` or `failed`.
    Word(String),
    /// The same, with more to say.
    Row {
        /// `denied`, `absent` or `failed`.
        why: String,
        /// The system's own words.
        #[serde(default)]
        detail: String,
    },
}

impl Facts {
    /// Reads a bundle. What makes no sense is an error, and unknown; everything else is still read.
    pub fn read(bundle: &Bundle) -> (Self, Vec<FactError>) {
        let mut reader = read::Reader::new(bundle);
        let meta: Meta = reader.object("meta.json").known("meta.json").cloned().unwrap_or_default();
        reader.unread.clone_from(&meta.unread);
        if meta.version > 1 {
            reader.fail("meta.json", format!("the bundle has format {}, this program reads format 1", meta.version));
        }
        let args: Fact<Vec<String>> = reader.object("dockerd.args.json");
        let daemon_json: Fact<serde_json::Map<String, serde_json::Value>> = reader.object("daemon.json");
        let units: Fact<Units> = reader.object("units.json");
        let start = start(&meta, &units);
        let next_args = match &start {
            Ok(Some(start)) => Fact::Known(start.args.clone()),
            Ok(None) => args.clone(),
            Err(why) => Fact::Denied(why.clone()),
        };
        // What the daemon runs with it read when it started, or was told to read since.
        let running_json = match &daemon_json {
            Fact::Known(_) if meta.daemon_json_is_newer() => Fact::Denied(Unknown::new(
                "daemon.json was changed after the daemon had started: it holds once the daemon is started again",
            )),
            other => other.clone(),
        };
        let files: Fact<BTreeMap<String, Option<FileFact>>> = reader.object("files.json");
        let containers: Fact<Vec<Container>> = reader.list("containers.json");
        let by_name = index(&containers);
        let volumes = reader.volumes();
        let images = reader.list("images.json");
        let namespaces = Namespaces::new(&containers, &by_name);
        let facts = Self {
            info: reader.object("info.json"),
            version: reader.object("version.json"),
            images_by_tag: tag_index(&images),
            images,
            networks: reader.list("networks.json"),
            volumes_by_name: volume_index(&volumes),
            volumes,
            plugins: reader.whole_list("plugins.json"),
            swarm: reader.object("swarm.json"),
            services: reader.whole_list("services.json"),
            nodes: reader.whole_list("nodes.json"),
            secrets: reader.whole_list::<serde::de::IgnoredAny>("secrets.json").map(|secrets| secrets.len()),
            top: reader.object("top.json"),
            daemon: Daemon::new(&args, &running_json),
            next: Daemon::new(&next_args, &daemon_json),
            start,
            units,
            args,
            daemon_json,
            files: match files {
                Fact::Known(entries) => Files { entries, otherwise: None },
                Fact::Absent => Files::default(),
                Fact::Denied(why) => Files { entries: BTreeMap::new(), otherwise: Some(why) },
            },
            mounts: reader.text("mounts.txt").map(mounts),
            audit: reader.text("audit.rules").map(AuditRules::parse),
            audit_on_disk: reader.text("audit.disk.rules").map(AuditRules::parse),
            groups: reader.text("group").map(groups),
            users: reader.text("passwd").map(users),
            environment: reader.text("environment").map(environment),
            cgroup: reader.text("cgroup.txt").map(str::to_owned),
            lsm: reader.text("lsm.txt").map(|text| text.trim().split(',').map(str::to_owned).collect()),
            sysctl: reader.text("sysctl.txt").map(settings),
            listeners: reader.text("sockets.txt").map(crate::sockets::listeners),
            containers,
            by_name,
            namespaces,
            meta,
            partial: reader.partial,
        };
        (facts, reader.errors)
    }

    /// What can be said of containers that do not exist yet, on an engine of which only `info` is known.
    ///
    /// ```
    /// use plimsoll_host::{Container, Facts, Field, HostConfig, Info};
    ///
    /// let host_config = Field::Known(HostConfig { privileged: Field::Known(true), ..HostConfig::default() });
    /// let web = Container { id: Field::Known("web".into()), host_config, ..Container::default() };
    /// let facts = Facts::of_containers(Info::default(), vec![web], Vec::new());
    /// assert!(facts.container("web").is_some() && facts.groups.known("groups").is_err());
    /// ```
    pub fn of_containers(info: Info, containers: Vec<Container>, volumes: Vec<Volume>) -> Self {
        let (nothing, _) = Self::read(&Bundle::default());
        let (info, containers, volumes) = (Fact::Known(info), Fact::Known(containers), Fact::Known(volumes));
        let by_name = index(&containers);
        Self {
            namespaces: Namespaces::new(&containers, &by_name),
            volumes_by_name: volume_index(&volumes),
            info,
            containers,
            volumes,
            by_name,
            ..nothing
        }
    }

    /// Fails where a part of a list could not be read: of `containers.json`, `images.json` and `networks.json` what could
    /// is known, and a check that rests on all of it asks here.
    pub fn whole(&self, file: &str) -> Result<(), Unknown> {
        self.partial.get(file).map_or(Ok(()), |why| Err(why.clone()))
    }

    /// The containers; none where they could not be read.
    pub fn containers(&self) -> &[Container] {
        match &self.containers {
            Fact::Known(containers) => containers,
            Fact::Absent | Fact::Denied(_) => &[],
        }
    }

    /// The container of an id, the beginning of one, or a name.
    pub fn container(&self, reference: &str) -> Option<&Container> {
        let at = self.by_name.get(reference.strip_prefix('/').unwrap_or(reference))?;
        self.containers().get(*at)
    }

    /// The volume of a name; nothing where there is none, or where the volumes are not known.
    pub fn volume(&self, name: &str) -> Option<&Volume> {
        let Fact::Known(volumes) = &self.volumes else { return None };
        volumes.get(*self.volumes_by_name.get(name)?)
    }

    /// The position of the image that a name with its tag means.
    pub fn image_by_tag(&self, name: &str) -> Option<usize> {
        self.images_by_tag.get(name).copied()
    }

    /// What will be otherwise on the daemon's command line once systemd starts it again.
    pub fn pending(&self) -> Vec<Pending> {
        match &self.start {
            Ok(Some(start)) => pending(&self.args, start),
            Ok(None) | Err(_) => Vec::new(),
        }
    }

    /// The namespaces of the containers, `container:` followed to its end.
    pub fn namespaces(&self) -> &Namespaces {
        &self.namespaces
    }

    /// Whether the engine is podman, which has no daemon.
    pub fn is_podman(&self) -> bool {
        let Fact::Known(version) = &self.version else { return false };
        let components = version.components.value().map_or(&[][..], Vec::as_slice);
        components.iter().any(|part| part.name.value().is_some_and(|name| name.starts_with("Podman")))
    }

    /// Whether the engine runs without root's rights.
    pub fn is_rootless(&self) -> Result<bool, Unknown> {
        self.info.known("engine")?.has_security_option("rootless")
    }

    /// Whether the engine maps the containers' users to others.
    pub fn is_remapped(&self) -> Result<bool, Unknown> {
        self.info.known("engine")?.has_security_option("userns")
    }

    /// Whether this node is in a swarm.
    pub fn in_swarm(&self) -> Result<bool, Unknown> {
        let state = self.info.known("engine")?.swarm.known("Swarm")?.local_node_state.known("Swarm.LocalNodeState")?;
        Ok(!matches!(state.as_str(), "" | "inactive"))
    }

    /// Whether this node is a manager of a swarm.
    pub fn is_manager(&self) -> Result<bool, Unknown> {
        let swarm = self.info.known("engine")?.swarm.known("Swarm")?;
        swarm.control_available.known("Swarm.ControlAvailable").copied()
    }
}

/// How systemd will start the daemon next. One that runs in no unit was started in another way.
fn start(meta: &Meta, units: &Fact<Units>) -> Result<Option<Start>, Unknown> {
    let Some(unit) = &meta.unit else { return Ok(None) };
    let Some(start) = units.known("units of systemd")?.start(unit)? else { return Ok(None) };
    let program = start.args.first().map_or("", |path| path.rsplit('/').next().unwrap_or(path));
    if program == "dockerd" { Ok(Some(start)) } else { Err(Unknown::new(format!("{unit} starts another program"))) }
}

fn index(containers: &Fact<Vec<Container>>) -> HashMap<String, usize> {
    let Fact::Known(containers) = containers else { return HashMap::new() };
    let mut index = HashMap::with_capacity(containers.len() * 2);
    for (at, container) in containers.iter().enumerate() {
        if let Some(id) = container.id.value() {
            index.insert(id.clone(), at);
        }
    }
    for (at, container) in containers.iter().enumerate() {
        let name = container.name();
        if !name.is_empty() {
            // An id wins over a name that looks like one, as in the engine.
            index.entry(name.to_owned()).or_insert(at);
        }
    }
    index
}

fn volume_index(volumes: &Fact<Vec<Volume>>) -> HashMap<String, usize> {
    let Fact::Known(volumes) = volumes else { return HashMap::new() };
    let names = volumes.iter().enumerate().filter_map(|(at, volume)| Some((volume.name.value()?.clone(), at)));
    names.collect()
}

fn tag_index(images: &Fact<Vec<Image>>) -> HashMap<String, usize> {
    let Fact::Known(images) = images else { return HashMap::new() };
    let tags = |(at, image): (usize, &Image)| {
        let tags = image.repo_tags.value().cloned().unwrap_or_default();
        tags.into_iter().map(move |tag| (tag, at)).collect::<Vec<_>>()
    };
    images.iter().enumerate().flat_map(tags).collect()
}

fn environment(text: &str) -> BTreeMap<String, String> {
    let line = |line: &str| {
        let line = line.trim();
        let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (!name.starts_with('#')).then(|| (name.trim().to_owned(), value.to_owned()))
    };
    text.lines().filter_map(line).collect()
}

fn settings(text: &str) -> BTreeMap<String, String> {
    let line = |line: &str| {
        let (name, value) = line.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    text.lines().filter_map(line).collect()
}
