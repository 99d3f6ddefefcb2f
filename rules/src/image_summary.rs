//! What reports show of an image beside its findings.

use crate::image_cx::ImageFacts;
use plimsoll_base::Span;
use plimsoll_engine::{ImageSummary, LayerSummary, PackageSummary, UserSummary};
use plimsoll_image::Image;

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
        entrypoint: words(&facts.history.entrypoint),
        command: words(&facts.history.command),
        size: image.size(),
        waste: image.waste(),
        layers: layers.collect(),
        packages,
        users: users.collect(),
    }
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
