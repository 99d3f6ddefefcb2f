use crate::Digest;
use crate::json::Json;
use std::collections::BTreeMap;

/// An image's configuration. What is absent, `null` and empty means the same, because engines write it differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// When the image was made, RFC 3339.
    pub created: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// The user, and after a colon the group, that the process runs as: names or numbers. Absent stands for root.
    pub user: Option<String>,
    /// Variables, `NAME=value`.
    pub env: Vec<String>,
    /// The entrypoint's words.
    pub entrypoint: Vec<String>,
    /// The command's words.
    pub cmd: Vec<String>,
    /// Paths of volumes, sorted.
    pub volumes: Vec<String>,
    /// Ports, `80/tcp`, sorted.
    pub exposed_ports: Vec<String>,
    /// Labels, sorted by key.
    pub labels: Vec<(String, String)>,
    /// The working folder.
    pub working_dir: Option<String>,
    /// The signal that stops it.
    pub stop_signal: Option<String>,
    /// Instructions for images that build on this one.
    pub on_build: Vec<String>,
    /// The shell of the shell form.
    pub shell: Vec<String>,
    /// The health check, where one is set.
    pub healthcheck: Option<Healthcheck>,
    /// What the layers' uncompressed bytes hash to, the base first.
    pub diff_ids: Vec<Digest>,
    /// Every other text in it, with its JSON pointer (RFC 6901): remarks, what old engines kept of the container that the
    /// image was made from. Secrets may stand in any.
    pub other_texts: Vec<(String, String)>,
    pub(crate) operating_system: Option<String>,
    pub(crate) architecture: Option<String>,
    pub(crate) variant: Option<String>,
}

/// A health check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Healthcheck {
    /// `NONE`; `CMD` and words; or `CMD-SHELL` and a line.
    pub test: Vec<String>,
}

impl Healthcheck {
    /// Whether it switches off the base image's check.
    pub fn is_none(&self) -> bool {
        self.test.first().is_some_and(|word| word == "NONE")
    }
}

/// One step of how an image came about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// When, RFC 3339.
    pub created: Option<String>,
    /// The command or instruction, in the form of the tool that wrote it.
    pub created_by: String,
    /// A remark, such as `buildkit.dockerfile.v0`.
    pub comment: Option<String>,
    /// Who.
    pub author: Option<String>,
    /// Whether it made no layer.
    pub is_empty_layer: bool,
    /// The layer that it made, from 0; absent where it made none, or where history and layers do not fit together.
    pub layer: Option<usize>,
}

impl Config {
    /// Reads a configuration, of which the JSON is sound.
    pub(crate) fn read(json: &Json) -> Result<Self, crate::Error> {
        let config = json.get("config");
        let keys = |value: &Json| {
            let mut keys: Vec<String> = value.members().map(|(key, _)| key.to_owned()).collect();
            keys.sort();
            keys.dedup();
            keys
        };
        // In shell form, old engines wrote one text.
        let words = |value: &Json| value.string().map_or_else(|| value.texts(), |text| vec![text]);
        let labels: BTreeMap<String, String> = config
            .get("Labels")
            .members()
            .map(|(key, value)| (key.to_owned(), value.text().unwrap_or_default().to_owned()))
            .collect();
        let diff_ids = json.get("rootfs").get("diff_ids").array().iter().map(|id| {
            id.text()
                .and_then(Digest::parse)
                .ok_or_else(|| crate::Error::corrupt("a diff ID of the configuration is no digest"))
        });
        let healthcheck = config.get("Healthcheck");
        Ok(Self {
            created: json.get("created").string(),
            author: json.get("author").string(),
            user: config.get("User").string(),
            env: config.get("Env").texts(),
            entrypoint: words(config.get("Entrypoint")),
            cmd: words(config.get("Cmd")),
            volumes: keys(config.get("Volumes")),
            exposed_ports: keys(config.get("ExposedPorts")),
            labels: labels.into_iter().collect(),
            working_dir: config.get("WorkingDir").string(),
            stop_signal: config.get("StopSignal").string(),
            on_build: config.get("OnBuild").texts(),
            shell: config.get("Shell").texts(),
            healthcheck: (!healthcheck.get("Test").is_null())
                .then(|| Healthcheck { test: healthcheck.get("Test").texts() })
                .filter(|check| !check.test.is_empty()),
            diff_ids: diff_ids.collect::<Result<_, _>>()?,
            other_texts: other_texts(json),
            operating_system: json.get("os").string(),
            architecture: json.get("architecture").string(),
            variant: json.get("variant").string(),
        })
    }

