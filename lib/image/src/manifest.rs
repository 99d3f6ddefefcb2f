//! From index.json and manifest.json to the images of an archive, without reading layers.

use crate::archive::{Archive, verify_document};
use crate::attestation::{self, Provenance};
use crate::json::Json;
use crate::limits::within;
use crate::paths::{clean, shown};
use crate::{Config, Digest, Error, ErrorKind, Form, History, Issue, IssueKind, Limit, Platform};
use std::collections::{BTreeMap, BTreeSet};

/// An image that is yet to be read.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every name that the archive gives it.
    pub names: Vec<String>,
    /// In which form it was saved.
    pub form: Form,
    /// What it runs on.
    pub platform: Option<Platform>,
    /// The digest of its manifest.
    pub manifest: Option<Digest>,
    /// The digest of its configuration.
    pub id: Option<Digest>,
    pub(crate) config: Option<Config>,
    pub(crate) history: Vec<History>,
    pub(crate) layers: Vec<PlannedLayer>,
    pub(crate) annotations: Vec<(String, String)>,
    pub(crate) provenance: Vec<Provenance>,
    pub(crate) issues: Vec<Issue>,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedLayer {
    /// The name of its blob; absent where the archive does not have it.
    pub(crate) blob: Option<Vec<u8>>,
    pub(crate) digest: Option<Digest>,
    pub(crate) size: Option<u64>,
    pub(crate) diff_id: Option<Digest>,
    pub(crate) media_type: Option<String>,
}

impl Plan {
    /// The whole input is one layer.
    pub(crate) fn flat(blob: &[u8]) -> Self {
        let layer =
            PlannedLayer { blob: Some(blob.to_vec()), digest: None, size: None, diff_id: None, media_type: None };
        Self { layers: vec![layer], ..Self::empty(Form::Layer) }
    }

    fn empty(form: Form) -> Self {
        Self {
            names: Vec::new(),
            form,
            platform: None,
            manifest: None,
            id: None,
            config: None,
            history: Vec::new(),
            layers: Vec::new(),
            annotations: Vec::new(),
            provenance: Vec::new(),
            issues: Vec::new(),
        }
    }
}

/// The images of an archive, and what is wrong with it.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) plans: Vec<Plan>,
    pub(crate) issues: Vec<Issue>,
    pub(crate) errors: Vec<Error>,
}

/// Finds the images of an archive or folder.
pub(crate) fn find(archive: &Archive<'_>) -> Found {
    let mut finder = Finder { archive, found: Found::default(), seen: BTreeSet::new(), attestations: Vec::new() };
    finder.index_json();
    let indexed = finder.found.plans.len();
    finder.manifest_json(indexed);
    finder.attach_attestations();
    finder.found
}

struct Finder<'a> {
    archive: &'a Archive<'a>,
    found: Found,
    /// Manifests and indexes that were read: an image that two indexes name is one image.
    seen: BTreeSet<Digest>,
    /// What was attested of which manifest.
    attestations: Vec<(Option<Digest>, Provenance)>,
}

/// What refers to a manifest, an index or a configuration.
#[derive(Debug, Clone, Default)]
struct Descriptor {
    digest: Option<Digest>,
    media_type: String,
    size: Option<u64>,
    platform: Option<Platform>,
    annotations: BTreeMap<String, String>,
}

impl Descriptor {
    fn read(json: &Json) -> Result<Self, Error> {
        let text = json.get("digest").text().unwrap_or_default();
        let digest =
            Digest::parse(text).ok_or_else(|| Error::corrupt(format!("`{}` is no digest", shown(text.as_bytes()))))?;
        Ok(Self {
            digest: Some(digest),
            media_type: json.get("mediaType").string().unwrap_or_default(),
            size: json.get("size").number(),
            platform: Platform::read(json.get("platform")),
            annotations: annotations(json),
        })
    }

