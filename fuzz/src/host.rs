//! Bundles of facts about a host: whatever they hold, what cannot be read passes nothing.

use super::report::written;
use super::{SETTINGS, secret};
use plimsoll::engine::{Answer, Report};
use plimsoll::host::Bundle;
use plimsoll::{AuditSettings, Auditor};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;

static AUDITOR: LazyLock<Auditor> =
    LazyLock::new(|| Auditor::new(&SETTINGS, &AuditSettings::default()).expect("a preset"));
/// What a real engine told, a secret added.
static TOLD: LazyLock<Bundle> = LazyLock::new(|| {
    let text = include_str!("../../testdata/host/recorded/docker-29.json");
    let mut files: Value = serde_json::from_str(text).expect("JSON");
    files["containers.json"][0]["Config"]["Env"] = json!([format!("API_TOKEN={}", secret::TOKEN)]);
    let mut bundle = Bundle::default();
    for (name, content) in files.as_object().expect("files") {
        bundle.files.insert(name.clone(), content.as_str().map_or_else(|| content.to_string(), str::to_owned));
    }
    bundle
});

/// Changes of what an engine told, parted by `0xff`: a line says in which file, two bytes where, one how much goes, and the
/// rest takes its place.
pub fn bundle(data: &[u8]) {
    let mut bundle = TOLD.clone();
    for part in data.split(|&byte| byte == 0xff) {
        let Some(end) = part.iter().position(|&byte| byte == b'\n') else { continue };
        let [high, low, length, content @ ..] = &part[end + 1..] else { continue };
        let is_meant = |name: &&&str| name.as_bytes() == &part[..end];
        let name = *Bundle::FILES.iter().find(is_meant).unwrap_or(&Bundle::FILES[end % Bundle::FILES.len()]);
        let text = bundle.files.entry(name.to_owned()).or_default();
        let at = usize::from(u16::from_be_bytes([*high, *low])) % (text.len() + 1);
        let end = (at + usize::from(*length)).min(text.len());
        let (at, end) = (text.floor_char_boundary(at), text.ceil_char_boundary(end));
        text.replace_range(at..end, &String::from_utf8_lossy(content));
    }
    let report = AUDITOR.audit(&bundle);
    let plan = AUDITOR.fix_plan(&bundle, &report);
    let _ = plan.readme(&[]);
    written(&report);
    unread(&bundle, &report);
    masked(&bundle);
}

/// A file of JSON that cannot be read passes no check of the host that would not pass without the file.
fn unread(bundle: &Bundle, report: &Report) {
    for (name, text) in &bundle.files {
        if !name.ends_with(".json") || name == "meta.json" || serde_json::from_str::<Value>(text).is_ok() {
            continue;
        }
        assert!(report.errors.iter().any(|error| error.path == *name), "{name}: an error says so");
        let meta = bundle.files.get("meta.json").and_then(|text| serde_json::from_str::<Value>(text).ok());
        let mut meta = meta.filter(Value::is_object).unwrap_or_else(|| json!({}));
        if !meta["unread"].is_object() {
            meta["unread"] = json!({});
        }
        meta["unread"][name] = json!("denied");
        let mut denied = bundle.clone();
        denied.files.remove(name);
        denied.files.insert("meta.json".to_owned(), meta.to_string());
        let without = AUDITOR.audit(&denied);
        let more: Vec<_> = passes(report).difference(&passes(&without)).cloned().collect();
        assert!(more.is_empty(), "{name} cannot be read, and {more:?} pass");
    }
}

/// The checks that pass, but for those on single containers, images and networks: of a file that is cut off, those before
/// the cut are known.
fn passes(report: &Report) -> BTreeSet<(&str, &'static str, String)> {
    let passed = report.checks.iter().filter(|check| check.answer == Answer::Pass && !check.target.contains(':'));
    passed.map(|check| (&*check.target, check.rule.id, format!("{:?}", check.aliases))).collect()
}

/// A bundle is masked once and for all, and holds no secret then.
fn masked(bundle: &Bundle) {
    let mut masked = bundle.clone();
    plimsoll::mask_bundle(&mut masked);
    for (name, text) in &masked.files {
        let before = bundle.files.get(name).map_or("", String::as_str);
        assert!(!secret::is_told(before) || !secret::is_in(text.as_bytes()), "{name} holds a secret");
    }
    let mut again = masked.clone();
    plimsoll::mask_bundle(&mut again);
    assert_eq!(again.files, masked.files, "masking again changes nothing");
    let report = written(&AUDITOR.audit(&masked));
    let is_secret = bundle.files.values().all(|text| !text.contains(secret::TOKEN) || secret::is_told(text));
    assert!(!is_secret || !secret::is_in(&report), "a secret stands in a report");
}
