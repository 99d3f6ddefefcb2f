//! The places at which an instruction takes files from a stage, an image or a named context: `COPY --from` and
//! `RUN --mount=from=`.

use super::base_images::is_known_official;
use plimsoll_base::ImageReference;
use plimsoll_dockerfile::{Dockerfile, Instruction, Kind, Word};
use std::collections::HashMap;

/// A name behind `from=`.
pub(crate) struct Source<'c> {
    /// The name as it stands.
    pub(crate) word: &'c Word<'c>,
    /// Whether `COPY` names it; otherwise a mount does. Only `COPY` knows stages by number.
    pub(crate) copy: bool,
}

impl Source<'_> {
    /// The name without quotes.
    pub(crate) fn name(&self) -> &str {
        self.word.unquoted()
    }
}

/// What a name means to the builder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// A stage, by its number: an earlier one, the same one, or (which builders refuse) a later one.
    Stage(usize),
    /// A number that is no stage's.
    NoStage,
    /// Something with a variable, which builders do not expand in `COPY --from`.
    Variable,
    /// An image, or a named context that the caller of the build brings.
    Outside,
}

/// The sources that an instruction names.
pub(crate) fn sources<'c>(instruction: &'c Instruction<'c>) -> Vec<Source<'c>> {
    match &instruction.kind {
        Kind::Copy(_) => instruction.flag_value("from").map(|word| Source { word, copy: true }).into_iter().collect(),
        Kind::Run(run) => run
            .mounts
            .iter()
            .filter(|mount| matches!(mount.kind(), "bind" | "cache"))
            .filter_map(|mount| mount.options.iter().find(|(key, _)| key.text == "from")?.1.as_ref())
            .map(|word| Source { word, copy: false })
            .collect(),
        _ => Vec::new(),
    }
}

/// The stages of a file by name, without case.
pub(crate) struct StageNames<'c> {
    names: HashMap<String, Vec<usize>>,
    file: &'c Dockerfile<'c>,
}

impl<'c> StageNames<'c> {
    pub(crate) fn new(file: &'c Dockerfile<'c>) -> Self {
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for stage in &file.stages {
            if let Some(name) = &stage.name {
                names.entry(name.text.to_ascii_lowercase()).or_default().push(stage.index);
            }
        }
        Self { names, file }
    }

    /// What a source of an instruction in the stage `from` means.
    pub(crate) fn resolve(&self, source: &Source<'_>, from: usize) -> Target {
        let name = source.name();
        if name.contains('$') {
            return Target::Variable;
        }
        if let Some(stages) = self.names.get(&name.to_ascii_lowercase()) {
            let before = stages.partition_point(|&stage| stage < from);
            let nearest = before.checked_sub(1).or(Some(before)).and_then(|at| stages.get(at));
            return nearest.map_or(Target::Outside, |&stage| Target::Stage(stage));
        }
        let digits = name.strip_prefix(['-', '+']).unwrap_or(name);
        if !source.copy || digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Target::Outside;
        }
        let number = name.parse().ok().filter(|&number: &usize| number < self.file.stages.len());
        number.map_or(Target::NoStage, Target::Stage)
    }

    /// The names of the stages before `stage`, in their order.
    pub(crate) fn before(&self, stage: usize) -> impl Iterator<Item = &'c str> + use<'c> {
        let file = self.file;
        file.stages.iter().take(stage).filter_map(|stage| stage.name.as_ref()).map(|name| &*name.text)
    }
}

/// Whether the name is an image's rather than a named context's: it has a tag, a digest, a registry or a path, or is
/// one of Docker's official images.
pub(crate) fn is_image(name: &str) -> bool {
    let known = |image: ImageReference<'_>| name.contains(['/', ':', '@']) || is_known_official(&image);
    name != "scratch" && ImageReference::parse(name).is_some_and(known)
}
