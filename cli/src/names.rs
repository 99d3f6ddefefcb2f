//! Which file names in a folder are taken for Dockerfiles and Compose files, and how paths are shown.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Component, Path};

/// Whether a file of that name in a folder is checked.
pub(crate) fn is_input_name(name: &OsStr) -> bool {
    is_dockerfile_name(name) || is_compose_name(name)
}

/// Whether a file of that name is taken for a Compose file: `compose`, `docker-compose` and their kin in any case, alone
/// or with something behind `.`, `-` or `_`, and the ending of YAML.
pub(crate) fn is_compose_name(name: &OsStr) -> bool {
    const WORDS: [&str; 6] =
        ["docker-compose", "docker_compose", "compose", "podman-compose", "container-compose", "docker-stack"];
    let lower = name.to_string_lossy().to_ascii_lowercase();
    let Some(stem) = lower.strip_suffix(".yaml").or_else(|| lower.strip_suffix(".yml")) else { return false };
    WORDS
        .iter()
        .filter_map(|word| stem.strip_prefix(word))
        .any(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
}

/// Whether a file of that name can be a Compose file, if that is what stands in it.
pub(crate) fn may_be_compose(name: &OsStr) -> bool {
    let lower = name.to_string_lossy().to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "yaml" | "yml" | "json") && !is_dockerfile_name(name)
}

/// Whether a file of that name in a folder is taken for a Dockerfile: `Dockerfile` and `Containerfile` in any case,
/// alone, before `.suffix`, `-suffix` or `_suffix`, or behind `prefix.`.
pub(crate) fn is_dockerfile_name(name: &OsStr) -> bool {
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
    let name = name.to_string_lossy();
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

/// A path as reports show it: no leading `./`, `/` between parts, what is not UTF-8 percent-encoded.
pub(crate) fn shown(path: &Path) -> String {
    let mut text = String::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::RootDir => text.push('/'),
            Component::Prefix(_) | Component::ParentDir | Component::Normal(_) => {
                if !text.is_empty() && !text.ends_with('/') {
                    text.push('/');
                }
                push_encoded(&mut text, component.as_os_str());
            }
        }
    }
    if text.is_empty() { ".".to_owned() } else { text }
}

fn push_encoded(text: &mut String, part: &OsStr) {
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "%{byte:02X}");
        }
    }
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
            assert!(is_dockerfile_name(OsStr::new(name)), "{name}");
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
            assert!(!is_dockerfile_name(OsStr::new(name)), "{name}");
        }
    }

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
            assert!(is_compose_name(OsStr::new(name)), "{name}");
        }
        for name in
            ["composer.json", "compose.json", "compose.yaml.j2", "docker-composed.yml", "my-compose.yml", "compose"]
        {
            assert!(!is_compose_name(OsStr::new(name)), "{name}");
        }
        assert!(may_be_compose(OsStr::new("stack.yml")) && may_be_compose(OsStr::new("a.JSON")));
        assert!(!may_be_compose(OsStr::new("Dockerfile")) && !may_be_compose(OsStr::new("Dockerfile.yml")));
    }

    #[test]
    fn shown_paths() {
        for (path, expected) in [
            ("./a/./b", "a/b"),
            ("a//b", "a/b"),
            ("../a", "../a"),
            ("/a/b", "/a/b"),
            (".", "."),
            ("", "."),
            ("/", "/"),
            ("é", "é"),
        ] {
            assert_eq!(shown(Path::new(path)), expected, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf8_is_percent_encoded() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(shown(Path::new(OsStr::from_bytes(b"a/\xff\xc3\xa9"))), "a/%FF\u{e9}");
    }
}
