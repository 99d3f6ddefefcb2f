//! Files of the host that is looked at, which may be mounted at a folder.

use crate::paths::normal;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// The host below the folder at which its root is mounted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Host<'r> {
    pub(super) root: &'r Path,
}

impl Host<'_> {
    /// A file's text. Only regular files are opened, and links do not leave the root.
    pub(super) fn read(&self, path: &str) -> io::Result<String> {
        const LARGEST: u64 = 16 << 20;
        let place = self.place(path)?;
        let metadata = fs::metadata(&place)?;
        if !metadata.is_file() {
            return Err(io::Error::other("this is not a file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(&place)?.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Where a path of the host is for us.
    pub(super) fn place(&self, path: &str) -> io::Result<PathBuf> {
        Ok(self.below(&self.real(path)?))
    }

    pub(super) fn below(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// A path of the host without links: each is followed below the root, as the host itself would follow it.
    pub(super) fn real(&self, path: &str) -> io::Result<String> {
        const MOST_LINKS: usize = 40;
        let mut rest: Vec<String> =
            normal(path).split('/').filter(|part| !part.is_empty()).rev().map(str::to_owned).collect();
        let mut real = String::new();
        let mut links = 0;
        while let Some(part) = rest.pop() {
            let next = format!("{real}/{part}");
            // /proc/self and its kin are links that mean ourselves.
            let metadata = fs::symlink_metadata(self.below(&next))?;
            if !metadata.is_symlink() {
                real = next;
                continue;
            }
            links += 1;
            if links > MOST_LINKS {
                return Err(io::Error::other("too many links"));
            }
            let target = fs::read_link(self.below(&next))?;
            if target.is_absolute() {
                real.clear();
            }
            for part in target.components().rev() {
                match part {
                    Component::Normal(part) => rest.push(part.to_string_lossy().into_owned()),
                    Component::ParentDir => rest.push("..".to_owned()),
                    Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
                }
            }
            // What `..` leaves is what was there before the link.
            while rest.last().is_some_and(|part| part == "..") {
                rest.pop();
                real.truncate(real.rfind('/').unwrap_or_default());
            }
        }
        Ok(if real.is_empty() { "/".to_owned() } else { real })
    }
}
