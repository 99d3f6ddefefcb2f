use crate::buffer::Buffer;
use crate::crew::Crew;
use crate::decode::{Decoded, coding};
use crate::extract::{Extraction, extract, extract_with};
use crate::json::Json;
use crate::limits::{Budget, within};
use crate::manifest::{self, Found};
use crate::paths::{clean, shown};
use crate::source::Section;
use crate::tar::{MemberKind, Tar};
use crate::{Digest, Error, ErrorKind, Folder, Form, Issue, IssueKind, LayerFacts, Limit, Plan, Platform, ReadAt};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

/// Where a saved image comes from.
pub enum Input<'a> {
    /// A file, or bytes in memory: its layers can be read in any order, and several at once.
    File(&'a dyn ReadAt),
    /// A folder that holds a layout.
    Folder(&'a dyn Folder),
    /// A stream, read once from its start to its end. All layers are read, needed or not, one after the other.
    Stream(Box<dyn Read + 'a>),
}

/// What to read of an input.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only images for this platform; those that do not say theirs too.
    pub platform: Option<Platform>,
    /// Whether contents are compared with the digests that refer to them.
    pub verify: bool,
    /// Whether contents are searched for secrets.
    pub secrets: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { platform: None, verify: true, secrets: true }
    }
}

/// An opened input: which images it has, and which layers they need.
pub struct Archive<'a> {
    /// Its images, in the archive's order.
    pub plans: Vec<Plan>,
    /// What could not be read on the way to the images.
    pub errors: Vec<Error>,
    pub(crate) budget: &'a Budget,
    pub(crate) options: Options,
    store: Blobs<'a>,
}

