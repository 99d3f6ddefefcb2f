//! The properties of `fuzz/`, over its seeds, what it once found, and changes of both: without a fuzzer, the same each time.

#[path = "../../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "it is a crate of its own there")]
mod properties;

use properties::{TARGETS, Target};
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

/// The committed inputs of a target by their names, sorted.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let files = fs::read_dir(&folder).expect("every target has seeds").map(|file| file.expect("a file").path());
    let mut seeds: Vec<(String, Vec<u8>)> =
        files.map(|file| (file.display().to_string(), fs::read(&file).expect("a seed"))).collect();
    seeds.sort();
    seeds
}

/// Says which input it was that broke.
fn holds(check: Target, name: &str, input: &[u8]) {
    assert!(catch_unwind(|| check(input)).is_ok(), "{name}: {:?}", String::from_utf8_lossy(input));
}

#[test]
fn committed_inputs() {
    for (target, check) in TARGETS {
        for (name, input) in seeds(target) {
            holds(check, &name, &input);
        }
    }
}

#[test]
fn changed_inputs() {
    const ROUNDS: usize = 12;
    for (target, check) in TARGETS {
        let seeds = seeds(target);
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        for round in 0..ROUNDS {
            for (name, input) in &seeds {
                let (_, other) = &seeds[random.below(seeds.len())];
                holds(check, &format!("{name}, round {round}"), &random.change(input, other));
            }
        }
    }
}

/// Numbers that look random: xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }

    /// The input with a few places changed; `other` is another one to take pieces of.
    fn change(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(12)).min(bytes.len());
            match self.below(4) {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.truncate(at),
                2 => {
                    let from = self.below(other.len() + 1);
                    let to = (from + self.below(40)).min(other.len());
                    bytes.splice(at..at, other[from..to].iter().copied());
                }
                _ => {
                    const ODD: &[u8] = b"\0\xff\n\r\"'\\${}[]<#/:=- \x1b\x80@";
                    bytes[at..end].iter_mut().take(2).for_each(|byte| *byte = ODD[self.below(ODD.len())]);
                }
            }
        }
        bytes
    }
}
