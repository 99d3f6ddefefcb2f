//! The folder that keeps what is known of layers, and the key that seals it.

use crate::args::CacheFlags;
use crate::output::print_note;
use crate::read::io_message;
use plimsoll::image::{Cache, Store};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

/// What entries may take together, in bytes and in number.
const MOST_BYTES: u64 = 512 << 20;
const MOST_ENTRIES: usize = 20_000;
/// Larger entries are not believed.
const LARGEST: u64 = 256 << 20;
/// What is left of a run that was killed is removed after this time.
const ABANDONED: Duration = Duration::from_hours(1);

/// A folder of our own with one file for each entry.
pub(crate) struct CacheFolder {
    folder: PathBuf,
    writes: bool,
    /// Writing fails for all entries alike, so that is said once.
    failed: Once,
    written: AtomicU32,
}

/// The cache that the flags ask for, and the key that seals it; `None` where there is to be none. An error says why the
/// folder cannot be used.
pub(crate) fn open(flags: &CacheFlags) -> Result<Option<(CacheFolder, [u8; 32])>, String> {
    if flags.no_cache {
        return Ok(None);
    }
    let Some(folder) = flags.cache_dir.clone().or_else(|| user_folder("XDG_CACHE_HOME", ".cache")) else {
        return Ok(None);
    };
    let named = |message: String| format!("the cache {} is not used: {message}", folder.display());
    match fs::symlink_metadata(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && flags.cache_readonly => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_private(&folder).map_err(|error| named(io_message(&error)))?;
        }
        Err(error) => return Err(named(io_message(&error))),
        Ok(_) => {}
    }
    // Looked at after it was made: another could have been first.
    let metadata = fs::symlink_metadata(&folder).map_err(|error| named(io_message(&error)))?;
    private(&metadata).map_err(named)?;
    let Some(key) = key(flags.cache_readonly).map_err(named)? else { return Ok(None) };
    let cache = CacheFolder { folder, writes: !flags.cache_readonly, failed: Once::new(), written: AtomicU32::new(0) };
    Ok(Some((cache, key)))
}

impl Store for CacheFolder {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        let path = self.folder.join(name);
        let metadata = fs::symlink_metadata(&path).ok()?;
        if !metadata.is_file() || metadata.len() > LARGEST {
            return None;
        }
        let mut entry = Vec::with_capacity(metadata.len() as usize);
        let file = File::open(&path).ok()?;
        (&file).take(LARGEST).read_to_end(&mut entry).ok()?;
        // What was of use last is removed last.
        let is_old = metadata.modified().ok().and_then(|time| time.elapsed().ok()).is_some_and(|age| age > ABANDONED);
        if self.writes && is_old {
            let _ = File::options().append(true).open(&path).and_then(|file| file.set_modified(SystemTime::now()));
        }
        Some(entry)
    }

    fn save(&self, name: &str, entry: &[u8]) {
        if !self.writes || entry.len() as u64 > LARGEST {
            return;
        }
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let part = self.folder.join(format!("{}-{number}.part", std::process::id()));
        if let Err(error) = replace(&part, &self.folder.join(name), entry) {
            let _ = fs::remove_file(&part);
            let message = format!("the cache {} cannot be written: {}", self.folder.display(), io_message(&error));
            self.failed.call_once(|| print_note(&plimsoll::report::printable(&message)));
        }
    }
}

impl CacheFolder {
    /// Removes what was of no use for longest, where there is too much.
    pub(crate) fn trim(&self) {
        if self.written.load(Ordering::Relaxed) > 0 {
            trim(&self.folder, MOST_BYTES, MOST_ENTRIES);
        }
    }
}

fn trim(folder: &Path, most_bytes: u64, most_entries: usize) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut kept: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        // Others' files are none of ours.
        let Some(ending @ ("facts" | "seen" | "part")) = ending else { continue };
        let Ok(metadata) = entry.metadata() else { continue };
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        if ending != "part" {
            kept.push((modified, metadata.len(), path));
        } else if modified.elapsed().is_ok_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(path);
        }
    }
    let mut bytes: u64 = kept.iter().map(|(_, size, _)| size).sum();
    let mut count = kept.len();
    if bytes <= most_bytes && count <= most_entries {
        return;
    }
    kept.sort();
    for (_, size, path) in kept {
        // With some room, so that not every run has to make some.
        if bytes <= most_bytes / 4 * 3 && count <= most_entries / 4 * 3 {
            return;
        }
        let _ = fs::remove_file(path);
        bytes -= size;
        count -= 1;
    }
}

