use crate::layer::{ContentHashes, RecordKind, facts_of};
use crate::packages::path_hash;
use crate::paths::shown;
use crate::rootfs::RootFs;
use crate::{Capabilities, Config, Digest, History, Issue, LayerFacts, Package, Platform, Provenance, State};
use plimsoll_secrets::Match;
use std::sync::Arc;

/// One image for one platform: what a saved image says about it, and what its layers hold.
///
/// Layers count from 0, the base first.
#[derive(Debug)]
pub struct Image {
    /// The name that reports show: the first of [`Image::names`], else the configuration's digest, else the input's.
    pub name: String,
    /// Every name that the archive gives it, `repository:tag`.
    pub names: Vec<String>,
    /// In which form it was saved.
    pub form: Form,
    /// What it runs on, where that is known.
    pub platform: Option<Platform>,
    /// The digest of its manifest, where it has one.
    pub manifest: Option<Digest>,
    /// The digest of its configuration: what docker calls the image's id.
    pub id: Option<Digest>,
    /// Its configuration; absent for a bare root file system or layer, about which configuration checks say nothing.
    pub config: Option<Config>,
    /// How it came about, the base first.
    pub history: Vec<History>,
    /// Its layers, the base first.
    pub layers: Vec<Layer>,
    /// The annotations of its manifest, sorted by key.
    pub annotations: Vec<(String, String)>,
    /// What its builder attests about the build.
    pub provenance: Vec<Provenance>,
    /// What makes it worth less trust.
    pub issues: Vec<Issue>,
    pub(crate) fs: RootFs,
}

/// The form in which an image was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// `docker save`, with a manifest.json.
    DockerArchive,
    /// An OCI layout, as a folder or in an archive.
    OciLayout,
    /// The layout of skopeo's `dir:`.
    Directory,
    /// A root file system in an archive, as of `docker export`.
    RootFs,
    /// One layer alone: what it deletes is in no layer that is known.
    Layer,
}

/// One layer of an image.
#[derive(Debug, Clone)]
pub struct Layer {
    /// What its uncompressed bytes hash to, as the configuration says, else as was found.
    pub diff_id: Option<Digest>,
    /// What its stored bytes hash to, where a manifest says so.
    pub digest: Option<Digest>,
    /// Its media type, where a manifest gives one.
    pub media_type: Option<String>,
    /// Whether its content is known.
    pub status: LayerStatus,
    /// Bytes of its files.
    pub size: u64,
    /// Bytes as stored, compressed where the layer is.
    pub stored_size: u64,
    /// Bytes of its files that no path of the final root file system leads to: each counted once.
    pub waste: u64,
    /// How many entries it has.
    pub entries: usize,
    /// The entry of the history that made it; absent where history and layers do not fit together.
    pub history: Option<usize>,
    pub(crate) facts: Option<Arc<LayerFacts>>,
}

/// Whether a layer's content is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LayerStatus {
    /// It was read to its end.
    Read,
    /// The archive does not hold it.
    Absent,
    /// It could not be read, or not to its end; an error says why.
    Unreadable,
}

/// One entry of a layer: a version of a path.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    image: &'a Image,
    version: u32,
    number: u32,
    layer: usize,
    facts: &'a LayerFacts,
}

/// What kind of entry it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A further name of a file: [`Entry::content`] is that file.
    HardLink,
    /// A character device.
    CharacterDevice,
    /// A block device.
    BlockDevice,
    /// A named pipe.
    Fifo,
    /// A type that no standard names.
    Other,
}

impl Image {
    /// Whether all of its layers were read: only then does a missing file mean that the image has none.
    pub fn is_complete(&self) -> bool {
        self.layers.iter().all(|layer| layer.status == LayerStatus::Read)
    }