/// Where the blobs are.
pub(crate) enum Blobs<'a> {
    /// In an archive whose members can be read in any order.
    Members { source: &'a dyn ReadAt, members: BTreeMap<Vec<u8>, Stored> },
    /// In a folder.
    Folder(&'a dyn Folder),
    /// In memory, as far as they are small; of layers the facts.
    Streamed(BTreeMap<Vec<u8>, Kept>),
    /// The whole input is one layer.
    Flat(&'a dyn ReadAt),
}

/// A member of an archive.
#[derive(Debug, Clone)]
pub(crate) enum Stored {
    File {
        offset: u64,
        size: u64,
    },
    /// Old engines store a layer once and link to it.
    Link(Vec<u8>),
}

/// What is kept of a member of a stream.
pub(crate) enum Kept {
    Document(Vec<u8>),
    Layer(Result<Arc<LayerFacts>, Error>),
    Link(Vec<u8>),
    /// Neither a document nor a layer; with its size.
    Other(u64),
}

/// The one blob of an input that is a layer itself.
const WHOLE: &[u8] = b"";

impl<'a> Archive<'a> {
    /// Looks at an input: finds its form and its images. Layers are read later, except those of a stream.
    pub fn open(input: Input<'a>, options: Options, budget: &'a Budget) -> Result<Self, Error> {
        let Opened { store, mut issues, mut errors, flat } = match input {
            Input::File(source) => open_file(source, &options, budget)?,
            Input::Folder(folder) => Opened::new(Blobs::Folder(folder)),
            Input::Stream(stream) => open_stream(stream, &options, budget)?,
        };
        let is_flat = match &store {
            Blobs::Flat(_) => true,
            Blobs::Streamed(members) => members.contains_key(WHOLE),
            _ => false,
        };
        let mut archive = Self { plans: Vec::new(), errors: Vec::new(), budget, options, store };
        let plans = if is_flat {
            vec![Plan::flat(WHOLE)]
        } else {
            let Found { plans, issues: found, errors: trouble } = manifest::find(&archive);
            // A root file system may have a file of the name of a manifest.
            if let Some(source) = flat.filter(|_| plans.is_empty()) {
                archive.store = Blobs::Flat(source);
                issues.clear();
                errors.clear();
                vec![Plan::flat(WHOLE)]
            } else {
                issues.extend(found);
                errors.extend(trouble);
                plans
            }
        };
        if plans.is_empty() && errors.is_empty() {
            let message = match &archive.options.platform {
                Some(platform) if !is_flat => format!("no image for {platform}"),
                _ => "no image in it".to_owned(),
            };
            errors.push(Error::new(ErrorKind::NotAnImage, message));
        }
        archive.plans = plans;
        archive.errors = errors;
        if let Some(first) = archive.plans.first_mut() {
            first.issues.extend(issues);
        }
        Ok(archive)
    }

    /// The blobs of all layers that are needed, each once, largest first, so that threads end together.
    pub fn layers(&self) -> Vec<LayerBlob> {
        let mut blobs: BTreeMap<&[u8], LayerBlob> = BTreeMap::new();
        for layer in self.plans.iter().flat_map(|plan| &plan.layers) {
            let Some(name) = &layer.blob else { continue };
            blobs.entry(name).or_insert_with(|| LayerBlob {
                name: name.clone(),
                size: self.size_of(name).unwrap_or(0),
                extraction: Extraction {
                    diff_id: layer.diff_id,
                    digest: layer.digest,
                    verify: self.options.verify,
                    secrets: self.options.secrets,
                },
            });
        }
        let mut blobs: Vec<LayerBlob> = blobs.into_values().collect();
        blobs.sort_by(|a, b| b.size.cmp(&a.size).then_with(|| a.name.cmp(&b.name)));
        blobs
    }

    /// Reads one layer. Threads may read several at once.
    pub fn extract(&self, blob: &LayerBlob) -> Result<Arc<LayerFacts>, Error> {
        self.extract_with(blob, &Crew::alone())
    }

    /// Like [`Archive::extract`], by a thread of a crew: those that are free help with the search for secrets.
    pub fn extract_with(&self, blob: &LayerBlob, crew: &Crew) -> Result<Arc<LayerFacts>, Error> {
        let read = |section| extract_with(section, blob.extraction, self.budget, crew).map(Arc::new);
        let result = match self.open_blob(&blob.name, 0) {
            Ok(Blob::Section(section)) => read(section),
            Ok(Blob::Owned(file)) => read(Section::new(&*file, 0, file.size())),
            Ok(Blob::Facts(facts)) => Ok(facts),
            Ok(Blob::Document(_)) => Err(Error::corrupt("no layer but a text")),
            Err(error) => Err(error),
        };
        result.map_err(|error| error.in_blob(&shown(&blob.name)))
    }

    /// A JSON document; `None` where there is none of that name.
    pub(crate) fn document(&self, name: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let limit = self.budget.limits.json;
        let section = |section: Section<'_>| {
            within(section.len(), limit, Limit::Json, "bytes of JSON")?;
            let mut bytes = Vec::new();
            let mut section = section;
            section.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        let bytes = match self.open_blob(name, 0) {
            Err(error) if error.kind() == ErrorKind::Missing => return Ok(None),
            Err(error) => Err(error),
            Ok(Blob::Section(found)) => section(found),
            Ok(Blob::Owned(file)) => section(Section::new(&*file, 0, file.size())),
            Ok(Blob::Document(bytes)) => Ok(bytes.to_vec()),
            Ok(Blob::Facts(_)) => Err(Error::corrupt("no JSON but a layer")),
        };
        bytes.map(Some).map_err(|error| error.in_blob(&shown(name)))
    }

    /// A document with what makes it ambiguous.
    pub(crate) fn json(&self, name: &[u8], issues: &mut Vec<Issue>) -> Result<Option<(Vec<u8>, Json)>, Error> {
        let Some(bytes) = self.document(name)? else { return Ok(None) };
        let json = Json::parse(&bytes, self.budget.limits.json).map_err(|error| error.in_blob(&shown(name)))?;
        for key in json.ambiguous_keys() {
            issues.push(Issue {
                kind: IssueKind::AmbiguousKey,
                layer: None,
                subject: shown(name),
                message: format!(
                    "the key `{}` stands more than once: other readers take another value",
                    shown(key.as_bytes())
                ),
            });
        }
        Ok(Some((bytes, json)))
    }

    /// Whether there is a blob of this name.
    pub(crate) fn has(&self, name: &[u8]) -> bool {
        self.open_blob(name, 0).is_ok()
    }

    fn size_of(&self, name: &[u8]) -> Option<u64> {
        match self.open_blob(name, 0).ok()? {
            Blob::Section(section) => Some(section.len()),
            Blob::Owned(file) => Some(file.size()),
            Blob::Document(bytes) => Some(bytes.len() as u64),
            Blob::Facts(facts) => Some(facts.stored_size),
        }
    }

    pub(crate) fn open_blob(&self, name: &[u8], links: u32) -> Result<Blob<'_>, Error> {
        const MOST_LINKS: u32 = 8;
        let missing = || Error::new(ErrorKind::Missing, "not in the archive").in_blob(&shown(name));
        let follow = |target: &[u8]| {
            if links >= MOST_LINKS {
                return Err(Error::corrupt("links that lead nowhere").in_blob(&shown(name)));
            }
            self.open_blob(&link_target(name, target), links + 1)
        };
        match &self.store {
            Blobs::Flat(source) => Ok(Blob::Section(Section::new(*source, 0, source.size()))),
            Blobs::Members { source, members } => match members.get(name).ok_or_else(missing)? {
                Stored::File { offset, size } => Ok(Blob::Section(Section::new(*source, *offset, *size))),
                Stored::Link(target) => follow(target),
            },
            Blobs::Streamed(members) => match members.get(name).ok_or_else(missing)? {
                Kept::Document(bytes) => Ok(Blob::Document(bytes)),
                Kept::Layer(Ok(facts)) => Ok(Blob::Facts(Arc::clone(facts))),
                Kept::Layer(Err(error)) => Err(error.clone()),
                Kept::Link(target) => follow(target),
                Kept::Other(size) => {
                    Err(Error::corrupt(format!("neither JSON nor a layer, {size} bytes")).in_blob(&shown(name)))
                }
            },
            Blobs::Folder(folder) => {
                let path = std::str::from_utf8(name).map_err(|_| missing())?;
                let file = folder.open(path).map_err(|error| Error::from(error).in_blob(&shown(name)))?;
                file.map(Blob::Owned).ok_or_else(missing)
            }
        }
    }
}

/// A layer's blob, to be read with [`Archive::extract`].
#[derive(Debug, Clone)]
pub struct LayerBlob {
    pub(crate) name: Vec<u8>,
    /// Its size as it is stored, in bytes.
    pub size: u64,
    pub(crate) extraction: Extraction,
}

pub(crate) enum Blob<'a> {
    Section(Section<'a>),
    Owned(Box<dyn ReadAt>),
    Document(&'a [u8]),
    Facts(Arc<LayerFacts>),
}

struct Opened<'a> {
    store: Blobs<'a>,
    issues: Vec<Issue>,
    errors: Vec<Error>,
    /// The whole input, where it may turn out to be no archive of images.
    flat: Option<&'a dyn ReadAt>,
}

impl<'a> Opened<'a> {
    fn new(store: Blobs<'a>) -> Self {
        Self { store, issues: Vec::new(), errors: Vec::new(), flat: None }
    }
}

fn open_file<'a>(source: &'a dyn ReadAt, options: &Options, budget: &'a Budget) -> Result<Opened<'a>, Error> {
    let mut first = [0; 4];
    let whole = || Section::new(source, 0, source.size());
    let count = whole().take(4).read(&mut first)?;
    if coding(&first[..count]).is_some() {
        return open_stream(Box::new(whole()), options, budget);
    }
    /// What a header and most of its extensions fit into.
    const BUFFER: usize = 4096;
    /// An archive of images has few members that are not its own. This many are looked up in manifests, and after
    /// this many times sixteen none is expected any more.
    const MOST_FOREIGN: usize = 4096;
    let mut tar = Tar::new(whole(), BUFFER, budget.limits.header).skipping(Section::skip);
    let mut members = BTreeMap::new();
    let mut issues = Vec::new();
    let mut errors = Vec::new();
    let mut foreign = 0;
    let mut is_first = true;
    let mut starts_as_archive = false;
    loop {
        let member = match tar.next() {
            Ok(Some(member)) => member,
            Ok(None) => break,
            Err(error) if is_first => return Err(not_an_image(error)),
            Err(error) => {
                errors.push(error);
                break;
            }
        };
        is_first = false;
        let (name, _) = clean(&member.name);
        if name.is_empty() {
            continue;
        }
        if belongs_to_archive(&name) {
            starts_as_archive |= foreign == 0;
        } else {
            foreign += 1;
            if foreign > MOST_FOREIGN * 16 {
                break;
            }
            if foreign > MOST_FOREIGN {
                continue;
            }
        }
        let stored = match member.kind {
            MemberKind::File => Stored::File { offset: member.offset, size: member.stored },
            MemberKind::Symlink | MemberKind::HardLink => Stored::Link(linked(&member)),
            _ => continue,
        };
        if members.insert(name.clone(), stored).is_some() {
            issues.push(duplicate(&name));
        }
    }
    if is_archive(|name| members.contains_key(name)) {
        check_end(tar, &mut issues, &mut errors);
        let flat = (foreign > 0).then_some(source);
        return Ok(Opened { store: Blobs::Members { source, members }, issues, errors, flat });
    }
    if starts_as_archive {
        errors.push(no_manifest());
        return Err(errors.swap_remove(0));
    }
    // What is wrong with it comes up again when it is read as a layer.
    Ok(Opened::new(Blobs::Flat(source)))
}

fn open_stream<'a>(stream: Box<dyn Read + 'a>, options: &Options, budget: &'a Budget) -> Result<Opened<'a>, Error> {
    /// What is looked at to tell an archive of images from a root file system.
    const PEEK: usize = 64 << 10;
    let extraction = Extraction { verify: options.verify, secrets: options.secrets, ..Extraction::default() };
    let decoded = Decoded::new(Buffer::new(stream, PEEK), budget)?;
    let mut decoded = Buffer::new(decoded, PEEK);
    let first = first_name(decoded.fill(PEEK)?, budget)?;
    let mut members = BTreeMap::new();
    if first.is_none_or(|name| !belongs_to_archive(&name)) {
        let facts = extract(&mut decoded, extraction, budget).map(Arc::new);
        members.insert(WHOLE.to_vec(), Kept::Layer(facts));
        return Ok(Opened::new(Blobs::Streamed(members)));
    }
    let mut tar = Tar::new(decoded, PEEK, budget.limits.header);
    let (mut issues, mut errors) = (Vec::new(), Vec::new());
    // Documents are kept until the manifests that name them are known.
    let mut documents = 0;
    loop {
        let member = match tar.next() {
            Ok(Some(member)) => member,
            Ok(None) => break,
            Err(error) => {
                errors.push(error);
                break;
            }
        };
        budget.take_entries(1)?;
        let (name, _) = clean(&member.name);
        let kept = match member.kind {
            MemberKind::Symlink | MemberKind::HardLink => Kept::Link(linked(&member)),
            MemberKind::File => {
                let limit = budget.limits.json;
                let beginning = tar.fill_whole()?;
                let first = beginning.trim_ascii_start().first().copied();
                if matches!(first, Some(b'{' | b'[')) {
                    documents += member.stored;
                    if member.stored <= limit && documents <= limit.saturating_mul(8) {
                        match tar.content(member.stored) {
                            Ok(content) => Kept::Document(content),
                            Err(error) => {
                                errors.push(error);
                                break;
                            }
                        }
                    } else {
                        let message = format!("more than {limit} bytes of JSON");
                        Kept::Layer(Err(Error::new(ErrorKind::Limit(Limit::Json), message).in_blob(&shown(&name))))
                    }
                } else if coding(beginning).is_some() || is_tar(beginning, budget) {
                    let facts = extract(&mut MemberReader(&mut tar), extraction, budget);
                    Kept::Layer(facts.map(Arc::new).map_err(|error| error.in_blob(&shown(&name))))
                } else {
                    Kept::Other(member.stored)
                }
            }
            _ => continue,
        };
        if members.insert(name.clone(), kept).is_some() {
            issues.push(duplicate(&name));
        }
    }
    if !is_archive(|name| members.contains_key(name)) {
        errors.push(no_manifest());
        return Err(errors.swap_remove(0));
    }
    check_end(tar, &mut issues, &mut errors);
    Ok(Opened { store: Blobs::Streamed(members), issues, errors, flat: None })
}

/// Looks at what follows the last member, where all of them were read.
fn check_end<R: Read>(tar: Tar<R>, issues: &mut Vec<Issue>, errors: &mut Vec<Error>) {
    if !errors.is_empty() {
        return;
    }
    let position = tar.position();
    match tar.finish() {
        Ok((end, _)) if end.data_after => issues.push(trailing()),
        Ok((end, _)) if end.marked => {}
        Ok(_) => errors.push(no_end_mark(position)),
        Err(error) => errors.push(error),
    }
}

pub(crate) fn no_end_mark(position: u64) -> Error {
    Error::truncated("the archive has no end mark: it may be cut short").at(position)
}

/// The content of a tar's current member as a reader.
struct MemberReader<'a, R>(&'a mut Tar<R>);

