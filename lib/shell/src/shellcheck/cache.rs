use super::Outcome;
use crate::Dialect;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// What became of texts that were checked before. It changes how long a check takes and nothing else.
#[derive(Debug, Default)]
pub(super) struct Cache {
    hasher: RandomState,
    /// By the key's hash, so that threads seldom wait for each other.
    shards: [Mutex<Shard>; SHARDS],
}

/// All that the outcome of a check follows from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) dialect: Dialect,
    /// Where in `source` the text begins, behind the line that assigns the variables that it may use.
    pub(super) base: usize,
    pub(super) source: String,
}

#[derive(Debug, Default)]
struct Shard {
    known: HashMap<Key, Arc<Outcome>>,
    bytes: usize,
}

const SHARDS: usize = 16;

/// A shard that grows beyond this begins anew: all of them together stay below 16 MiB.
const MOST_BYTES: usize = 1024 * 1024;

impl Cache {
    pub(super) fn get_or_insert(&self, key: Key, check: impl FnOnce(&Key) -> Outcome) -> Arc<Outcome> {
        let shard = &self.shards[self.hasher.hash_one(&key) as usize % SHARDS];
        let lock = || shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().known.get(&key) {
            return Arc::clone(known);
        }
        // Two threads may check the same text at the same time: that is cheaper than one that waits.
        let outcome = Arc::new(check(&key));
        let size = size(&key, &outcome);
        let mut shard = lock();
        if shard.bytes + size > MOST_BYTES {
            *shard = Shard::default();
        }
        shard.bytes += size;
        shard.known.insert(key, Arc::clone(&outcome));
        outcome
    }
}

fn size(key: &Key, outcome: &Outcome) -> usize {
    let findings = match outcome {
        Outcome::Checked(findings) => findings.as_slice(),
        Outcome::Invalid(..) | Outcome::Skipped => &[],
    };
    let of_finding = |finding: &super::ShellFinding| {
        let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
        size_of_val(finding) + finding.message.len() + edits.map(|(_, text)| text.len() + 32).sum::<usize>()
    };
    size_of_val(key) + key.source.len() + 64 + findings.iter().map(of_finding).sum::<usize>()
}