    /// Every entry of every layer, the base first, each layer's in the archive's order; whiteouts are none.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.fs.version_count()).filter_map(|version| self.entry(version))
    }

    /// The entries that make up the final root file system.
    pub fn present(&self) -> impl Iterator<Item = Entry<'_>> {
        self.entries().filter(|entry| entry.state() == State::Present)
    }

    /// What the final root file system has under a path (with or without leading `/`), links followed.
    pub fn file(&self, path: &str) -> Option<Entry<'_>> {
        self.entry(self.fs.find(path.as_bytes())?)
    }

    /// Like [`Image::file`], but a link in the last part of the path is not followed.
    pub fn link(&self, path: &str) -> Option<Entry<'_>> {
        self.entry(self.fs.find_link(path.trim_end_matches('/').as_bytes())?)
    }

    /// The text of a file of the final root file system, of the few whose text is kept: the account files, without
    /// password hashes (`****` in their place), `os-release` and kin, `sshd_config`. What is no UTF-8 is replaced.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.file(path)?.text()
    }

    /// The packages of the final root file system, with the entry that tells of each.
    pub fn packages(&self) -> impl Iterator<Item = (Entry<'_>, &Package)> {
        self.layers.iter().enumerate().flat_map(move |(layer, of)| {
            let packages = of.facts.iter().flat_map(|facts| facts.packages.iter());
            packages.filter_map(move |(record, package)| {
                let entry = self.entry(self.fs.version_of(layer, *record)?)?;
                (entry.state() == State::Present).then_some((entry, package))
            })
        })
    }

    /// Every secret in every layer, with the entry that holds it.
    pub fn secrets(&self) -> impl Iterator<Item = (Entry<'_>, &Match)> {
        self.layers.iter().enumerate().flat_map(move |(layer, of)| {
            let secrets = of.facts.iter().flat_map(|facts| facts.secrets.iter());
            secrets.filter_map(move |(record, found)| Some((self.entry(self.fs.version_of(layer, *record)?)?, found)))
        })
    }

    /// The bytes of all files of all layers.
    pub fn size(&self) -> u64 {
        self.layers.iter().map(|layer| layer.size).sum()
    }

    /// Those of them that no path of the final root file system leads to.
    pub fn waste(&self) -> u64 {
        self.layers.iter().map(|layer| layer.waste).sum()
    }

    /// The instruction or command that made a layer, as the history writes it.
    pub fn created_by(&self, layer: usize) -> Option<&str> {
        let history = self.layers.get(layer)?.history?;
        self.history.get(history).map(|step| step.created_by.as_str())
    }

    fn entry(&self, version: u32) -> Option<Entry<'_>> {
        let (layer, facts, number, record) = self.fs.record(version)?;
        let is_whiteout = matches!(record.kind, RecordKind::Whiteout | RecordKind::Opaque);
        (!is_whiteout).then_some(Entry { image: self, version, number, layer, facts })
    }
}

impl<'a> Entry<'a> {
    /// The path in the image, without leading `/`, as it stands.
    pub fn path_bytes(&self) -> Vec<u8> {
        self.facts.paths.path(self.record().path)
    }

    /// The path in the image, without leading `/`; what is not UTF-8 is percent-encoded.
    pub fn path(&self) -> String {
        shown(&self.path_bytes())
    }

