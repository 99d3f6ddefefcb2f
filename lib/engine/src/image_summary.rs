/// What an image is made of: what reports show of it beside the findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageSummary {
    /// The path of the input that holds it, as reports show it.
    pub path: String,
    /// The image's name as the archive tells it, else its configuration's digest.
    pub name: String,
    /// `os/architecture[/variant]`; empty where the configuration does not say.
    pub platform: String,
    /// The configuration's digest.
    pub id: Option<String>,
    /// The distribution, as `os-release` names it (`debian 12`).
    pub distribution: Option<String>,
    /// When it was made, RFC 3339.
    pub created: Option<String>,
    /// The user that its process runs as; empty stands for root.
    pub user: String,
    /// Whether a health check is set; unknown without a configuration, or where its format has no place for one.
    pub healthcheck: Option<bool>,
    /// The entrypoint and the command, as the configuration lists them.
    pub entrypoint: Vec<String>,
    /// See [`ImageSummary::entrypoint`].
    pub command: Vec<String>,
    /// What it was built from, as its builder attests: base images and sources, an URI and a digest each.
    pub built_from: Vec<(String, Option<String>)>,
    /// Bytes of all layers, unpacked.
    pub size: u64,
    /// Bytes that a later layer deletes or replaces.
    pub waste: u64,
    /// The largest files of the final root file system, the largest first; a few.
    pub largest: Vec<FileSummary>,
    /// Content that stands there several times, what takes most room first; a few. Small files do not count.
    pub duplicates: Vec<DuplicateSummary>,
    /// The layers, the base first.
    pub layers: Vec<LayerSummary>,
    /// Installed packages, sorted by kind and name.
    pub packages: Vec<PackageSummary>,
    /// The users of its `/etc/passwd`, in the file's order.
    pub users: Vec<UserSummary>,
    /// The programs of its final root file system that run with the rights of their owner or group, by path.
    pub setuid: Vec<String>,
}

impl ImageSummary {
    /// The share of its bytes that are in use, in ten-thousandths: 10,000 where no layer deletes or replaces anything.
    ///
    /// Each byte counts once. dive, which uses the word efficiency, counts a file once for every layer that has its path.
    ///
    /// ```
    /// use plimsoll_engine::ImageSummary;
    /// let image = ImageSummary { size: 400, waste: 100, ..ImageSummary::default() };
    /// assert_eq!(image.efficiency(), 7_500);
    /// ```
    pub fn efficiency(&self) -> u64 {
        let used = u128::from(self.size.saturating_sub(self.waste));
        if self.size == 0 { 10_000 } else { (used * 10_000 / u128::from(self.size)) as u64 }
    }
}

/// A layer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LayerSummary {
    /// `sha256:` and 64 hexadecimal digits: of the unpacked layer.
    pub diff_id: String,
    /// Of the layer as it is stored, where that is another.
    pub digest: Option<String>,
    /// The instruction that made it.
    pub created_by: Option<String>,
    /// Bytes of its files.
    pub size: u64,
    /// Bytes of them that a later layer deletes or replaces.
    pub waste: u64,
    /// How many entries it has.
    pub entries: u64,
}

/// A file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileSummary {
    /// Its path, without a leading `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// The layer that holds it, from 0.
    pub layer: u32,
}

/// Files with one content, hard links apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DuplicateSummary {
    /// Bytes of each.
    pub size: u64,
    /// How many there are.
    pub count: u64,
    /// The paths of the first of them, in the archive's order.
    pub paths: Vec<String>,
}

/// An installed package.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageSummary {
    /// `deb`, `apk`, `rpm`, `pypi`, `npm`: the types of package URLs.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The layer that brought it.
    pub layer: Option<u32>,
}

/// A user of an image's `/etc/passwd`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserSummary {
    /// The name.
    pub name: String,
    /// The user id.
    pub uid: u32,
    /// The id of its first group.
    pub gid: u32,
    /// The home folder.
    pub home: String,
    /// The login shell.
    pub shell: String,
}