/// Writes a file that only we can read, and puts it into its place when it is whole.
fn replace(part: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = private_file(part)?;
    file.write_all(content)?;
    drop(file);
    fs::rename(part, path)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a folder that only we can enter, and those above it as usual.
fn make_private(folder: &Path) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Whether it is a folder that only we can enter; an error says what else it is.
fn private(metadata: &Metadata) -> Result<(), String> {
    if metadata.is_symlink() {
        return Err("it is a symbolic link".to_owned());
    }
    if !metadata.is_dir() {
        return Err("it is no folder".to_owned());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = metadata.mode() & 0o7777;
        if own_uid().is_some_and(|uid| uid != metadata.uid()) {
            return Err(format!("it belongs to another user, {}", metadata.uid()));
        }
        if mode & 0o077 != 0 {
            return Err(format!("others may enter it, its mode is {mode:o} and must be 700"));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn own_uid() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    // The process as a file belongs to its effective user. Where there is no such file, one of our own tells.
    if let Ok(metadata) = fs::metadata("/proc/self") {
        return Some(metadata.uid());
    }
    let path = std::env::temp_dir().join(format!("plimsoll-{}.part", std::process::id()));
    let uid = private_file(&path).and_then(|file| file.metadata()).map(|metadata| metadata.uid()).ok();
    let _ = fs::remove_file(path);
    uid
}

/// The key that seals entries: of the environment, so that machines can share a cache, else of a file of our own, which
/// is made where there is none. It never stands in the cache: a folder that came from elsewhere proves nothing.
fn key(readonly: bool) -> Result<Option<[u8; 32]>, String> {
    const VARIABLE: &str = "PLIMSOLL_CACHE_KEY";
    const SHORTEST: usize = 16;
    if let Ok(text) = std::env::var(VARIABLE)
        && !text.is_empty()
    {
        if text.len() < SHORTEST {
            return Err(format!("{VARIABLE} has less than {SHORTEST} characters"));
        }
        return Ok(Some(Cache::key_of(&text)));
    }
    let Some(folder) = user_folder("XDG_STATE_HOME", ".local/state") else { return Ok(None) };
    let path = folder.join("cache-key");
    let failed = |error: io::Error| format!("{}: {}", path.display(), io_message(&error));
    match read_key(&path) {
        Ok(key) => return Ok(Some(key)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && readonly => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    make_private(&folder).map_err(failed)?;
    let part = folder.join(format!("{}.part", std::process::id()));
    let made = random().and_then(|key| private_file(&part)?.write_all(&key)).and_then(|()| {
        // A link fails where another process was first: its key holds.
        fs::hard_link(&part, &path).or_else(|error| if path.exists() { Ok(()) } else { Err(error) })
    });
    let _ = fs::remove_file(&part);
    made.and_then(|()| read_key(&path)).map(Some).map_err(failed)
}

fn read_key(path: &Path) -> io::Result<[u8; 32]> {
    let metadata = fs::symlink_metadata(path)?;
    let mut key = [0; 32];
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if metadata.mode() & 0o077 != 0 || own_uid().is_some_and(|uid| uid != metadata.uid()) {
            return Err(io::Error::other("others can read it or own it"));
        }
    }
    if !metadata.is_file() || metadata.len() != key.len() as u64 {
        return Err(io::Error::other("no key of 32 bytes"));
    }
    File::open(path)?.read_exact(&mut key)?;
    Ok(key)
}

fn random() -> io::Result<[u8; 32]> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(key)
}

/// Our folder among those of the user's: by the variable, else below the home folder.
fn user_folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    // What is not absolute is to be ignored, as the XDG specification says.
    let of = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let windows = || if cfg!(windows) { of("LOCALAPPDATA") } else { None };
    let folder = of(variable).or_else(windows).or_else(|| of("HOME").map(|home| home.join(below_home)))?;
    Some(folder.join("plimsoll"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, age: u64| {
            let path = folder.path().join(name);
            fs::write(&path, [0; 100]).expect("a file");
            let time = SystemTime::now() - Duration::from_secs(age);
            File::options().append(true).open(&path).and_then(|file| file.set_modified(time)).expect("a time");
        };
        for (name, age) in [("a.facts", 40), ("b.seen", 30), ("c.facts", 20), ("d.facts", 10), ("notes.txt", 90)] {
            write(name, age);
        }
        write("1-1.part", 2 * ABANDONED.as_secs());
        write("2-1.part", 5);
        let left = || {
            let names = fs::read_dir(folder.path()).expect("the folder").filter_map(Result::ok);
            let mut names: Vec<_> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            names
        };
        trim(folder.path(), 400, 4);
        assert_eq!(left(), ["2-1.part", "a.facts", "b.seen", "c.facts", "d.facts", "notes.txt"]);
        trim(folder.path(), 399, 4);
        assert_eq!(left(), ["2-1.part", "c.facts", "d.facts", "notes.txt"]);
        trim(folder.path(), 400, 1);
        assert_eq!(left(), ["2-1.part", "notes.txt"]);
    }
}