    /// The last part of the path, as it stands.
    pub fn name(&self) -> &'a [u8] {
        self.facts.paths.name(self.facts.records[self.number as usize].path)
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        match self.record().kind {
            RecordKind::File => Kind::File,
            RecordKind::Directory => Kind::Directory,
            RecordKind::Symlink => Kind::Symlink,
            RecordKind::HardLink => Kind::HardLink,
            RecordKind::CharacterDevice => Kind::CharacterDevice,
            RecordKind::BlockDevice => Kind::BlockDevice,
            RecordKind::Fifo => Kind::Fifo,
            // Whiteouts make no entries.
            RecordKind::Other | RecordKind::Whiteout | RecordKind::Opaque => Kind::Other,
        }
    }

    /// The permission bits, 0o7777 at most.
    pub fn mode(&self) -> u16 {
        self.record().mode
    }

    /// The owner.
    pub fn uid(&self) -> u32 {
        self.record().uid
    }

    /// The owning group.
    pub fn gid(&self) -> u32 {
        self.record().gid
    }

    /// The size in bytes, of a sparse file with its holes; 0 for what is no regular file, hard links among them.
    pub fn size(&self) -> u64 {
        self.record().size
    }

    /// A fast hash of the content, to tell files that differ; 0 where there is no content.
    pub fn content_id(&self) -> u64 {
        self.record().content
    }

    /// The capabilities that the file gives to whoever runs it.
    pub fn capabilities(&self) -> Option<Capabilities> {
        facts_of(&self.facts.capabilities, self.number).first().map(|(_, capabilities)| *capabilities)
    }

    /// The layer that holds it, from 0.
    pub fn layer(&self) -> usize {
        self.layer
    }

    /// What became of it in the layers above.
    pub fn state(&self) -> State {
        self.image.fs.state(self.version)
    }

    /// Whether its bytes can be reached in the final root file system, if only by a hard link elsewhere.
    pub fn is_reachable(&self) -> bool {
        self.image.fs.is_used(self.image.fs.content(self.version))
    }

    /// Where a symbolic link leads, as it stands; of a hard link the path of its target.
    pub fn target(&self) -> Option<Vec<u8>> {
        match self.record().kind {
            RecordKind::Symlink => Some(self.facts.paths.text(self.record().link).to_vec()),
            RecordKind::HardLink => Some(self.facts.paths.path(self.record().link)),
            _ => None,
        }
    }

    /// The entry that has the content: of a hard link its target, which may be in a lower layer; else itself.
    #[must_use]
    pub fn content(&self) -> Entry<'a> {
        self.image.entry(self.image.fs.content(self.version)).unwrap_or(*self)
    }

    /// Its text, where that is kept: see [`Image::text`].
    pub fn text(&self) -> Option<&'a str> {
        let content = self.content();
        let (_, text) = facts_of(&content.facts.texts, content.number).first()?;
        std::str::from_utf8(text).ok()
    }

    /// The secrets that stand in it. A hard link has those of its target.
    pub fn secrets(&self) -> impl Iterator<Item = &'a Match> + use<'a> {
        let content = self.content();
        facts_of(&content.facts.secrets, content.number).iter().map(|(_, found)| found)
    }

    /// Whether it is a script that hands over to a user other than root: with gosu, su-exec, setpriv or kin.
    pub fn steps_down(&self) -> bool {
        self.content().record().steps_down
    }

    /// Whether a package database of the image lists this file with this very content: a file as its distributor
    /// ships it. Known of files up to 512 KiB in which a secret was found; `false` for all others.
    pub fn is_package_file(&self) -> bool {
        let Some((_, hashes)) = facts_of(&self.facts.hashes, self.number).first() else { return false };
        let ContentHashes { md5, sha1, sha256 } = hashes;
        let path = path_hash(&self.path_bytes());
        let first = |hash: &[u8]| hash.first_chunk::<8>().copied();
        let contents = [first(md5), first(sha1), first(sha256)];
        self.image.layers.iter().filter_map(|layer| layer.facts.as_ref()).any(|facts| {
            let start = facts.owned.partition_point(|owned| owned.path < path);
            let rest = facts.owned.get(start..).unwrap_or_default();
            rest.iter().take_while(|owned| owned.path == path).any(|owned| contents.contains(&Some(owned.content)))
        })
    }

    /// Whether a package database in the entry's own layer lists a file at this path, whatever its content.
    pub fn is_package_path(&self) -> bool {
        let path = path_hash(&self.path_bytes());
        let start = self.facts.owned.partition_point(|owned| owned.path < path);
        self.facts.owned.get(start).is_some_and(|owned| owned.path == path)
    }

    fn record(&self) -> &'a crate::layer::Record {
        &self.facts.records[self.number as usize]
    }
}

impl std::fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("path", &self.path())
            .field("kind", &self.kind())
            .field("layer", &self.layer)
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
