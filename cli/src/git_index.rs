//! Which files git tracks, read from a repository's index: .gitignore says nothing about those.
//!
//! Versions 2 to 4 are read, with SHA-1 and SHA-256, in worktrees, submodules and split indexes. What cannot be read
//! gives the paths up to there: the walk found every other file already.

use std::ffi::OsString;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The tracked paths, relative to the work tree whose root folder is given; empty where there is no index.
pub(crate) fn tracked_files(root: &Path) -> Vec<PathBuf> {
    let Some(git) = git_folder(root) else { return Vec::new() };
    let hash_length = hash_length(&git);
    let mut paths = Vec::new();
    if let Some(index) = read_regular(&git.join("index"))
        && let Some(shared) = read_index(&index, hash_length, &mut paths)
        && let Some(base) = read_regular(&git.join(format!("sharedindex.{shared}")))
    {
        // What the index removed from its base is gone from the disk too, or is checked without need.
        read_index(&base, hash_length, &mut paths);
    }
    paths.into_iter().map(|path| PathBuf::from(os_string(path))).collect()
}

/// The folder that holds the index: `.git`, or where the file `.git` of a worktree or submodule points.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let pointer = String::from_utf8(read_regular(&git)?).ok()?;
    Some(root.join(pointer.strip_prefix("gitdir:")?.trim()))
}

/// The content of a regular file: opening a FIFO would block.
fn read_regular(path: &Path) -> Option<Vec<u8>> {
    std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file()).then(|| std::fs::read(path).ok()).flatten()
}

/// The length of object names in bytes. Worktrees share the main repository's configuration.
fn hash_length(git: &Path) -> usize {
    let text = |path: &Path| read_regular(path).and_then(|bytes| String::from_utf8(bytes).ok());
    let common = text(&git.join("commondir")).map_or_else(|| git.to_owned(), |folder| git.join(folder.trim()));
    let config = text(&common.join("config")).unwrap_or_default();
    let sha256 = config.lines().any(|line| {
        line.split_once('=').is_some_and(|(key, value)| {
            key.trim().eq_ignore_ascii_case("objectformat") && value.trim().eq_ignore_ascii_case("sha256")
        })
    });
    if sha256 { 32 } else { 20 }
}

/// Adds the paths of an index; gives the name of the shared index that it builds upon, if any.
fn read_index(data: &[u8], hash_length: usize, paths: &mut Vec<Vec<u8>>) -> Option<String> {
    let mut reader = Reader { data, at: 0 };
    if reader.take(4)? != b"DIRC" {
        return None;
    }
    let version = reader.number()?;
    let count = reader.number()?;
    let mut path: Vec<u8> = Vec::new();
    for _ in 0..count {
        let start = reader.at;
        // Times, device, inode, mode, owner and size come before the object's name.
        reader.take(40 + hash_length)?;
        let flags = reader.short()?;
        if flags & 0x4000 != 0 {
            reader.take(2)?;
        }
        if version == 4 {
            let dropped = reader.offset()?;
            path.truncate(path.len().checked_sub(dropped)?);
            path.extend_from_slice(reader.until_nul()?);
        } else {
            path = reader.until_nul()?.to_vec();
            // Entries end at a multiple of eight bytes, with at least one NUL, which is read already.
            let length = reader.at - start;
            reader.take(length.next_multiple_of(8) - length)?;
        }
        // A path that ends in a slash stands for a folder in a sparse index.
        if !path.is_empty() && !path.ends_with(b"/") {
            paths.push(path.clone());
        }
    }
    loop {
        let name = reader.take(4)?;
        let length = reader.number()? as usize;
        let content = reader.take(length)?;
        if name == b"link" {
            let hash = content.get(..hash_length)?;
            return Some(hash.iter().fold(String::new(), |mut name, byte| {
                let _ = write!(name, "{byte:02x}");
                name
            }));
        }
    }
}