impl<R: Read> Read for MemberReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.0.fill()?;
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        self.0.consume(count);
        Ok(count)
    }
}

/// The first name in an archive, of which only the beginning is at hand.
fn first_name(beginning: &[u8], budget: &Budget) -> Result<Option<Vec<u8>>, Error> {
    let mut tar = Tar::new(Cursor::new(beginning), 4096, budget.limits.header);
    let mut is_first = true;
    loop {
        match tar.next() {
            Ok(Some(member)) => {
                let (name, _) = clean(&member.name);
                if !name.is_empty() {
                    return Ok(Some(name));
                }
            }
            Err(error) if is_first && error.kind() != ErrorKind::Truncated => return Err(not_an_image(error)),
            Ok(None) | Err(_) => return Ok(None),
        }
        is_first = false;
    }
}

fn is_tar(beginning: &[u8], budget: &Budget) -> bool {
    !matches!(first_name(beginning, budget), Err(error) if error.kind() == ErrorKind::NotAnImage)
}

/// Whether these members are an archive of images.
fn is_archive(has: impl Fn(&[u8]) -> bool) -> bool {
    has(b"manifest.json") || has(b"index.json") || has(b"oci-layout")
}

/// Whether archives of images have members of this name.
fn belongs_to_archive(name: &[u8]) -> bool {
    let first = name.split(|&byte| byte == b'/').next().unwrap_or_default();
    let digits = first.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    matches!(first, b"manifest.json" | b"repositories" | b"index.json" | b"oci-layout" | b"version" | b"blobs")
        || first.starts_with(b"signature-")
        || (digits == 64 && (first.len() == 64 || first[64] == b'.'))
        || (first.starts_with(b"sha256:") && first.len() >= 71)
}

