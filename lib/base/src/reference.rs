/// An image reference, `[registry/]repository[:tag][@digest]`, taken apart as it stands.
///
/// The grammar is that of the distribution project's reference package: the first part is a registry where it holds a
/// dot, a colon or an upper-case letter, or is `localhost`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImageReference<'a> {
    /// The registry's host and port; absent where the reference leaves it to the default (`docker.io`).
    pub registry: Option<&'a str>,
    /// The repository's path without the registry.
    pub repository: &'a str,
    /// The tag.
    pub tag: Option<&'a str>,
    /// The digest, `algorithm:hex`.
    pub digest: Option<&'a str>,
}

impl<'a> ImageReference<'a> {
    /// Reads a reference; `None` where the grammar does not allow it.
    ///
    /// ```
    /// use plimsoll_base::ImageReference;
    ///
    /// let reference = ImageReference::parse("ghcr.io/acme/web:1.2").expect("a valid reference");
    /// assert_eq!((reference.registry, reference.repository, reference.tag), (Some("ghcr.io"), "acme/web", Some("1.2")));
    /// assert!(ImageReference::parse("busybox:").is_none());
    /// assert!(ImageReference::parse("Alpine").is_none());
    /// ```
    pub fn parse(text: &'a str) -> Option<Self> {
        // References are too short for the set-up of a clever search.
        let find = |text: &str, wanted: u8| text.bytes().position(|byte| byte == wanted);
        let (rest, digest) = match find(text, b'@') {
            Some(at) => (&text[..at], Some(&text[at + 1..])),
            None => (text, None),
        };
        let last = rest.bytes().rposition(|byte| byte == b'/').map_or(0, |slash| slash + 1);
        let (name, tag) = match find(&rest[last..], b':') {
            // A colon in the only part may be a port only where a path follows, so here it begins a tag.
            Some(colon) => (&rest[..last + colon], Some(&rest[last + colon + 1..])),
            None => (rest, None),
        };
        let (registry, repository) = match find(name, b'/').map(|slash| (&name[..slash], &name[slash + 1..])) {
            Some((first, path)) if is_registry(first) => (Some(first), path),
            _ => (None, name),
        };
        let sound = repository.as_bytes().split(|&byte| byte == b'/').all(is_component)
            && repository.len() <= 255
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest)
            && registry.is_none_or(is_host);
        sound.then_some(Self { registry, repository, tag, digest })
    }

    /// The registry, `docker.io` where the reference names none.
    pub fn registry_or_default(&self) -> &'a str {
        match self.registry {
            None | Some("index.docker.io") => "docker.io",
            Some(registry) => registry,
        }
    }

    /// The repository without `library/`, where the image is one of Docker's official images; `None` elsewhere.
    pub fn official(&self) -> Option<&'a str> {
        let name = self.repository.strip_prefix("library/").unwrap_or(self.repository);
        (self.registry_or_default() == "docker.io" && !name.contains('/')).then_some(name)
    }

    /// The last part of the repository's path.
    pub fn base_name(&self) -> &'a str {
        self.repository.rsplit('/').next().unwrap_or(self.repository)
    }
}

fn is_registry(part: &str) -> bool {
    part == "localhost" || part.bytes().any(|byte| matches!(byte, b'.' | b':' | b'A'..=b'Z'))
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !name.ends_with(':') && !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    };
    let name_sound = if let Some(address) = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.')
    } else {
        name.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
    };
    name_sound && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Lower-case letters and digits, joined by one `.`, one or two `_`, or any number of `-`.
fn is_component(part: &[u8]) -> bool {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends_sound = part.first().is_some_and(alphanumeric) && part.last().is_some_and(alphanumeric);
    let joints = part.split(alphanumeric);
    ends_sound
        && joints
            .into_iter()
            .all(|joint| matches!(joint, b"" | b"." | b"_" | b"__") || joint.iter().all(|&b| b == b'-'))
}

fn is_tag(tag: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&tag.len())
        && tag.bytes().next().is_some_and(word)
        && tag.bytes().all(|byte| word(byte) || byte == b'.' || byte == b'-')
}

fn is_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let algorithm_sound = algorithm.split(['+', '.', '-', '_']).all(|part| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    algorithm_sound && hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::ImageReference;

    #[test]
    fn grammar() {
        for good in [
            "alpine",
            "alpine:3.20",
            "library/alpine",
            "localhost/a",
            "localhost:5000/a/b:t",
            "a__b/c--d",
            "mcr.microsoft.com/windows/servercore:ltsc2022",
            "[::1]:5000/a",
            "Registry/a",
            "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ] {
            assert!(ImageReference::parse(good).is_some(), "{good}");
        }
        for bad in ["", ":tag", "a:", "a//b", "a___b", "-a", "a@sha256:12", "a b", "Alpine", "a:t:u", "a/B"] {
            assert!(ImageReference::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn official() {
        let official = |text| ImageReference::parse(text).and_then(|reference| reference.official());
        assert_eq!(official("python:3"), Some("python"));
        assert_eq!(official("docker.io/library/python"), Some("python"));
        assert_eq!(official("bitnami/nginx"), None);
        assert_eq!(official("quay.io/python"), None);
    }
}
