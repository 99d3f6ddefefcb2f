use crate::build;
use crate::build_rule::BuildRule;
use crate::facts::Facts;
use crate::history::History;
use crate::placement::Placement;
use crate::run::Context;
use crate::support::dockerignore::Ignore;
use plimsoll_base::Span;
use plimsoll_dockerfile::{Dockerfile, Instruction};
use plimsoll_engine::{Finding, ImagePlace, RuleMeta, Selection};
use plimsoll_image::Image;

/// The rules that a selection wants of images together with their Dockerfile.
#[derive(Debug, Default)]
pub struct BuildRunner {
    rules: Vec<&'static BuildRule>,
}

/// What the two together say.
#[derive(Debug, Default)]
pub struct BuildFound {
    /// Findings in the Dockerfile.
    pub findings: Vec<Finding>,
    /// Which instructions made the image.
    pub placement: Placement,
}

/// What a check is given.
pub(crate) struct BuildCx<'c> {
    /// The Dockerfile.
    pub(crate) file: &'c Dockerfile<'c>,
    /// The image that was built from it.
    pub(crate) image: &'c Image,
    /// Which instructions made it.
    pub(crate) placement: &'c Placement,
    /// What the build context left out.
    pub(crate) ignore: Option<&'c Ignore>,
    rule: &'static RuleMeta,
    findings: Vec<Finding>,
}

impl BuildRunner {
    /// Takes the rules of which the selection may want findings.
    pub fn new(selection: &Selection) -> Self {
        Self { rules: build::RULES.iter().filter(|rule| selection.is_active(&rule.meta)).copied().collect() }
    }

    /// Lays an image beside its Dockerfile and runs the rules.
    pub fn run(&self, file: &Dockerfile<'_>, image: &Image, context: &Context) -> BuildFound {
        let history = History::new(image);
        let facts = Facts::new(file);
        let placement = Placement::new(&facts, file, &history, image);
        let ignore = context.dockerignore.as_deref().map(Ignore::parse);
        let Some(first) = build::RULES.first() else { return BuildFound::default() };
        let mut cx = BuildCx {
            file,
            image,
            placement: &placement,
            ignore: ignore.as_ref(),
            rule: &first.meta,
            findings: Vec::new(),
        };
        for rule in &self.rules {
            cx.rule = &rule.meta;
            (rule.check)(&mut cx);
        }
        BuildFound { findings: cx.findings, placement }
    }
}

impl<'c> BuildCx<'c> {
    /// Reports a finding at a place in the Dockerfile.
    pub(crate) fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let mut finding = Finding::new(self.rule, span, message);
        let platform = self.image.platform.as_ref().map(ToString::to_string).unwrap_or_default();
        finding.image = Some(Box::new(ImagePlace { name: self.image.name.clone(), platform, ..ImagePlace::default() }));
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// The instruction that alone made a layer, and not the base image's `FROM`.
    pub(crate) fn instruction(&self, layer: usize) -> Option<&'c Instruction<'c>> {
        let step = self.image.layers.get(layer)?.history.filter(|step| !self.placement.is_bundle(*step))?;
        let instruction = self.file.instructions.get(self.placement.instruction(step)?)?;
        (instruction.keyword_kind() != plimsoll_dockerfile::Keyword::From).then_some(instruction)
    }
}
