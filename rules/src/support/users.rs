//! The user that a stage's containers run as.

use super::any_word::any_word;
use crate::facts::{Facts, StageFact};
use aho_corasick::AhoCorasick;
use plimsoll_dockerfile::{Instruction, Keyword, Kind, Word};
use std::sync::LazyLock;

/// The `USER` that holds at the end of a stage.
pub(crate) struct LastUser<'c> {
    /// The stage that it stands in: the stage asked for, or one that it is built from.
    pub(crate) stage: usize,
    /// The words behind `USER`.
    pub(crate) word: &'c Word<'c>,
    /// The user as the builder sees it; `None` where a variable decides that the file does not tell.
    pub(crate) value: Option<String>,
}

/// The last `USER` of a stage or, where it has none, of the stages that it is built from.
pub(crate) fn last_user<'c>(facts: &Facts<'c>, stage: usize) -> Option<LastUser<'c>> {
    facts.lineage(stage).find_map(|fact| last_own_user(facts, fact))
}

/// The last `USER` of a stage itself.
pub(crate) fn last_own_user<'c>(facts: &Facts<'c>, fact: &StageFact<'c>) -> Option<LastUser<'c>> {
    let (at, word) =
        fact.instructions.iter().enumerate().rev().find_map(|(at, instruction)| match &instruction.kind {
            Kind::User(word) => Some((at, word)),
            _ => None,
        })?;
    let index = fact.stage.instructions.start + at;
    Some(LastUser { stage: fact.index(), word, value: facts.expand(fact.index(), index, word.text.trim()) })
}

/// Whether a user, `name`, `name:group`, or either as a number, is root.
pub(crate) fn is_root(user: &str) -> bool {
    let name = user.split(':').next().unwrap_or(user).trim();
    name == "root" || !name.is_empty() && name.bytes().all(|byte| byte == b'0')
}

/// Whether hadolint and trivy take the words for root: they see `root` and `0`, alone or before a group.
pub(crate) fn peers_see_root(word: &Word<'_>) -> bool {
    matches!(word.unquoted().split(':').next(), Some("root" | "0"))
}

/// Whether the stage's image seems to give up root itself when it starts: a program for that is run, installed or
/// copied in the stage or in those that it is built from.
pub(crate) fn steps_down(facts: &Facts<'_>, stage: usize) -> bool {
    let tells = |instruction: &Instruction<'_>| {
        let keyword = instruction.keyword_kind();
        matches!(
            keyword,
            Keyword::Run | Keyword::Copy | Keyword::Add | Keyword::Entrypoint | Keyword::Cmd | Keyword::Env
        ) && names_step_down(instruction.span.text(facts.file.source))
    };
    // Most files name none anywhere.
    names_step_down(facts.file.source) && facts.lineage(stage).any(|fact| fact.instructions.iter().any(tells))
}

fn names_step_down(text: &str) -> bool {
    static PROGRAMS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        any_word(&["gosu", "su-exec", "setpriv", "chpst", "runuser", "s6-overlay", "s6-setuidgid", "setuidgid"])
    });
    PROGRAMS.is_match(text)
}
