//! Which file names are those of Compose files.

/// Whether a file of that name is taken for a Compose file: `compose`, `docker-compose` and their kin in any case, alone
/// or with something behind `.`, `-` or `_`, and the ending of YAML. The name is the last part of a path.
///
/// ```
/// assert!(plimsoll_compose::is_compose_name("docker-compose.override.yml"));
/// assert!(!plimsoll_compose::is_compose_name("composer.json"));
/// ```
pub fn is_compose_name(name: &str) -> bool {
    const WORDS: [&str; 6] =
        ["docker-compose", "docker_compose", "compose", "podman-compose", "container-compose", "docker-stack"];
    let lower = name.to_ascii_lowercase();
    let Some(stem) = lower.strip_suffix(".yaml").or_else(|| lower.strip_suffix(".yml")) else { return false };
    WORDS
        .iter()
        .filter_map(|word| stem.strip_prefix(word))
        .any(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_compose_files() {
        for name in [
            "compose.yaml",
            "compose.yml",
            "Compose.YAML",
            "docker-compose.yml",
            "docker-compose.override.yml",
            "docker-compose-dev.yaml",
            "compose.prod.yaml",
            "podman-compose.yml",
        ] {
            assert!(is_compose_name(name), "{name}");
        }
        for name in
            ["composer.json", "compose.json", "compose.yaml.j2", "docker-composed.yml", "my-compose.yml", "compose"]
        {
            assert!(!is_compose_name(name), "{name}");
        }
    }
}