    /// The history of a configuration with so many layers; `None` in place of layers where the numbers do not fit.
    pub(crate) fn history(json: &Json, layers: usize) -> Vec<History> {
        let steps = json.get("history").array();
        let fits = steps.iter().filter(|step| !step.get("empty_layer").is_true()).count() == layers;
        let mut next = 0;
        let history = steps.iter().map(|step| {
            let is_empty_layer = step.get("empty_layer").is_true();
            let layer = (fits && !is_empty_layer).then_some(next);
            next += usize::from(!is_empty_layer);
            History {
                created: step.get("created").string(),
                created_by: step.get("created_by").string().unwrap_or_default(),
                comment: step.get("comment").string(),
                author: step.get("author").string(),
                is_empty_layer,
                layer,
            }
        });
        history.collect()
    }
}

/// The texts of a configuration beside those that `Config` and `History` have in fields that are searched for secrets.
fn other_texts(json: &Json) -> Vec<(String, String)> {
    const KNOWN: [&str; 5] = ["/config/Env", "/config/Labels", "/config/Entrypoint", "/config/Cmd", "/rootfs"];
    let mut texts = Vec::new();
    let mut open = vec![(String::new(), json)];
    while let Some((pointer, value)) = open.pop() {
        let is_instruction = pointer.starts_with("/history/") && pointer.ends_with("/created_by");
        if is_instruction || KNOWN.contains(&pointer.as_str()) {
            continue;
        }
        texts.extend(value.text().map(|text| (pointer.clone(), text.to_owned())));
        let members = value.members().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value));
        let elements = value.array().iter().enumerate().map(|(at, value)| (at.to_string(), value));
        open.extend(members.chain(elements).map(|(key, value)| (format!("{pointer}/{key}"), value)));
    }
    texts.sort();
    texts
}

/// What an image runs on.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    /// The operating system, `linux`.
    pub os: String,
    /// The architecture in Go's names, `amd64`.
    pub architecture: String,
    /// The variant, `v8`.
    pub variant: Option<String>,
}

impl Platform {
    /// Reads `os/architecture` or `os/architecture/variant`.
    ///
    /// ```
    /// let platform = plimsoll_image::Platform::parse("linux/arm64/v8").expect("a platform");
    /// assert_eq!(platform.variant.as_deref(), Some("v8"));
    /// assert!(plimsoll_image::Platform::parse("arm64").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let (os, architecture, variant) = (parts.next()?, parts.next()?, parts.next());
        let sound = !os.is_empty() && !architecture.is_empty() && variant != Some("") && parts.next().is_none();
        sound.then(|| Self { os: os.into(), architecture: architecture.into(), variant: variant.map(Into::into) })
    }

    /// Whether an image for this platform is meant by `wanted`, which may leave the variant open.
    pub fn meets(&self, wanted: &Self) -> bool {
        // `arm64` is `arm64/v8` wherever it is written.
        let variant = |platform: &Self| match (platform.architecture.as_str(), platform.variant.as_deref()) {
            ("arm64", None) => Some("v8".to_owned()),
            (_, variant) => variant.map(str::to_owned),
        };
        self.os == wanted.os
            && self.architecture == wanted.architecture
            && (wanted.variant.is_none() || variant(self) == variant(wanted))
    }

    pub(crate) fn read_config(config: &Config) -> Option<Self> {
        Some(Self {
            os: config.operating_system.clone()?,
            architecture: config.architecture.clone()?,
            variant: config.variant.clone(),
        })
    }

    pub(crate) fn read(json: &Json) -> Option<Self> {
        Some(Self {
            os: json.get("os").string()?,
            architecture: json.get("architecture").string()?,
            variant: json.get("variant").string(),
        })
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        self.variant.iter().try_for_each(|variant| write!(f, "/{variant}"))
    }
}
