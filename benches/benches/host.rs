//! How fast a host is audited from its bundle: reading the facts, asking every rule, and the report for people. What is
//! counted are containers; the time is to grow as they do.

use divan::Bencher;
use divan::counter::ItemsCount;
use plimsoll::engine::SelectionSpec;
use plimsoll::host::Bundle;
use plimsoll::report::{TextOptions, text};
use plimsoll::{AuditSettings, Auditor, Settings};
use serde_json::{Map, Value, json};

fn main() {
    divan::main();
}

/// A host with so many containers: those of a real engine, over and over under other names.
fn bundle(count: usize) -> Bundle {
    let recorded = include_str!("../../testdata/host/recorded/docker-20.10-containers.json");
    let mut files: Map<String, Value> = serde_json::from_str(recorded).expect("a recorded bundle");
    let originals = files["containers.json"].as_array().expect("containers").clone();
    let copies = originals.iter().cycle().take(count).enumerate().map(|(at, container)| {
        let mut container = container.clone();
        container["Id"] = json!(format!("{at:064x}"));
        container["Name"] = json!(format!("/c{at}"));
        container
    });
    files["containers.json"] = Value::Array(copies.collect());
    let mut bundle = Bundle::default();
    for (name, content) in files {
        bundle.files.insert(name, content.as_str().map_or_else(|| content.to_string(), str::to_owned));
    }
    bundle
}

fn auditor() -> Auditor {
    let spec = SelectionSpec { select: Some(vec!["*".to_owned()]), ..SelectionSpec::default() };
    Auditor::new(&Settings { spec, ..Settings::default() }, &AuditSettings::default()).expect("all rules")
}

const COUNTS: [usize; 4] = [50, 1_000, 10_000, 100_000];

/// Facts, every rule, and nothing else.
#[divan::bench(args = COUNTS, sample_count = 5, sample_size = 1)]
fn audit(bencher: Bencher<'_, '_>, count: usize) {
    let (auditor, bundle) = (auditor(), bundle(count));
    bencher.counter(ItemsCount::new(count)).bench_local(|| auditor.audit(divan::black_box(&bundle)));
}

/// The report for people on what was found.
#[divan::bench(args = COUNTS, sample_count = 5, sample_size = 1)]
fn report(bencher: Bencher<'_, '_>, count: usize) {
    let report = auditor().audit(&bundle(count));
    bencher.counter(ItemsCount::new(count)).bench_local(|| {
        let mut out = Vec::new();
        text(divan::black_box(&report), TextOptions::default(), &mut out).expect("it is written");
        out
    });
}
