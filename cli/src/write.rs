//! Replaces a file's content in one step: readers see the old text or the new one, never a half.

use crate::read::io_message;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Replaces the content of the file at `path`, which must still hold `old`. A link is followed, and its target
/// replaced, only where that lies in one of the folders `within`; all paths are absolute, those folders without links.
///
/// The new file keeps mode and owner. Refused, with the reason: files that this user may not write, though the folder
/// would let them be replaced, and files with several hard links (the other names would keep the old text).
pub(crate) fn replace(path: &Path, within: &[&Path], old: &str, new: &str) -> Result<(), String> {
    let target = std::fs::canonicalize(path).map_err(|error| io_message(&error))?;
    if !within.iter().any(|folder| target.starts_with(folder)) {
        return Err(format!("not fixed: its link leads out of the folder, to {}", target.display()));
    }
    let metadata = std::fs::metadata(&target).map_err(|error| io_message(&error))?;
    // Opening changes nothing.
    OpenOptions::new().write(true).open(&target).map_err(|error| format!("not fixed: {}", io_message(&error)))?;
    #[cfg(unix)]
    if std::os::unix::fs::MetadataExt::nlink(&metadata) > 1 {
        return Err("not fixed: the file has several hard links".to_owned());
    }
    let written = write_beside(&target, new.as_bytes(), &metadata);
    let (temporary, file) = written.map_err(|error| format!("not fixed: {}", io_message(&error)))?;
    drop(file);
    // The check stands right before the rename, so that little time is left for someone else to write.
    let result = match std::fs::read(&target) {
        Ok(now) if now == old.as_bytes() => std::fs::rename(&temporary, &target).map_err(|error| io_message(&error)),
        Ok(_) => Err("the file was changed meanwhile".to_owned()),
        Err(error) => Err(io_message(&error)),
    };
    match result {
        Ok(()) => {
            sync_folder(&target);
            Ok(())
        }
        Err(message) => {
            let _ = std::fs::remove_file(&temporary);
            Err(format!("not fixed: {message}"))
        }
    }
}

/// Writes a new file beside the target: only a file on the same file system can take its name in one step.
fn write_beside(target: &Path, content: &[u8], like: &std::fs::Metadata) -> std::io::Result<(PathBuf, File)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let temporary = target.with_file_name(format!(
        ".{name}.{}-{}.plimsoll",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    ));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    let write = |file: &mut File| {
        file.write_all(content)?;
        keep_owner(file, like);
        file.set_permissions(like.permissions())?;
        file.sync_all()
    };
    match write(&mut file) {
        Ok(()) => Ok((temporary, file)),
        Err(error) => {
            let _ = std::fs::remove_file(&temporary);
            Err(error)
        }
    }
}

/// Only root may give files away, so this is tried and no more. It comes before the mode, which it may clear.
#[cfg(unix)]
fn keep_owner(file: &File, like: &std::fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let is_like = file.metadata().is_ok_and(|mine| (mine.uid(), mine.gid()) == (like.uid(), like.gid()));
    if !is_like && fchown(file, Some(like.uid()), Some(like.gid())).is_err() {
        let _ = fchown(file, None, Some(like.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &std::fs::Metadata) {}

/// The rename itself should survive a crash; file systems that cannot promise it are no reason to fail.
fn sync_folder(target: &Path) {
    if let Some(folder) = target.parent()
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}
