//! Recipes of images: TOML from which a saved image is built in memory. CONTRIBUTING.md describes the format.

use super::{Fence, fences, root};
use plimsoll::engine::RuleMeta;
use plimsoll::image::fixtures::TarWriter;
use plimsoll::image::{Archive, Budget, Digest, Image, Input, LayerSet, Limits, Options};
use serde::Deserialize;
use std::fmt::Write;

/// The words between `%` stand for secrets, so that none stands in the repository as it is.
const SECRETS: [(&str, [&str; 2]); 5] = [
    ("%GITHUB_TOKEN%", ["ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"]),
    ("%DIGITALOCEAN_TOKEN%", ["dop_v1_", "0f3b72c19ae45d680f3b72c19ae45d68b1c2d3e4f5061728394a5b6c7d8e9f01"]),
    ("%PASSWORD%", ["hunter2", "-Vb93xQ"]),
    // Web tokens that end in 2020 and in 2099.
    (
        "%OLD_TOKEN%",
        [
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJwbGltc29sbCIsImlhdCI6MTUwMDAwMDAwMCwiZXhwIjoxNTc5NzI5NTI5fQ",
            ".BSIDrYWRc-srROSEGjzkYqHvys380_DZtLqb_Azl0KU",
        ],
    ),
    (
        "%WEB_TOKEN%",
        [
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJwbGltc29sbCIsImlhdCI6MTUwMDAwMDAwMCwiZXhwIjo0MDcwOTA4ODAwfQ",
            ".-M1ldchwClgXF-nVMMpyqyldymjjlpjrTKdW4cQYOZc",
        ],
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipe {
    /// The image's name.
    #[serde(default = "default_name")]
    name: String,
    #[serde(default = "default_created")]
    created: String,
    /// The members of the configuration's `config`, in docker's names.
    #[serde(default)]
    config: toml::Table,
    /// Its steps, the base first.
    #[serde(default)]
    step: Vec<Step>,
    /// Diff IDs in place of the true ones.
    diff_ids: Option<Vec<String>>,
    /// Whether the configuration has a history.
    #[serde(default = "yes")]
    history: bool,
    /// Whether bytes follow the archive's end.
    #[serde(default)]
    trailing: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// What the history says of it.
    by: String,
    comment: Option<String>,
    /// The entries of its layer; without them it made none.
    files: Option<Vec<String>>,
}

fn default_name() -> String {
    "app:1.0".to_owned()
}

fn default_created() -> String {
    "2026-01-02T03:04:05Z".to_owned()
}

fn yes() -> bool {
    true
}

/// A recipe with the secrets in place of their names.
pub fn with_secrets(recipe: &str) -> String {
    SECRETS.iter().fold(recipe.to_owned(), |text, (name, parts)| text.replace(name, &parts.concat()))
}

/// The values of the secrets that a recipe plants.
pub fn planted(recipe: &str) -> Vec<String> {
    SECRETS.iter().filter(|(name, _)| recipe.contains(name)).map(|(_, parts)| parts.concat()).collect()
}

/// The image as `docker save` would write it.
pub fn archive(recipe: &str) -> Vec<u8> {
    let recipe: Recipe = toml::from_str(&with_secrets(recipe)).expect("a recipe");
    let mut tar = TarWriter::new();
    let (mut names, mut ids, mut history) = (Vec::new(), Vec::new(), Vec::new());
    for step in &recipe.step {
        let mut record = serde_json::json!({ "created": recipe.created, "created_by": step.by });
        if let Some(comment) = &step.comment {
            record["comment"] = comment.as_str().into();
        }
        match &step.files {
            Some(files) => {
                let layer = layer(files);
                let name = format!("{}/layer.tar", names.len());
                tar.file(&name, &layer);
                ids.push(Digest::sha256(&layer).to_string());
                names.push(name);
            }
            None => record["empty_layer"] = true.into(),
        }
        history.push(record);
    }
    let mut config = serde_json::json!({
        "architecture": "amd64",
        "os": "linux",
        "created": recipe.created,
        "config": recipe.config,
        "rootfs": { "type": "layers", "diff_ids": recipe.diff_ids.unwrap_or(ids) },
    });
    if recipe.history {
        config["history"] = history.into();
    } else {
        config["history"] = serde_json::json!([{ "created_by": "RUN true" }]);
    }
    let manifest = serde_json::json!([{ "Config": "config.json", "RepoTags": [recipe.name], "Layers": names }]);
    tar.file("config.json", config.to_string().as_bytes()).file("manifest.json", manifest.to_string().as_bytes());
    let mut bytes = tar.finish();
    if recipe.trailing {
        bytes.extend(TarWriter::new().file("more", b"x").finish());
    }
    bytes
}

/// The image that a recipe describes, read by the reader itself.
pub fn image(recipe: &str) -> Image {
    let bytes = archive(recipe);
    let budget = Budget::new(Limits::default());
    let archive = Archive::open(Input::File(&bytes), Options::default(), &budget).expect("an archive");
    let mut layers = LayerSet::default();
    for blob in archive.layers() {
        layers.insert(&blob, archive.extract(&blob).ok());
    }
    archive.resolve(archive.plans.first().expect("an image"), &layers).0
}

/// A layer of entries `[b|c|p]MODE UID:GID PATH[ CONTENT]`: see CONTRIBUTING.md.
fn layer(files: &[String]) -> Vec<u8> {
    let mut tar = TarWriter::new();
    for line in files {
        let mut fields = line.splitn(4, ' ');
        let mut field = || fields.next().unwrap_or_else(|| panic!("`{line}` is no entry"));
        let (mode, owner, path) = (field(), field(), field());
        let content = fields.next().unwrap_or_default();
        let (uid, gid) = owner.split_once(':').expect("UID:GID");
        let (uid, gid) = (uid.parse().expect("a user"), gid.parse().expect("a group"));
        let kind = mode.chars().next().filter(|first| !first.is_ascii_digit());
        let mode = u32::from_str_radix(mode.trim_start_matches(['b', 'c', 'p']), 8).expect("a mode");
        let zeros = content.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')?.parse().ok());
        match (kind, content.split_once(' '), zeros) {
            (Some('c'), ..) => drop(tar.member(path.as_bytes(), b'3', mode, "", b"")),
            (Some('b'), ..) => drop(tar.member(path.as_bytes(), b'4', mode, "", b"")),
            (Some('p'), ..) => drop(tar.member(path.as_bytes(), b'6', mode, "", b"")),
            (_, Some(("->", target)), _) => drop(tar.symlink(path, target)),
            (_, Some(("=>", target)), _) => drop(tar.hard_link(path, target)),
            (_, _, Some(count)) => drop(tar.file(path, &vec![0_u8; count])),
            _ if path.ends_with('/') => drop(tar.folder(path.trim_end_matches('/'))),
            _ => match content.strip_prefix('+').and_then(|number| number.parse().ok()) {
                Some(capability) => drop(tar.file_with_capability(path, b"x", capability)),
                None => drop(tar.file(path, content.as_bytes())),
            },
        }
        tar.mode(mode).owner(uid, gid);
    }
    tar.finish()
}

/// What must be found: the lines of `#^ PLACE: MESSAGE` of a recipe, `image` standing for the image as a whole.
fn expected(recipe: &str) -> Vec<(String, String)> {
    let marks = recipe.lines().filter_map(|line| line.trim().strip_prefix("#^ "));
    marks
        .map(|mark| {
            let (place, message) = mark.split_once(": ").expect("PLACE: MESSAGE");
            (place.to_owned(), message.to_owned())
        })
        .collect()
}

/// What was found, as a recipe would mark it.
pub fn marks(findings: &[plimsoll::engine::Finding]) -> Vec<(String, String)> {
    let mark = |finding: &plimsoll::engine::Finding| {
        let words = finding.image.as_ref().map(|place| place.words()).unwrap_or_default();
        let words = if words.is_empty() { "image".to_owned() } else { words };
        (words, format!("{} {}", finding.severity, finding.message))
    };
    findings.iter().map(mark).collect()
}

/// Whether each mark has its finding, and each finding its mark.
fn same(expected: &[(String, String)], found: &[(String, String)]) -> bool {
    let (mut expected, mut found) = (expected.to_vec(), found.to_vec());
    expected.sort();
    found.sort();
    expected.len() == found.len() && expected.iter().zip(&found).all(|(e, f)| e.0 == f.0 && f.1.contains(&e.1))
}

/// For the messages of failed tests.
fn listed(found: &[(String, String)]) -> String {
    let mut text = String::new();
    for (place, message) in found {
        let _ = writeln!(text, "#^ {place}: {message}");
    }
    text
}

/// What was found in a fence: each finding's place and message.
pub type Found = Vec<(String, String)>;

/// Runs the examples of a rule's documentation: of the fences of a kind those that say `finding` fire, those that say `clean`
/// do not, and there is one of each.
pub fn examples_hold(rule: &RuleMeta, kind: &str, check: impl Fn(&str) -> Found) {
    let (finding, clean) = (format!("{kind},finding"), format!("{kind},clean"));
    let doc = rule.documentation();
    let (mut findings, mut cleans) = (0, 0);
    for fence in fences(&doc).iter().filter(|fence| fence.info == finding || fence.info == clean) {
        let found = check(&fence.text);
        assert_eq!(!found.is_empty(), fence.info == finding, "{}:\n{}{found:#?}", rule.id, fence.text);
        if found.is_empty() { cleans += 1 } else { findings += 1 }
    }
    assert!(findings > 0 && cleans > 0, "{}: an example that fires and one that does not", rule.id);
}

/// Runs a rule's fixture: in each fence of a kind just that is found which its marks say, and one fence fires, one does not.
/// The check is also given the fence that stands before. Gives what does not hold; with `UPDATE=1` the marks are rewritten.
pub fn fixture_holds(rule: &RuleMeta, kind: &str, check: impl Fn(&str, Option<&Fence>) -> Found) -> String {
    let path = root().join("testdata/rules").join(format!("{}.md", rule.id));
    let Ok(text) = std::fs::read_to_string(&path) else { return format!("{}: no fixture\n", rule.id) };
    let mut failures = String::new();
    let mut fresh = text.clone();
    let all = fences(&text);
    let (mut fire, mut clean) = (0, 0);
    for (position, fence) in all.iter().enumerate().filter(|(_, fence)| fence.info == kind) {
        let found = check(&fence.text, position.checked_sub(1).map(|before| &all[before]));
        if found.is_empty() {
            clean += 1;
        } else {
            fire += 1;
        }
        if std::env::var_os("UPDATE").is_some() {
            let lines = fence.text.split_inclusive('\n');
            let unmarked: String = lines.filter(|line| !line.trim_start().starts_with("#^ ")).collect();
            fresh = fresh.replacen(&fence.text, &(unmarked + &listed(&found)), 1);
        } else if !same(&expected(&fence.text), &found) {
            let _ = writeln!(failures, "{} (fence at line {}):\n{}", rule.id, fence.line, listed(&found));
        }
    }
    if fire == 0 || clean == 0 {
        let _ = writeln!(failures, "{}: the fixture needs a fence with a finding and one without", rule.id);
    }
    if fresh != text {
        std::fs::write(&path, fresh).expect("the fixture can be written");
    }
    failures
}
