//! Which file names in a folder are taken for Dockerfiles and Compose files, and how paths are shown.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Component, Path};

/// Whether a file of that name in a folder is checked.
pub(crate) fn is_input_name(name: &OsStr) -> bool {
    is_dockerfile_name(name) || is_compose_name(name)
}

/// Whether a file of that name is taken for a Compose file.
pub(crate) fn is_compose_name(name: &OsStr) -> bool {
    plimsoll::compose::is_compose_name(&name.to_string_lossy())
}

/// Whether a file of that name can be a Compose file, if that is what stands in it.
pub(crate) fn may_be_compose(name: &OsStr) -> bool {
    let lower = name.to_string_lossy().to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "yaml" | "yml" | "json") && !is_dockerfile_name(name)
}

/// Whether a file of that name in a folder is taken for a Dockerfile.
pub(crate) fn is_dockerfile_name(name: &OsStr) -> bool {
    plimsoll::dockerfile::is_dockerfile_name(&name.to_string_lossy())
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
    fn what_may_be_a_compose_file() {
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
