use crate::archive::{Archive, form_of_flat, mismatch, no_end_mark};
use crate::extract::trailing;
use crate::image::{Image, Layer, LayerStatus};
use crate::layer::{LayerFacts, RecordKind};
use crate::manifest::{Plan, PlannedLayer};
use crate::paths::shown;
use crate::rootfs::RootFs;
use crate::{Error, Form, Issue, IssueKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The facts of an archive's layers, by their blobs.
#[derive(Debug, Clone, Default)]
pub struct LayerSet(BTreeMap<Vec<u8>, Option<Arc<LayerFacts>>>);

impl LayerSet {
    /// Adds what came of reading a layer; `None` stands for one that could not be read.
    pub fn insert(&mut self, blob: &crate::LayerBlob, facts: Option<Arc<LayerFacts>>) {
        self.0.insert(blob.name.clone(), facts);
    }
}

impl Archive<'_> {
    /// Puts an image together. Layers that are not in `layers`, or could not be read, leave it incomplete.
    ///
    /// The second value says what is wrong with the layers as archives: only a bare one, which no digest vouches for,
    /// can be cut short without being noticed otherwise.
    pub fn resolve(&self, plan: &Plan, layers: &LayerSet) -> (Image, Vec<Error>) {
        let mut issues = plan.issues.clone();
        let mut errors = Vec::new();
        let facts: Vec<Option<Arc<LayerFacts>>> = plan
            .layers
            .iter()
            .map(|layer| layer.blob.as_ref().and_then(|blob| layers.0.get(blob)).cloned().flatten())
            .collect();
        let is_flat = plan.form == Form::Layer;
        for (number, (layer, facts)) in plan.layers.iter().zip(&facts).enumerate() {
            let Some(facts) = facts else { continue };
            if let Some(error) = &facts.stopped {
                let name = layer.blob.as_deref().map(shown).unwrap_or_default();
                errors.push(error.clone().in_blob(&name));
            }
            if self.options.verify && facts.stopped.is_none() {
                verify(number, layer, facts, &mut issues);
            }
            let of_storage = facts.has_stored_trailing.then(trailing);
            issues.extend(
                facts.issues.iter().cloned().chain(of_storage).map(|issue| Issue { layer: Some(number), ..issue }),
            );
            if is_flat && !facts.is_marked_end && facts.stopped.is_none() {
                errors.push(no_end_mark(facts.size));
            }
        }
        let (fs, found) = RootFs::new(facts.clone());
        issues.extend(found);
        issues.sort();
        issues.dedup();
        let mut start = 0;
        let layers: Vec<Layer> = plan
            .layers
            .iter()
            .zip(facts)
            .enumerate()
            .map(|(number, (layer, facts))| {
                let count = facts.as_ref().map_or(0, |facts| facts.records.len() as u32);
                let (size, waste) = sizes(&fs, facts.as_deref(), start);
                start += count;
                Layer {
                    diff_id: layer.diff_id.or_else(|| facts.as_ref().and_then(|facts| facts.diff_id)),
                    digest: layer.digest,
                    media_type: layer.media_type.clone(),
                    status: match (&layer.blob, &facts) {
                        (None, _) => LayerStatus::Absent,
                        (_, Some(facts)) if facts.stopped.is_some() => LayerStatus::Unreadable,
                        (_, None) => LayerStatus::Unreadable,
                        _ => LayerStatus::Read,
                    },
                    size,
                    stored_size: facts.as_ref().map_or(layer.size.unwrap_or(0), |facts| facts.stored_size),
                    waste,
                    entries: count as usize,
                    history: plan.history.iter().position(|step| step.layer == Some(number)),
                    facts,
                }
            })
            .collect();
        let form =
            if is_flat { form_of_flat(layers.first().and_then(|layer| layer.facts.as_deref())) } else { plan.form };
        let name = plan.names.first().cloned();
        let image = Image {
            name: name.or_else(|| plan.id.map(|id| id.to_string())).unwrap_or_default(),
            names: plan.names.clone(),
            form,
            platform: plan.platform.clone(),
            manifest: plan.manifest,
            id: plan.id,
            config: plan.config.clone(),
            history: plan.history.clone(),
            layers,
            annotations: plan.annotations.clone(),
            provenance: plan.provenance.clone(),
            issues,
            fs,
        };
        (image, errors)
    }
}

fn verify(number: usize, layer: &PlannedLayer, facts: &LayerFacts, issues: &mut Vec<Issue>) {
    let name = layer.blob.as_deref().map(shown).unwrap_or_default();
    for (expected, found) in [(layer.diff_id, facts.diff_id), (layer.digest, facts.digest)] {
        // A stream's layers are hashed before it is known by which algorithm they should be.
        if let (Some(expected), Some(found)) = (expected, found)
            && expected != found
            && expected.algorithm() == found.algorithm()
        {
            issues.push(mismatch(&name, expected, found, Some(number)));
        }
    }
    if let Some(size) = layer.size.filter(|&size| size != facts.stored_size) {
        issues.push(Issue {
            kind: IssueKind::DigestMismatch,
            layer: Some(number),
            subject: name,
            message: format!("{} bytes, where {size} are announced", facts.stored_size),
        });
    }
}

/// The bytes of a layer's files, and those of them that are lost.
fn sizes(fs: &RootFs, facts: Option<&LayerFacts>, start: u32) -> (u64, u64) {
    let records = facts.into_iter().flat_map(|facts| &facts.records).zip(start..);
    records.filter(|(record, _)| record.kind == RecordKind::File).fold(
        (0_u64, 0_u64),
        |(size, waste), (record, version)| {
            let lost = if fs.is_used(version) { 0 } else { record.size };
            (size.saturating_add(record.size), waste.saturating_add(lost))
        },
    )
}
