//! The registries that the user trusts.

use crate::options::Options;
use plimsoll_base::ImageReference;

/// Whether one of the user's patterns allows the image. A pattern is a registry's host, with `*` at its start or end
/// as wildcard, or a registry with the beginning of a path.
pub(crate) fn is_trusted(options: &Options, image: &ImageReference<'_>) -> bool {
    is_among(&options.trusted_registries, image)
}

/// The same of a list of patterns.
pub(crate) fn is_among(patterns: &[String], image: &ImageReference<'_>) -> bool {
    let registry = image.registry_or_default().to_ascii_lowercase();
    patterns.iter().any(|pattern| {
        let pattern = pattern.to_ascii_lowercase();
        let (host, path) = match pattern.split_once('/') {
            Some((host, path)) => (host, path.trim_end_matches(['*', '/'])),
            None => (&*pattern, ""),
        };
        let in_path = path.is_empty()
            || image.repository.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        in_path && matches_host(host, &registry)
    })
}

fn matches_host(pattern: &str, registry: &str) -> bool {
    // Both are names of the one registry whose images need no host.
    if registry == "docker.io" && pattern == "hub.docker.com" {
        return true;
    }
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(""), _) => true,
        (Some(suffix), _) => registry.ends_with(suffix),
        (None, Some(prefix)) => registry.starts_with(prefix),
        (None, None) => registry == pattern,
    }
}
