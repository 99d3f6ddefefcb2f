use crate::facts::Facts;
use crate::history::{History, is_hash, without_flags};
use plimsoll_dockerfile::{Dockerfile, Instruction, Keyword, Kind, Word};
use plimsoll_image::Image;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Which instruction of a Dockerfile made each step of an image's history.
///
/// Builders write steps in several forms, with variables put in, hashes in place of names, and steps of the base image
/// before; so the two lists are laid beside each other in their order, such that most of their words are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// For each step the number of its instruction in the file.
    steps: Vec<Option<usize>>,
    /// The `FROM` whose image made the steps before the first that has an instruction.
    base: Option<usize>,
    /// How many instructions of the stage, and of those that it is built from, make layers.
    pub(crate) expected: usize,
    /// Those of them that made no step: their numbers in the file.
    pub(crate) missing: Vec<usize>,
    /// The `FROM` of the stage that the image was built to.
    pub(crate) target: Option<usize>,
    /// The steps whose layer holds what several instructions made.
    bundles: Vec<usize>,
    /// How much of the Dockerfile is in the history: to compare images with.
    likeness: u64,
}

/// More than these, of the last, are not compared: hostile files could have very many.
const MOST: usize = 600;
/// So many stages are looked at where the last one does not fit.
const MOST_STAGES: usize = 12;

impl Placement {
    /// Lays a history beside the stage that fits best: the last one, which builds end with, unless another fits better.
    pub(crate) fn new(facts: &Facts<'_>, file: &Dockerfile<'_>, history: &History, image: &Image) -> Self {
        let first = history.steps.len().saturating_sub(MOST);
        let steps: Vec<Words> = history.steps[first..]
            .iter()
            .map(|step| Words::of_step(step.keyword, step.span.text(&history.text)))
            .collect();
        let mut best: Option<(u64, Self)> = None;
        for stage in (0..facts.stages().len()).rev().take(MOST_STAGES) {
            let (score, mut found) = Self::of_stage(facts, file, stage, &steps);
            found.steps.splice(0..0, std::iter::repeat_n(None, first));
            let is_whole = found.missing.is_empty();
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, found));
            }
            if is_whole {
                break;
            }
        }
        let (likeness, mut found) = best.unwrap_or_default();
        found.likeness = likeness;
        found.bundles = bundles(history, image);
        found
    }

    /// Whether what a step's layer holds may be of instructions before it: builders can make one layer of many.
    pub fn is_bundle(&self, step: usize) -> bool {
        self.bundles.contains(&step)
    }

    /// How much of the Dockerfile the image's history has: more is better, and the figure means nothing but by comparison
    /// with another image and the same Dockerfile.
    pub fn likeness(&self) -> u64 {
        self.likeness
    }

    /// The last instruction that is part of a bundle.
    pub(crate) fn bundle(&self) -> Option<usize> {
        self.bundles.iter().rev().find_map(|step| *self.steps.get(*step)?)
    }

    /// The number of the instruction that made a step: of one of the base image's steps, the `FROM`.
    pub fn instruction(&self, step: usize) -> Option<usize> {
        let of = self.steps.get(step)?;
        let first = self.steps.iter().position(Option::is_some)?;
        of.or(self.base.filter(|_| step < first))
    }

    fn of_stage(facts: &Facts<'_>, file: &Dockerfile<'_>, stage: usize, steps: &[Words]) -> (u64, Self) {
        let mut lineage: Vec<_> = facts.lineage(stage).collect();
        lineage.reverse();
        let starts =
            |number: Option<&_>| number.map(|fact: &&crate::facts::StageFact<'_>| fact.stage.instructions.start);
        let mut numbers: Vec<usize> = lineage
            .iter()
            .flat_map(|fact| fact.stage.instructions.clone())
            .filter(|&number| leaves_step(file, number))
            .collect();
        numbers.drain(..numbers.len().saturating_sub(MOST));
        let written: Vec<Words> =
            numbers.iter().filter_map(|&number| file.instructions.get(number)).map(Words::of_instruction).collect();
        let (score, pairs) = aligned(&written, steps);
        let mut found = Self { steps: vec![None; steps.len()], ..Self::default() };
        for (at, step) in &pairs {
            found.steps[*step] = Some(numbers[*at]);
        }
        let makes_layer =
            |number: &usize| matches!(keyword(file, *number), Keyword::Run | Keyword::Copy | Keyword::Add);
        let layers = || numbers.iter().copied().filter(makes_layer);
        found.expected = layers().count();
        found.missing = layers().filter(|number| !found.steps.contains(&Some(*number))).collect();
        (found.base, found.target) = (starts(lineage.first()), starts(lineage.last()));
        (score, found)
    }
}

/// The steps with a layer that is not theirs alone: instructions that make none have one, or a copy before them has none.
pub(crate) fn bundles(history: &History, image: &Image) -> Vec<usize> {
    let mut bundles = Vec::new();
    let mut is_pending = false;
    for (at, (step, record)) in history.steps.iter().zip(&image.history).enumerate() {
        let is_copy = matches!(step.keyword, Keyword::Copy | Keyword::Add);
        if record.is_empty_layer {
            is_pending |= is_copy;
            continue;
        }
        let makes_layer = is_copy || matches!(step.keyword, Keyword::Run | Keyword::Workdir | Keyword::Unknown);
        if std::mem::take(&mut is_pending) || !makes_layer {
            bundles.push(at);
        }
    }
    bundles
}

fn keyword(file: &Dockerfile<'_>, number: usize) -> Keyword {
    file.instructions.get(number).map_or(Keyword::Unknown, Instruction::keyword_kind)
}