struct Reader<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.data.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn until_nul(&mut self) -> Option<&'a [u8]> {
        let rest = self.data.get(self.at..)?;
        let length = rest.iter().position(|&byte| byte == 0)?;
        self.at += length + 1;
        rest.get(..length)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    /// Git's variable-length offset: seven bits a byte, each continuation adding one.
    fn offset(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        loop {
            let byte = *self.take(1)?.first()?;
            value = value.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
        }
    }
}

#[cfg(unix)]
fn os_string(bytes: Vec<u8>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes)
}

#[cfg(not(unix))]
fn os_string(bytes: Vec<u8>) -> OsString {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn git(folder: &Path, arguments: &[&str]) {
        let status = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("git runs");
        assert!(status.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&status.stderr));
    }

    fn sorted(root: &Path) -> Vec<String> {
        let mut paths: Vec<String> =
            tracked_files(root).iter().map(|path| path.to_string_lossy().into_owned()).collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// `None`, and a line that says so, where git is missing; with `CI=true` it must not be.
    #[allow(clippy::print_stdout, reason = "a skipped test says so")]
    fn repository(init: &[&str]) -> Option<tempfile::TempDir> {
        if Command::new("git").arg("--version").output().is_err() {
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "git is missing");
            println!("skipped: git is missing");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        git(folder.path(), init);
        std::fs::create_dir_all(folder.path().join("services/long-name")).expect("a folder");
        for name in ["Dockerfile", "services/long-name/Dockerfile", "services/long-name/Dockerfile.dev", "é"] {
            std::fs::write(folder.path().join(name), "FROM scratch\n").expect("written");
        }
        git(folder.path(), &["add", "-A"]);
        Some(folder)
    }

    const ALL: [&str; 4] = ["Dockerfile", "services/long-name/Dockerfile", "services/long-name/Dockerfile.dev", "é"];

    #[test]
    fn every_version_and_hash() {
        for init in [&["init", "-q"][..], &["init", "-q", "--object-format=sha256"]] {
            let Some(folder) = repository(init) else { return };
            for version in ["2", "4"] {
                git(folder.path(), &["update-index", "--index-version", version]);
                assert_eq!(sorted(folder.path()), ALL, "version {version}, {init:?}");
            }
            // An entry that is to be added makes it version 3.
            git(folder.path(), &["update-index", "--index-version", "2"]);
            std::fs::write(folder.path().join("new"), "").expect("written");
            git(folder.path(), &["add", "-N", "new"]);
            assert_eq!(std::fs::read(folder.path().join(".git/index")).expect("an index")[7], 3);
            assert_eq!(sorted(folder.path()).len(), 5);
        }
    }

    #[test]
    fn split_index() {
        let Some(folder) = repository(&["init", "-q"]) else { return };
        git(folder.path(), &["update-index", "--split-index"]);
        std::fs::write(folder.path().join("later"), "").expect("written");
        git(folder.path(), &["add", "later"]);
        let mut expected = ALL.to_vec();
        expected.insert(1, "later");
        assert_eq!(sorted(folder.path()), expected);
    }

    #[test]
    fn worktree() {
        let Some(folder) = repository(&["init", "-q"]) else { return };
        git(folder.path(), &["commit", "-q", "-m", "first"]);
        let tree = folder.path().join("tree");
        git(folder.path(), &["worktree", "add", "-q", "tree"]);
        assert!(tree.join(".git").is_file());
        assert_eq!(sorted(&tree), ALL);
    }

    #[test]
    fn truncated_or_foreign_data_gives_what_is_whole() {
        let Some(folder) = repository(&["init", "-q"]) else { return };
        let whole = std::fs::read(folder.path().join(".git/index")).expect("an index");
        for length in 0..whole.len() {
            let mut paths = Vec::new();
            read_index(&whole[..length], 20, &mut paths);
            assert!(paths.len() <= ALL.len());
        }
        let mut paths = Vec::new();
        assert_eq!(read_index(b"DIRC\0\0\0\x02\xff\xff\xff\xff", 20, &mut paths), None);
        assert_eq!(paths.len(), 0);
    }
}