    fn blob(&self) -> Vec<u8> {
        self.digest.map_or_else(Vec::new, blob_name)
    }

    fn is_attestation(&self) -> bool {
        self.annotations.get("vnd.docker.reference.type").is_some_and(|kind| kind == "attestation-manifest")
    }

    fn name(&self) -> Option<&String> {
        ["io.containerd.image.name", "org.opencontainers.image.ref.name"]
            .iter()
            .find_map(|key| self.annotations.get(*key))
    }
}

fn annotations(json: &Json) -> BTreeMap<String, String> {
    let members = json.get("annotations").members();
    members.filter_map(|(key, value)| Some((key.to_owned(), value.string()?))).collect()
}

fn blob_name(digest: Digest) -> Vec<u8> {
    format!("blobs/{}/{}", digest.algorithm(), digest.hex()).into_bytes()
}

impl Finder<'_> {
    fn trouble<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.found.errors.push(error)).ok()
    }

    fn document(&mut self, name: &[u8]) -> Option<(Vec<u8>, Json)> {
        let result = self.archive.json(name, &mut self.found.issues);
        self.trouble(result).flatten()
    }

    fn index_json(&mut self) {
        if let Some((_, index)) = self.document(b"index.json") {
            self.index(&index, &Descriptor::default(), 1);
        }
    }

    /// Reads the manifests that an index names. Their names may stand at the index itself.
    fn index(&mut self, index: &Json, of: &Descriptor, depth: u64) {
        let depth_fits = within(depth, self.archive.budget.limits.depth, Limit::Depth, "indexes inside each other");
        if self.trouble(depth_fits).is_none() {
            return;
        }
        for manifest in index.get("manifests").array() {
            let Some(mut descriptor) = self.trouble(Descriptor::read(manifest)) else { continue };
            for (key, value) in &of.annotations {
                descriptor.annotations.entry(key.clone()).or_insert_with(|| value.clone());
            }
            self.descriptor(&descriptor, depth);
        }
    }

    fn descriptor(&mut self, descriptor: &Descriptor, depth: u64) {
        let blob = descriptor.blob();
        let wanted = match (&self.archive.options.platform, &descriptor.platform) {
            (Some(wanted), Some(platform)) if !descriptor.is_attestation() => platform.meets(wanted),
            _ => true,
        };
        if !wanted {
            return;
        }
        if let Some(digest) = descriptor.digest
            && !self.seen.insert(digest)
        {
            // A further name for what is known.
            let plans = self.found.plans.iter_mut().filter(|plan| plan.manifest == descriptor.digest);
            for plan in plans {
                plan.names.extend(descriptor.name().filter(|name| !plan.names.contains(name)).cloned());
            }
            return;
        }
        if !self.archive.has(&blob) {
            // Engines save the platforms that they have, under the index of all.
            match &descriptor.platform {
                Some(platform) if depth > 1 || descriptor.is_attestation() => self.found.issues.push(Issue {
                    kind: IssueKind::AbsentPlatform,
                    layer: None,
                    subject: shown(&blob),
                    message: format!("the index names an image for {platform} that is not in the archive"),
                }),
                _ => self.found.errors.push(
                    Error::new(ErrorKind::Missing, "named by the index and not in the archive").in_blob(&shown(&blob)),
                ),
            }
            return;
        }
        let Some((bytes, json)) = self.document(&blob) else { return };
        if self.archive.options.verify {
            self.verify(&bytes, descriptor);
        }
        let (is_index, is_manifest) = (!json.get("manifests").is_null(), !json.get("layers").is_null());
        if is_index && is_manifest {
            self.found.issues.push(Issue {
                kind: IssueKind::TwoReadings,
                layer: None,
                subject: shown(&blob),
                message: "a manifest and an index at once: other readers see other images".to_owned(),
            });
        }
        if is_index {
            self.index(&json, descriptor, depth + 1);
        }
        if is_manifest {
            self.manifest(&json, descriptor, Form::OciLayout);
        }
        if !is_index && !is_manifest {
            let error = Error::new(ErrorKind::Unsupported, "neither a manifest nor an index of a known form");
            self.found.errors.push(error.in_blob(&shown(&blob)));
        }
    }

    fn verify(&mut self, bytes: &[u8], descriptor: &Descriptor) {
        let Some(digest) = descriptor.digest else { return };
        let name = shown(&descriptor.blob());
        verify_document(bytes, digest, &name, &mut self.found.issues);
        if let Some(size) = descriptor.size.filter(|&size| size != bytes.len() as u64) {
            self.found.issues.push(Issue {
                kind: IssueKind::DigestMismatch,
                layer: None,
                subject: name,
                message: format!("{} bytes, where {size} are announced", bytes.len()),
            });
        }
    }

    /// Reads an image's manifest of the OCI form, which docker's second form equals.
    fn manifest(&mut self, json: &Json, of: &Descriptor, form: Form) {
        let layers: Vec<Descriptor> =
            json.get("layers").array().iter().filter_map(|layer| self.trouble(Descriptor::read(layer))).collect();
        let is_statement = |layer: &Descriptor| layer.media_type.contains("in-toto");
        if of.is_attestation() || (!layers.is_empty() && layers.iter().all(is_statement)) {
            let subject = of.annotations.get("vnd.docker.reference.digest").and_then(|digest| Digest::parse(digest));
            for layer in &layers {
                self.attestation(layer, subject);
            }
            return;
        }
        let Some(config) = self.trouble(Descriptor::read(json.get("config"))) else { return };
        // Signatures, bills of materials and other artifacts travel as manifests too.
        let is_image = matches!(config.media_type.as_str(), "" | "application/octet-stream")
            || config.media_type.contains("image.config")
            || config.media_type.contains("container.image");
        if !is_image || !json.get("artifactType").is_null() {
            return;
        }
        let name_of = |descriptor: &Descriptor| match (form, descriptor.digest) {
            (Form::Directory, Some(digest)) => digest.hex().into_bytes(),
            _ => descriptor.blob(),
        };
        let mut plan = Plan {
            names: of.name().into_iter().cloned().collect(),
            platform: of.platform.clone(),
            manifest: of.digest,
            id: config.digest,
            annotations: annotations(json).into_iter().collect(),
            ..Plan::empty(form)
        };
        plan.layers = layers
            .into_iter()
            .map(|layer| PlannedLayer {
                blob: Some(name_of(&layer)),
                digest: layer.digest,
                size: layer.size,
                diff_id: None,
                media_type: Some(layer.media_type).filter(|kind| !kind.is_empty()),
            })
            .collect();
        let config_name = name_of(&config);
        self.finish(plan, &config_name, Some(&config));
    }

    /// Reads the configuration of a plan and adds the plan, where its platform is wanted.
    fn finish(&mut self, mut plan: Plan, config_name: &[u8], config: Option<&Descriptor>) {
        let mut issues = Vec::new();
        let document = self.archive.json(config_name, &mut issues);
        match document {
            Ok(Some((bytes, json))) => {
                if self.archive.options.verify
                    && let Some(config) = config
                {
                    self.verify(&bytes, config);
                }
                match Config::read(&json) {
                    Ok(config) => {
                        // Some builders write the variant into the index only.
                        let platform = Platform::read_config(&config).map(|own| match plan.platform.take() {
                            Some(of) if own.variant.is_none() && of.meets(&own) => of,
                            _ => own,
                        });
                        plan.platform = platform.or(plan.platform);
                        plan.history = Config::history(&json, config.diff_ids.len());
                        plan.config = Some(config);
                    }
                    Err(error) => self.found.errors.push(error.in_blob(&shown(config_name))),
                }
                plan.id = Some(plan.id.unwrap_or_else(|| Digest::sha256(&bytes)));
            }
            Ok(None) => {
                let error = Error::new(ErrorKind::Missing, "the configuration is not in the archive");
                self.found.errors.push(error.in_blob(&shown(config_name)));
            }
            Err(error) => self.found.errors.push(error),
        }
        plan.issues.append(&mut issues);
        if let (Some(wanted), Some(platform)) = (&self.archive.options.platform, &plan.platform)
            && !platform.meets(wanted)
        {
            return;
        }
        Self::pair_diff_ids(&mut plan);
        self.find_absent(&mut plan);
        self.found.plans.push(plan);
    }

    fn pair_diff_ids(plan: &mut Plan) {
        let Some(config) = &plan.config else { return };
        if config.diff_ids.len() == plan.layers.len() {
            for (layer, id) in plan.layers.iter_mut().zip(&config.diff_ids) {
                layer.diff_id = Some(*id);
            }
        } else {
            plan.issues.push(Issue {
                kind: IssueKind::DigestMismatch,
                layer: None,
                subject: String::new(),
                message: format!(
                    "{} layers, where the configuration has {}: none is verified by it",
                    plan.layers.len(),
                    config.diff_ids.len()
                ),
            });
            plan.history.iter_mut().for_each(|step| step.layer = None);
        }
        if !plan.history.is_empty() && !plan.layers.is_empty() && plan.history.iter().all(|step| step.layer.is_none()) {
            plan.issues.push(Issue {
                kind: IssueKind::HistoryMismatch,
                layer: None,
                subject: String::new(),
                message: "history and layers do not fit together: it is not known which instruction made which layer"
                    .to_owned(),
            });
        }
    }

    /// Layers that lie elsewhere by design are issues; other missing ones are errors when they are to be read.
    fn find_absent(&self, plan: &mut Plan) {
        for (number, layer) in plan.layers.iter_mut().enumerate() {
            let lies_elsewhere = layer
                .media_type
                .as_ref()
                .is_some_and(|kind| kind.contains("foreign") || kind.contains("nondistributable"));
            if lies_elsewhere && layer.blob.as_ref().is_some_and(|blob| !self.archive.has(blob)) {
                let subject = layer.blob.take().map(|blob| shown(&blob)).unwrap_or_default();
                plan.issues.push(Issue {
                    kind: IssueKind::AbsentLayer,
                    layer: Some(number),
                    subject,
                    message: "a foreign layer, which is not in the archive: its content is not known".to_owned(),
                });
            }
        }
    }

    /// Reads manifest.json: a list of images in `docker save`, one manifest in the layout of `dir:`.
    fn manifest_json(&mut self, indexed: usize) {
        let Some((bytes, json)) = self.document(b"manifest.json") else { return };
        if let Json::Object(_) = json {
            if !json.get("manifests").is_null() {
                // `skopeo copy --all` writes an index there, and manifests beside it.
                self.directory_index(&json);
            } else if !json.get("layers").is_null() {
                let of = Descriptor { digest: Some(Digest::sha256(&bytes)), ..Descriptor::default() };
                self.manifest(&json, &of, Form::Directory);
            }
            return;
        }
        // One image under many names may stand there many times; it is one image.
        let mut known: BTreeMap<(&str, Vec<String>), usize> = BTreeMap::new();
        for image in json.array() {
            let key = (image.get("Config").text().unwrap_or_default(), image.get("Layers").texts());
            if let Some(plan) = known.get(&key).and_then(|&at| self.found.plans.get_mut(at)) {
                plan.names.extend(image.get("RepoTags").texts());
                continue;
            }
            let at = self.found.plans.len();
            self.docker_image(image, indexed);
            if self.found.plans.len() > at {
                known.insert(key, at);
            }
        }
    }

    fn directory_index(&mut self, index: &Json) {
        for manifest in index.get("manifests").array() {
            let Some(descriptor) = self.trouble(Descriptor::read(manifest)) else { continue };
            let Some(digest) = descriptor.digest else { continue };
            let name = format!("{}.manifest.json", digest.hex()).into_bytes();
            if let Some((bytes, json)) = self.document(&name) {
                if self.archive.options.verify {
                    verify_document(&bytes, digest, &shown(&name), &mut self.found.issues);
                }
                self.manifest(&json, &descriptor, Form::Directory);
            }
        }
    }

    fn docker_image(&mut self, image: &Json, indexed: usize) {
        let names = image.get("RepoTags").texts();
        let Some(config_name) = image.get("Config").text().map(|name| clean(name.as_bytes()).0) else {
            self.found.errors.push(Error::corrupt("manifest.json names no configuration").in_blob("manifest.json"));
            return;
        };
        let config =
            digest_in_name(&config_name).map(|digest| Descriptor { digest: Some(digest), ..Descriptor::default() });
        // Since version 25 the same image stands in index.json as well, with more about its layers.
        let id = config.as_ref().and_then(|config| config.digest);
        let same = |plan: &&mut Plan| id.is_some() && plan.id == id;
        let layers: Vec<PlannedLayer> = image
            .get("Layers")
            .texts()
            .iter()
            // Some builders write an empty name for a layer that is not there.
            .filter(|name| !name.is_empty())
            .map(|name| {
                let blob = clean(name.as_bytes()).0;
                let digest = digest_in_name(&blob).filter(|_| blob.starts_with(b"blobs/"));
                PlannedLayer { blob: Some(blob), digest, size: None, diff_id: None, media_type: None }
            })
            .collect();
        if let Some(plan) = self.found.plans.iter_mut().take(indexed).find(same) {
            // Both must mean the same bytes.
            let blobs = |layers: &[PlannedLayer]| layers.iter().map(|layer| layer.blob.clone()).collect::<Vec<_>>();
            let differ = blobs(&plan.layers) != blobs(&layers);
            plan.form = Form::DockerArchive;
            let new = names.into_iter().filter(|name| !plan.names.contains(name)).collect::<Vec<_>>();
            plan.names.splice(0..0, new);
            if !differ {
                return;
            }
        }
        if indexed > 0 {
            self.found.issues.push(Issue {
                kind: IssueKind::TwoReadings,
                layer: None,
                subject: "manifest.json".to_owned(),
                message:
                    "manifest.json and index.json name different images: which one is loaded depends on the engine"
                        .to_owned(),
            });
        }
        let plan = Plan { names: image.get("RepoTags").texts(), layers, id, ..Plan::empty(Form::DockerArchive) };
        self.finish(plan, &config_name, config.as_ref());
    }

    fn attestation(&mut self, layer: &Descriptor, subject: Option<Digest>) {
        let is_provenance =
            layer.annotations.get("in-toto.io/predicate-type").is_none_or(|kind| kind.contains("provenance"));
        if !is_provenance {
            return;
        }
        if let Some((bytes, json)) = self.document(&layer.blob()) {
            if self.archive.options.verify {
                self.verify(&bytes, layer);
            }
            self.attestations.extend(attestation::provenance(&json).map(|provenance| (subject, provenance)));
        }
    }

    fn attach_attestations(&mut self) {
        for (subject, provenance) in std::mem::take(&mut self.attestations) {
            for plan in &mut self.found.plans {
                if subject.is_none() || plan.manifest == subject {
                    plan.provenance.push(provenance.clone());
                }
            }
        }
    }
}

/// The SHA-256 that a blob's name claims: `blobs/sha256/HEX`, `HEX.json`, `HEX`.
fn digest_in_name(name: &[u8]) -> Option<Digest> {
    let name = std::str::from_utf8(name).ok()?;
    let last = name.rsplit('/').next()?;
    Digest::from_sha256_hex(last.split('.').next()?)
}