fn leaves_step(file: &Dockerfile<'_>, number: usize) -> bool {
    !matches!(keyword(file, number), Keyword::From | Keyword::Unknown)
}

/// What is compared of an instruction or a step: its keyword, and its words as hashes, sorted.
struct Words {
    keyword: Keyword,
    hashes: Vec<u64>,
    /// Whether words are not known before the build.
    is_open: bool,
}

impl Words {
    fn new(keyword: Keyword, text: &str, is_open: bool) -> Self {
        const MOST_WORDS: usize = 150;
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        let hash = |word: &str| {
            let mut hasher = DefaultHasher::new();
            word.hash(&mut hasher);
            hasher.finish()
        };
        let mut hashes: Vec<u64> = words.take(MOST_WORDS).map(hash).collect();
        hashes.sort_unstable();
        Self { keyword, hashes, is_open }
    }

    fn of_step(keyword: Keyword, text: &str) -> Self {
        let arguments = match keyword {
            Keyword::Unknown => text,
            _ => text.split_once(char::is_whitespace).map_or("", |(_, arguments)| arguments),
        };
        let is_copy = matches!(keyword, Keyword::Copy | Keyword::Add);
        // Flags are not compared: builders leave some out.
        let arguments = if is_copy { without_flags(arguments) } else { arguments };
        // In place of the names of what was copied.
        let is_open = is_copy && is_hash(arguments);
        let arguments = if is_open { arguments.split_once(' ').map_or("", |(_, to)| to) } else { arguments };
        Self::new(keyword, arguments, is_open)
    }

    fn of_instruction(instruction: &Instruction<'_>) -> Self {
        let keyword = instruction.keyword_kind();
        match &instruction.kind {
            // The shell expands variables, and history has them as they stand.
            Kind::Run(run) => match &run.script {
                Some(script) => Self::new(keyword, &script.text.text, false),
                None => Self::new(keyword, &run.command.text(), false),
            },
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                let words = transfer.sources.iter().filter(|_| instruction.heredocs.is_empty());
                let words = words.chain(&transfer.destination).map(Word::unquoted);
                let (text, is_open) = without_variables(&words.collect::<Vec<_>>().join(" "));
                Self::new(keyword, &text, is_open || !instruction.heredocs.is_empty())
            }
            _ => {
                let (text, is_open) = without_variables(&instruction.arguments.text);
                Self::new(keyword, &text, is_open)
            }
        }
    }

    /// How much of an instruction is in a step, 0 for another one; more than 100 where they may be the same.
    fn likeness(&self, step: &Self) -> u64 {
        let is_same = self.keyword == step.keyword || self.keyword == Keyword::Run && step.keyword == Keyword::Unknown;
        if !is_same {
            return 0;
        }
        let (mut a, mut b, mut common) = (self.hashes.as_slice(), step.hashes.as_slice(), 0_u64);
        while let ([first, rest @ ..], [other, others @ ..]) = (a, b) {
            common += u64::from(first == other);
            if first <= other {
                a = rest;
            }
            if other <= first {
                b = others;
            }
        }
        let share = |of: usize| common * 200 / (of as u64).max(1);
        // A step that has a hash for names has but the destination to compare.
        let (mine, theirs) = (share(self.hashes.len()), share(step.hashes.len()));
        let alike = match (self.is_open, step.is_open) {
            _ if self.hashes.is_empty() && step.hashes.is_empty() => 200,
            (false, false) => mine + theirs,
            (true, false) => 2 * mine,
            (_, true) => 2 * theirs,
        };
        let nothing_to_compare = self.is_open && self.hashes.is_empty() || step.is_open && step.hashes.is_empty();
        if alike >= 120 {
            100 + alike
        } else if nothing_to_compare {
            101
        } else {
            0
        }
    }
}

/// A text without `$NAME` and `${...}`, and whether it had some.
fn without_variables(text: &str) -> (String, bool) {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    let mut has_some = false;
    while let Some((before, after)) = rest.split_once('$') {
        plain.push_str(before);
        has_some = true;
        rest = match after.strip_prefix('{') {
            Some(inner) => inner.split_once('}').map_or("", |(_, rest)| rest),
            None => after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_'),
        };
    }
    plain.push_str(rest);
    (plain, has_some)
}

/// Pairs of instructions and steps in the order of both, such that their likeness is greatest; of equal ones the last
/// steps, because those of the base image come first.
fn aligned(instructions: &[Words], steps: &[Words]) -> (u64, Vec<(usize, usize)>) {
    let width = steps.len() + 1;
    let mut best = vec![0_u64; (instructions.len() + 1) * width];
    let mut like = vec![0_u64; instructions.len() * steps.len()];
    for (i, instruction) in instructions.iter().enumerate() {
        for (j, step) in steps.iter().enumerate() {
            let likeness = instruction.likeness(step);
            like[i * steps.len() + j] = likeness;
            let both = if likeness > 0 { best[i * width + j] + likeness } else { 0 };
            best[(i + 1) * width + j + 1] = both.max(best[i * width + j + 1]).max(best[(i + 1) * width + j]);
        }
    }
    let (mut i, mut j) = (instructions.len(), steps.len());
    let mut pairs = Vec::new();
    while i > 0 && j > 0 {
        let (here, likeness) = (best[i * width + j], like[(i - 1) * steps.len() + j - 1]);
        if likeness > 0 && here == best[(i - 1) * width + j - 1] + likeness {
            (i, j) = (i - 1, j - 1);
            pairs.push((i, j));
        } else if here == best[(i - 1) * width + j] {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    (best.last().copied().unwrap_or(0), pairs)
}
