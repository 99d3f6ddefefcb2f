//! What reports show of an image beside its findings.

use crate::image_cx::ImageFacts;
use plimsoll_base::Span;
use plimsoll_dockerfile::Keyword;
use plimsoll_engine::{DuplicateSummary, FileSummary, ImageSummary, LayerSummary, PackageSummary, UserSummary};
use plimsoll_image::{Entry, Form, Image, Kind};

/// The summary, its path left empty. Secrets are masked.
pub(crate) fn summary(image: &Image, facts: &ImageFacts<'_>) -> ImageSummary {
    let config = image.config.as_ref();
    let words = |spans: &[Span]| spans.iter().map(|span| span.text(facts.masked).to_owned()).collect();
    let layers = image.layers.iter().enumerate().map(|(number, layer)| LayerSummary {
        diff_id: layer.diff_id.map(|id| id.to_string()).unwrap_or_default(),
        digest: layer.digest.filter(|digest| Some(*digest) != layer.diff_id).map(|digest| digest.to_string()),
        created_by: facts.created_by(image, number),
        size: layer.size,
        waste: layer.waste,
        entries: layer.entries as u64,
    });
    let mut packages: Vec<PackageSummary> = image
        .packages()
        .map(|(entry, package)| PackageSummary {
            kind: package.ecosystem.name(),
            name: package.name.to_string(),
            version: package.version.to_string(),
            layer: Some(entry.layer() as u32),
        })
        .collect();
    packages.sort();
    packages.dedup();
    let users = facts.accounts.users.iter().map(|user| UserSummary {
        name: user.name.to_owned(),
        uid: user.id,
        gid: user.group,
        home: user.home.to_owned(),
        shell: user.shell.to_owned(),
    });
    ImageSummary {
        path: String::new(),
        name: image.name.clone(),
        platform: image.platform.as_ref().map(ToString::to_string).unwrap_or_default(),
        id: image.id.map(|id| id.to_string()),
        distribution: distribution(image),
        created: config.and_then(|config| config.created.clone()),
        user: config.and_then(|config| config.user.clone()).unwrap_or_default(),
        healthcheck: healthcheck(image, facts),
        entrypoint: words(&facts.history.entrypoint),
        command: words(&facts.history.command),
        built_from: built_from(image),
        size: image.size(),
        waste: image.waste(),
        largest: largest(image),
        duplicates: duplicates(image),
        layers: layers.collect(),
        packages,
        users: users.collect(),
        setuid: setuid(image),
    }
}

/// Programs that run with the rights of their owner or group.
fn setuid(image: &Image) -> Vec<String> {
    let has_bits = |entry: &Entry<'_>| {
        let is_program = matches!(entry.kind(), Kind::File | Kind::HardLink);
        is_program && entry.mode() & 0o6000 != 0 && entry.mode() & 0o111 != 0
    };
    let mut paths: Vec<String> = image.present().filter(has_bits).map(|entry| entry.path()).collect();
    paths.sort_unstable();
    paths
}

/// The materials of its provenance, each once.
fn built_from(image: &Image) -> Vec<(String, Option<String>)> {
    let materials = image.provenance.iter().flat_map(|provenance| &provenance.materials);
    let mut all: Vec<_> = materials
        .map(|material| (material.uri.clone(), material.sha256.as_ref().map(|digits| format!("sha256:{digits}"))))
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Whether a health check is set. In OCI's format there is none, and builders that write it leave an image's out.
fn healthcheck(image: &Image, facts: &ImageFacts<'_>) -> Option<bool> {
    let config = image.config.as_ref()?;
    let history = facts.history;
    let last = history.steps.iter().rev().find(|step| step.keyword == Keyword::Healthcheck);
    let by_history = last.map(|step| !step.span.text(&history.text).trim_end().ends_with(" NONE"));
    let by_config = config.healthcheck.as_ref().map(|check| !check.is_none());
    by_config.or(by_history).or((image.form == Form::DockerArchive).then_some(false))
}

/// `debian 12`, by `os-release`.
fn distribution(image: &Image) -> Option<String> {
    let text = image.text("etc/os-release").or_else(|| image.text("usr/lib/os-release"))?;
    let field = |name: &str| {
        text.lines()
            .filter_map(|line| line.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.trim_matches(['"', '\'']).to_owned())
    };
    let id = field("ID")?;
    Some(field("VERSION_ID").map_or(id.clone(), |version| format!("{id} {version}")))
}

fn largest(image: &Image) -> Vec<FileSummary> {
    const SHOWN: usize = 10;
    let mut files: Vec<(u64, Entry<'_>)> = Vec::with_capacity(2 * SHOWN);
    for entry in image.present().filter(|entry| entry.kind() == Kind::File && entry.size() > 0) {
        files.push((entry.size(), entry));
        if files.len() == 2 * SHOWN {
            keep_largest(&mut files, SHOWN);
        }
    }
    keep_largest(&mut files, SHOWN);
    let file = |(size, entry): (u64, Entry<'_>)| FileSummary { path: entry.path(), size, layer: entry.layer() as u32 };
    files.into_iter().map(file).collect()
}

/// Sorts by falling size; of equal ones the first stay first.
fn keep_largest(files: &mut Vec<(u64, Entry<'_>)>, count: usize) {
    files.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    files.truncate(count);
}

/// Contents that stand in the final root file system several times, by a hash of 64 bits and the size.
fn duplicates(image: &Image) -> Vec<DuplicateSummary> {
    const LEAST: u64 = 64 << 10;
    const SHOWN: usize = 5;
    const PATHS: usize = 3;
    let large = image.present().filter(|entry| entry.kind() == Kind::File && entry.size() >= LEAST);
    let mut files: Vec<(u64, u64, Entry<'_>)> = large.map(|entry| (entry.size(), entry.content_id(), entry)).collect();
    files.sort_by_key(|(size, content, _)| (*size, *content));
    let same = files.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|same| same.len() > 1);
    let mut same: Vec<_> = same.collect();
    same.sort_by_key(|same| std::cmp::Reverse(same[0].0.saturating_mul(same.len() as u64 - 1)));
    let duplicate = |same: &[(u64, u64, Entry<'_>)]| DuplicateSummary {
        size: same[0].0,
        count: same.len() as u64,
        paths: same.iter().take(PATHS).map(|(_, _, entry)| entry.path()).collect(),
    };
    same.into_iter().take(SHOWN).map(duplicate).collect()
}
