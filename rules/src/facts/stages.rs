use super::Facts;
use plimsoll_base::ImageReference;
use plimsoll_dockerfile::{Instruction, Keyword, Kind, Stage};
use std::borrow::Cow;
use std::collections::HashMap;

/// A build stage and what depends on it.
#[derive(Debug)]
pub(crate) struct StageFact<'c> {
    /// The stage.
    pub(crate) stage: &'c Stage<'c>,
    /// Its instructions, its `FROM` first.
    pub(crate) instructions: &'c [Instruction<'c>],
    /// What it is built from.
    pub(crate) base: Base<'c>,
    /// Whether it is the last stage, which the build gives by default.
    pub(crate) last: bool,
    /// The later stages that are built from it.
    pub(crate) children: Vec<usize>,
    /// The later stages that copy from it or mount it.
    pub(crate) copied_by: Vec<usize>,
    /// Whether the last stage needs it, directly or through others (it needs itself).
    pub(crate) needed: bool,
    /// Whether its layers are part of the last stage's image: it is the last, or one of those that it is built from.
    pub(crate) in_image: bool,
}

/// What a stage is built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base<'c> {
    /// Nothing.
    Scratch,
    /// An earlier stage, by its number.
    Stage(usize),
    /// An image: the reference with the defaults of global `ARG`s put in.
    Image(Cow<'c, str>),
    /// A reference that holds a variable of which the file does not tell the value.
    Unresolved,
}

impl<'c> StageFact<'c> {
    /// The stage's number.
    pub(crate) fn index(&self) -> usize {
        self.stage.index
    }

    /// The `FROM` instruction.
    pub(crate) fn from(&self) -> Option<&'c Instruction<'c>> {
        self.instructions.first()
    }

    /// The image reference that the stage is built from, where it is one and its form is sound.
    pub(crate) fn image(&self) -> Option<ImageReference<'_>> {
        match &self.base {
            Base::Image(text) => ImageReference::parse(text),
            _ => None,
        }
    }

    /// The stage's instructions of a keyword.
    pub(crate) fn of(&self, keyword: Keyword) -> impl DoubleEndedIterator<Item = &'c Instruction<'c>> + use<'c> {
        self.instructions.iter().filter(move |instruction| instruction.keyword_kind() == keyword)
    }
}

impl<'c> Facts<'c> {
    /// A stage and those that it is built from, the stage first. It ends after more stages than any file has in a row:
    /// else files of nothing but stages would take a time that grows with their square.
    pub(crate) fn lineage(&self, stage: usize) -> impl Iterator<Item = &StageFact<'c>> {
        const LONGEST: usize = 128;
        let stages = self.stages();
        std::iter::successors(stages.get(stage), move |fact| match fact.base {
            Base::Stage(parent) => stages.get(parent),
            _ => None,
        })
        .take(LONGEST)
    }

    /// What the outermost stage that `stage` is built from is built from itself.
    pub(crate) fn root_base(&self, stage: usize) -> Option<&Base<'c>> {
        self.lineage(stage).last().map(|fact| &fact.base)
    }
}

pub(super) fn find<'c>(facts: &Facts<'c>) -> Vec<StageFact<'c>> {
    let file = facts.file;
    // One map instead of a search for each name keeps files with many stages linear.
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<StageFact<'c>> = Vec::with_capacity(file.stages.len());
    for stage in &file.stages {
        let index = stage.index;
        let named = |name: &str| by_name.get(&name.to_ascii_lowercase()).copied();
        let numbered = |name: &str| named(name).or_else(|| name.parse().ok().filter(|&number| number < index));
        let instructions = file.stage_instructions(stage);
        let base = match facts.scopes().expand_global(&stage.base.text) {
            None => Base::Unresolved,
            Some(name) if name == "scratch" => Base::Scratch,
            Some(name) => named(&name).map_or(Base::Image(name), Base::Stage),
        };
        let mut sources = Vec::new();
        for instruction in instructions {
            let instruction = match &instruction.kind {
                Kind::OnBuild(Some(inner)) => inner,
                _ => instruction,
            };
            match &instruction.kind {
                Kind::Copy(_) | Kind::Add(_) => {
                    sources.extend(instruction.flag_value("from").and_then(|name| numbered(name.unquoted())));
                }
                Kind::Run(run) => {
                    let mounted = run.mounts.iter().filter_map(|mount| mount.option("from"));
                    sources.extend(mounted.filter_map(|name| numbered(name.unquoted())));
                }
                _ => {}
            }
        }
        for source in sources {
            if let Some(source) = found.get_mut(source)
                && source.copied_by.last() != Some(&index)
            {
                source.copied_by.push(index);
            }
        }
        if let Base::Stage(parent) = base
            && let Some(parent) = found.get_mut(parent)
        {
            parent.children.push(index);
        }
        found.push(StageFact {
            stage,
            instructions,
            base,
            last: index + 1 == file.stages.len(),
            children: Vec::new(),
            copied_by: Vec::new(),
            needed: false,
            in_image: index + 1 == file.stages.len(),
        });
        if let Some(name) = &stage.name {
            by_name.insert(name.text.to_ascii_lowercase(), index);
        }
    }
    // Stages depend on earlier ones only, so one pass from the last to the first settles what is needed.
    for index in (0..found.len()).rev() {
        let wanted = |dependents: &[usize], found: &[StageFact<'_>]| {
            dependents.iter().any(|&dependent| found.get(dependent).is_some_and(|fact| fact.needed))
        };
        let fact = &found[index];
        let needed = fact.last || wanted(&fact.children, &found) || wanted(&fact.copied_by, &found);
        found[index].needed = needed;
        if let Base::Stage(parent) = found[index].base
            && found[index].in_image
        {
            found[parent].in_image = true;
        }
    }
    found
}