/// The target of a link as a name in the archive: of a hard link a name, of a symbolic one relative to its folder.
fn linked(member: &crate::tar::Member) -> Vec<u8> {
    match member.kind {
        MemberKind::HardLink => [b"/", member.link.as_slice()].concat(),
        _ => member.link.clone(),
    }
}

fn link_target(name: &[u8], target: &[u8]) -> Vec<u8> {
    if target.starts_with(b"/") {
        return clean(target).0;
    }
    let folder = name.iter().rposition(|&byte| byte == b'/').map_or(&name[..0], |slash| &name[..slash]);
    clean(&[folder, b"/", target].concat()).0
}

fn not_an_image(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Corrupt | ErrorKind::Truncated => {
            Error::new(ErrorKind::NotAnImage, "no image: neither a tar archive nor one that is compressed")
        }
        _ => error,
    }
}

fn no_manifest() -> Error {
    Error::truncated("an archive of images without manifest.json and index.json: it may be cut short")
}

fn duplicate(name: &[u8]) -> Issue {
    Issue {
        kind: IssueKind::DuplicateMember,
        layer: None,
        subject: shown(name),
        message: "the archive has several members of this name: other readers take another one".to_owned(),
    }
}

fn trailing() -> Issue {
    Issue {
        kind: IssueKind::TrailingData,
        layer: None,
        subject: String::new(),
        message: "bytes follow the archive's end, which other readers may take for members".to_owned(),
    }
}

/// Compares a document with the digest and size that refer to it.
pub(crate) fn verify_document(bytes: &[u8], digest: Digest, name: &str, issues: &mut Vec<Issue>) {
    let found = digest.same_algorithm(bytes);
    if found != digest {
        issues.push(mismatch(name, digest, found, None));
    }
}

pub(crate) fn mismatch(name: &str, expected: Digest, found: Digest, layer: Option<usize>) -> Issue {
    Issue {
        kind: IssueKind::DigestMismatch,
        layer,
        subject: name.to_owned(),
        message: format!("the content hashes to {found}, not to {expected}"),
    }
}

/// The form that an input has by its store and documents.
pub(crate) fn form_of_flat(facts: Option<&LayerFacts>) -> Form {
    // Only layers have whiteouts, and a root file system has at least one of these.
    let Some(facts) = facts else { return Form::Layer };
    if facts.has_whiteouts() || !facts.looks_like_root() { Form::Layer } else { Form::RootFs }
}
