//! New folders that only their owner may use: bundles and plans.

use crate::names::shown;
use crate::read::io_message;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{Error, ErrorKind, Write};
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Makes a folder; one that is there must be empty, and no link.
pub(crate) fn create(folder: &Path) -> Result<(), String> {
    match builder().create(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            must_be_empty(folder)?;
            #[cfg(unix)]
            std::fs::set_permissions(folder, PermissionsExt::from_mode(0o700))
                .map_err(|error| failed(folder, &error))?;
            Ok(())
        }
        Err(error) => Err(failed(folder, &error)),
    }
}

/// Says why a folder cannot be written into: it is there, and something is in it.
pub(crate) fn must_be_empty(folder: &Path) -> Result<(), String> {
    let metadata = match std::fs::symlink_metadata(folder) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(folder, &error)),
    };
    let is_empty = || std::fs::read_dir(folder).map(|mut entries| entries.next().is_none());
    if metadata.is_dir() && is_empty().map_err(|error| failed(folder, &error))? {
        return Ok(());
    }
    Err(format!("{}: this is not an empty folder", shown(folder)))
}

/// Writes a file that was not there, with the folder that it is in.
pub(crate) fn write_new(folder: &Path, name: &str, text: &str) -> Result<(), String> {
    let path = folder.join(name);
    if let Some(parent) = path.parent().filter(|parent| *parent != folder) {
        match builder().create(parent) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(parent, &error)),
            _ => {}
        }
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&path).map_err(|error| failed(&path, &error))?;
    file.write_all(text.as_bytes()).map_err(|error| failed(&path, &error))
}

fn builder() -> DirBuilder {
    #[allow(unused_mut, reason = "only unix has modes")]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    builder.mode(0o700);
    builder
}

fn failed(path: &Path, error: &Error) -> String {
    format!("{}: {}", shown(path), io_message(error))
}
