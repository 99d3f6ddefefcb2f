//! Which file names are those of Dockerfiles.

/// Whether a file of that name in a folder is taken for a Dockerfile: `Dockerfile` and `Containerfile` in any case,
/// alone, before `.suffix`, `-suffix` or `_suffix`, or behind `prefix.`. The name is the last part of a path.
///
/// ```
/// assert!(plimsoll_dockerfile::is_dockerfile_name("Dockerfile.prod"));
/// assert!(!plimsoll_dockerfile::is_dockerfile_name("dockerfile.go"));
/// ```
pub fn is_dockerfile_name(name: &str) -> bool {
    // Not by these names: what tools leave behind, documents, and templates that are no Dockerfiles yet.
    const NEVER: [&str; 12] = [
        ".dockerignore",
        ".containerignore",
        ".md",
        ".orig",
        ".rej",
        ".bak",
        ".j2",
        ".tmpl",
        ".tpl",
        ".erb",
        ".in",
        ".template",
    ];
    let lower = name.to_ascii_lowercase();
    if NEVER.iter().any(|ending| lower.ends_with(ending)) {
        return false;
    }
    ["dockerfile", "containerfile"].into_iter().any(|word| {
        if lower.strip_suffix(word).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('.')) {
            return true;
        }
        let Some(suffix) = lower.strip_prefix(word) else { return false };
        // `Dockerfile.go` builds something in Go; `dockerfile.go` and `Dockerfile_test.go` are written in it.
        let capital = name.starts_with("Dockerfile")
            || name.starts_with("Containerfile")
            || name.starts_with(&word.to_ascii_uppercase());
        match suffix.chars().next() {
            Some('.') => capital || !is_source(suffix),
            Some('-' | '_') => !is_source(suffix),
            _ => false,
        }
    })
}

/// Whether a name ends as files of program code or data do.
fn is_source(name: &str) -> bool {
    const ENDINGS: [&str; 36] = [
        "c", "cc", "cpp", "cs", "css", "diff", "ex", "exs", "go", "h", "html", "java", "js", "json", "jsx", "kt",
        "lock", "lua", "patch", "php", "pl", "ps1", "py", "rb", "rs", "rst", "scala", "sh", "swift", "toml", "ts",
        "tsx", "vim", "xml", "yaml", "yml",
    ];
    name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_dockerfiles() {
        for name in [
            "Dockerfile",
            "dockerfile",
            "DOCKERFILE",
            "Dockerfile.dev",
            "DOCKERFILE.dev",
            "dockerfile.alpine",
            "Dockerfile-dev",
            "Dockerfile_dev",
            "app.Dockerfile",
            "app.dockerfile",
            "a.b.DockerFile",
            ".dockerfile",
            "Containerfile",
            "containerfile.ubi",
            "x.containerfile",
            "Dockerfile.3.19",
            "Dockerfile.go",
            "DockerFile",
            "Dockerfile.windows.amd64",
        ] {
            assert!(is_dockerfile_name(name), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            ".dockerignore",
            "Dockerfile.md",
            "dockerfile.MD",
            "Dockerfile.orig",
            "Dockerfile.rej",
            "Dockerfile.bak",
            "Dockerfile.j2",
            "Dockerfile.tmpl",
            "Dockerfile.tpl",
            "Dockerfile.erb",
            "Dockerfile.in",
            "Dockerfile.template",
            "app.Dockerfile.template",
            "Dockerfiles",
            "mydockerfile",
            "docker-compose.yml",
            "dockerfile.go",
            "dockerfile.ts",
            "Dockerfile_test.go",
            "dockerfile-parser.rs",
            "Dockerfile~",
            "README",
            "",
        ] {
            assert!(!is_dockerfile_name(name), "{name}");
        }
    }
}
