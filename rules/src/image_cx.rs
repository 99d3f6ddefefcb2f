use crate::history::{History, Origin};
use crate::image_accounts::{Accounts, RunsAs};
use crate::options::Options;
use plimsoll_base::Span;
use plimsoll_engine::{Change, Date, FileState, Finding, ImagePlace, RuleMeta};
use plimsoll_image::{Config, Entry, Image, Kind, State};
use std::cell::OnceCell;
use std::collections::HashMap;

/// What a check of an image is given.
pub(crate) struct ImageCx<'c> {
    /// The image.
    pub(crate) image: &'c Image,
    /// What several rules want to know of it, worked out once.
    pub(crate) facts: &'c ImageFacts<'c>,
    /// The user's options.
    pub(crate) options: &'c Options,
    /// The day by which dates are judged.
    pub(crate) today: Option<Date>,
    pub(crate) rule: &'static RuleMeta,
    pub(crate) findings: Vec<Finding>,
}

/// What several rules want to know of an image.
pub(crate) struct ImageFacts<'c> {
    /// History and configuration as one text.
    pub(crate) history: &'c History,
    /// That text with secrets masked: the same offsets.
    pub(crate) masked: &'c str,
    /// The secrets that were found in it by their form.
    pub(crate) matches: &'c [plimsoll_secrets::Match],
    /// Users and groups.
    pub(crate) accounts: Accounts<'c>,
    /// Further names in the final root file system, by layer and path of what has their content.
    pub(crate) names: OnceCell<HashMap<(usize, String), Entry<'c>>>,
}

impl<'c> ImageCx<'c> {
    /// Reports a finding; what is returned takes another severity and fewer aliases.
    pub(crate) fn report(&mut self, place: ImagePlace, message: impl Into<String>) -> &mut Finding {
        let mut finding = Finding::new(self.rule, Span::empty(0), message);
        finding.image = Some(Box::new(place));
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// The configuration. A bare layer or root file system has none, and checks of it do not apply.
    pub(crate) fn config(&self) -> Option<&'c Config> {
        self.image.config.as_ref()
    }

    /// Who the process runs as; `None` where there is no configuration.
    pub(crate) fn runs_as(&self) -> Option<RunsAs<'c>> {
        Some(self.facts.accounts.runs_as(self.config()?.user.as_deref()))
    }

    /// The image as a whole.
    pub(crate) fn whole(&self) -> ImagePlace {
        whole(self.image)
    }

    /// A value of the configuration, by its JSON pointer, and the last step whose instruction has one of these
    /// keywords: what set it.
    pub(crate) fn at_config(&self, pointer: &str, keywords: &[plimsoll_dockerfile::Keyword]) -> ImagePlace {
        let step = self.facts.history.steps.iter().rposition(|step| keywords.contains(&step.keyword));
        let place = step.map_or_else(|| self.whole(), |step| self.facts.at_step(self.image, step));
        ImagePlace { config: Some(pointer.to_owned()), ..place }
    }

    /// A layer as a whole.
    pub(crate) fn at_layer(&self, layer: usize) -> ImagePlace {
        self.facts.at_layer(self.image, layer)
    }

    /// A file: where its own name is gone and another hard link to its content is there, that one.
    pub(crate) fn at_entry(&self, entry: Entry<'_>) -> ImagePlace {
        if entry.kind() == Kind::File
            && entry.state() != State::Present
            && let Some(other) = self.names().get(&(entry.layer(), entry.path()))
        {
            return self.at_entry(*other);
        }
        let state = entry.state();
        let change = |by: usize| Change { layer: by as u32, created_by: self.facts.created_by(self.image, by) };
        let (state, deleted_by, replaced_by) = match state {
            State::Present => (FileState::Present, None, None),
            State::Deleted { by } => (FileState::Deleted, Some(change(by)), None),
            State::Replaced { by } => (FileState::Replaced, None, Some(change(by))),
        };
        ImagePlace {
            file: Some(entry.path()),
            state: Some(state),
            deleted_by,
            replaced_by,
            ..self.at_layer(entry.layer())
        }
    }
}

impl<'c> ImageCx<'c> {
    /// The hard links of the final root file system, by what has their content.
    fn names(&self) -> &HashMap<(usize, String), Entry<'c>> {
        self.facts.names.get_or_init(|| {
            let links = self.image.present().filter(|entry| entry.kind() == Kind::HardLink);
            links.map(|link| ((link.content().layer(), link.content().path()), link)).collect()
        })
    }
}

impl ImageFacts<'_> {
    /// A step of the history.
    pub(crate) fn at_step(&self, image: &Image, step: usize) -> ImagePlace {
        let layer = image.history.get(step).and_then(|record| record.layer);
        let place = layer.map_or_else(|| whole(image), |layer| self.at_layer(image, layer));
        ImagePlace { history: Some(step as u32), created_by: self.step_text(step), ..place }
    }

    /// A layer as a whole.
    pub(crate) fn at_layer(&self, image: &Image, layer: usize) -> ImagePlace {
        let of = image.layers.get(layer);
        ImagePlace {
            layer: Some(layer as u32),
            diff_id: of.and_then(|of| of.diff_id).map(|id| id.to_string()),
            history: of.and_then(|of| of.history).map(|step| step as u32),
            created_by: self.created_by(image, layer),
            ..whole(image)
        }
    }

    /// The place of a line of [`ImageFacts::history`].
    pub(crate) fn at_origin(&self, image: &Image, origin: &Origin) -> ImagePlace {
        match origin {
            Origin::Step(step) => self.at_step(image, *step),
            Origin::Config(pointer) => ImagePlace { config: Some(pointer.clone()), ..whole(image) },
            Origin::Repeated => whole(image),
            Origin::Attestation => {
                ImagePlace { created_by: Some("the builder's attestation".to_owned()), ..whole(image) }
            }
        }
    }

    /// The instruction that made a layer, secrets masked; where there were several, the first of them and their number.
    pub(crate) fn created_by(&self, image: &Image, layer: usize) -> Option<String> {
        let step = image.layers.get(layer)?.history?;
        let Some((first, more)) = self.history.steps.get(step)?.bundle else { return self.step_text(step) };
        let text = self.step_text(first)?;
        Some(match more {
            0 => text,
            1 => format!("{text} and 1 more instruction"),
            _ => format!("{text} and {more} more instructions"),
        })
    }

    /// A step's instruction, secrets masked.
    fn step_text(&self, step: usize) -> Option<String> {
        let text = self.history.steps.get(step)?.span.text(self.masked);
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// An image as a whole.
fn whole(image: &Image) -> ImagePlace {
    ImagePlace {
        name: image.name.clone(),
        platform: image.platform.as_ref().map(ToString::to_string).unwrap_or_default(),
        ..ImagePlace::default()
    }
}
