//! Files and folders as the image reader wants them: read at offsets, opened without following links.

use crate::output::print_note;
use crate::progress::{Progress, Told};
use crate::read::io_message;
use plimsoll::image::{Folder, Input, ReadAt, Stamp};
use plimsoll::report::printable;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// An open regular file.
pub(crate) struct OpenFile {
    file: File,
    size: u64,
    opened: SystemTime,
}

impl OpenFile {
    /// Opens a file that was seen to be a regular one.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let opened = SystemTime::now();
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        Ok(Self { file, size: metadata.len(), opened })
    }
}

impl ReadAt for OpenFile {
    #[cfg(unix)]
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&self.file, buffer, offset)
    }

    #[cfg(windows)]
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&self.file, buffer, offset)
    }

    fn size(&self) -> u64 {
        self.size
    }

    #[cfg(unix)]
    fn stamp(&self) -> Option<Stamp> {
        use std::os::unix::fs::MetadataExt;
        // Who builds others' changes does not rely on it.
        if std::env::var("CI").is_ok_and(|ci| ci == "true") {
            return None;
        }
        let metadata = self.file.metadata().ok()?;
        let stamp = Stamp {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        };
        // Within a second a further change could leave the same times, on file systems that keep only those.
        let opened = self.opened.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        (stamp.changed.0.saturating_add(2) <= i64::try_from(opened).ok()?).then_some(stamp)
    }
}

/// A folder that holds a layout.
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }
}

impl Folder for Layout {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadAt>>> {
        let mut place = self.root.clone();
        for part in path.split('/') {
            place.push(part);
            // No part may be a link: a layout from elsewhere could have files of ours read.
            match std::fs::symlink_metadata(&place) {
                Ok(metadata) if metadata.is_dir() || metadata.is_file() => {}
                Ok(_) => return Err(io::Error::other("neither a file nor a folder; links are not followed")),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        if place.is_dir() {
            return Ok(None);
        }
        OpenFile::open(&place).map(|file| Some(Box::new(file) as Box<dyn ReadAt>))
    }
}

/// An opened input, whatever it is.
pub(crate) struct OpenImage {
    source: Source,
    progress: Progress,
}

enum Source {
    File(OpenFile),
    Layout(Layout),
    Stream(Box<dyn Read>),
}

impl OpenImage {
    /// Opens a file, a folder that holds a layout, standard input (`-`), or an image in the local engine, by its name.
    pub(crate) fn open(path: &Path, is_quiet: bool) -> Result<Self, String> {
        let name = printable(&crate::image::name_of(path));
        let progress = |total| Progress::new(name.clone(), total, !is_quiet);
        if path.as_os_str() == "-" {
            if !is_quiet {
                print_note(
                    "standard input is read once: layers one after the other, needed or not, and not from the cache",
                );
            }
            let source = Source::Stream(Box::new(io::stdin()));
            return Ok(Self { source, progress: progress(None) });
        }
        if path.is_dir() {
            return Ok(Self { source: Source::Layout(Layout::new(path)), progress: progress(None) });
        }
        match OpenFile::open(path) {
            Ok(file) => {
                let progress = progress(Some(file.size()));
                Ok(Self { source: Source::File(file), progress })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let stream = crate::engine::export(path)?;
                Ok(Self { source: Source::Stream(stream), progress: progress(None) })
            }
            Err(error) => Err(io_message(&error)),
        }
    }

    /// Scans it with `scan`.
    pub(crate) fn scan<T>(self, scan: impl FnOnce(Input<'_>) -> T) -> T {
        let progress = &self.progress;
        match self.source {
            Source::File(file) => scan(Input::File(&Told { inner: file, progress })),
            Source::Layout(layout) => scan(Input::Folder(&Told { inner: layout, progress })),
            Source::Stream(stream) => scan(Input::Stream(Box::new(Told { inner: stream, progress }))),
        }
    }
}

/// Whether a folder holds an image itself, rather than archives of images.
pub(crate) fn is_layout(folder: &Path) -> bool {
    ["index.json", "manifest.json", "oci-layout"].iter().any(|name| folder.join(name).is_file())
}
