//! The cache of `plimsoll image`: the same report with and without, and nothing believed that is not ours.

use crate::image::archive;
use crate::support::{Project, command, finish};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const TOKEN: &str = concat!("ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx");

/// A layer with one file, old enough that it is known again without being read.
fn project(content: &str) -> Project {
    let project = Project::with("layer.tar", archive("srv/.env", content.as_bytes()));
    std::thread::sleep(Duration::from_millis(2100));
    project
}

fn report(project: &Project, more: &[&str]) -> String {
    let arguments = [&["image", "layer.tar", "--format", "json", "--exit-zero"], more].concat();
    project.run(&arguments).exits(0).stderr_is("").stdout
}

fn entries(folder: &Path, ending: &str) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("the cache").map(|entry| entry.expect("an entry").path());
    let mut entries: Vec<_> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    entries.sort();
    entries
}

#[test]
fn the_second_scan_says_the_same_and_holds_no_secret() {
    let project = project(&format!("TOKEN={TOKEN}\n"));
    let without = report(&project, &["--no-cache"]);
    assert!(without.contains("secret-in-layer"), "{without}");
    let folder = project.path().join(".cache/plimsoll");
    assert!(!folder.exists(), "nothing was written");
    for _ in 0..3 {
        assert_eq!(report(&project, &[]), without);
    }
    assert_eq!((entries(&folder, ".facts").len(), entries(&folder, ".seen").len()), (1, 1));
    assert_eq!(entries(&folder, "").len(), 2, "nothing else");
    let mode = |path: &Path| fs::metadata(path).expect("metadata").mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&project.path().join(".local/state/plimsoll/cache-key")), 0o600);
    for entry in entries(&folder, "") {
        assert_eq!(mode(&entry), 0o600);
        let bytes = fs::read(entry).expect("an entry");
        assert!(!bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()));
    }
}

#[test]
fn a_change_behind_the_same_time_is_seen() {
    let project = project("TOKEN=none-none-none-none-none-none-none-00\n");
    let path = project.path().join("layer.tar");
    let before = fs::metadata(&path).expect("metadata");
    assert!(!report(&project, &[]).contains("secret-in-layer"));
    assert_eq!(entries(&project.path().join(".cache/plimsoll"), ".seen").len(), 1, "it counts as known");
    let changed = archive("srv/.env", format!("TOKEN={TOKEN}\n").as_bytes());
    assert_eq!(changed.len() as u64, before.len());
    fs::write(&path, changed).expect("the same file");
    let file = fs::File::options().append(true).open(&path).expect("the file");
    file.set_modified(before.modified().expect("a time")).expect("its old time");
    let after = fs::metadata(&path).expect("metadata");
    assert_eq!((after.ino(), after.size(), after.mtime_nsec()), (before.ino(), before.size(), before.mtime_nsec()));
    assert!(report(&project, &[]).contains("secret-in-layer"));
}

#[test]
fn damaged_and_forged_entries_are_not_believed() {
    let project = project(&format!("TOKEN={TOKEN}\n"));
    let expected = report(&project, &["--no-cache"]);
    report(&project, &["--cache-dir", "cache"]);
    let facts = &entries(&project.path().join("cache"), ".facts")[0];
    let sound = fs::read(facts).expect("an entry");
    // As another user, or a machine of CI that ran a stranger's code, would seal it.
    let forger = Project::with("layer.tar", archive("srv/.env", b"TOKEN=none\n"));
    forger.run(&["image", "layer.tar", "--cache-dir", "cache"]).exits(1);
    let forged = fs::read(&entries(&forger.path().join("cache"), ".facts")[0]).expect("an entry");
    for content in [&sound[..sound.len() / 2], b"", b"junk", &forged] {
        fs::write(facts, content).expect("an entry");
        assert_eq!(report(&project, &["--cache-dir", "cache", "--cache-readonly"]), expected);
        assert_eq!(fs::read(facts).expect("an entry"), content, "nothing is written");
    }
    report(&project, &["--cache-dir", "cache"]);
    assert_eq!(fs::read(facts).expect("an entry"), sound, "it is written anew");
    // A folder without the key that sealed it is worth nothing, and one that shares a key is.
    fs::remove_dir_all(project.path().join(".local")).expect("the key goes");
    report(&project, &["--cache-dir", "cache"]);
    assert_ne!(fs::read(facts).expect("an entry"), sound);
    let with_key = |key: &str| {
        let mut command = command(&project.path(), &["image", "layer.tar", "--cache-dir", "cache"]);
        finish(command.env("PLIMSOLL_CACHE_KEY", key).spawn().expect("the program starts"))
    };
    with_key("short").exits(2).stdout_has("PLIMSOLL_CACHE_KEY has less than 16 characters");
    with_key("a key that machines share").exits(1);
    let shared = fs::read(facts).expect("an entry");
    with_key("a key that machines share").exits(1);
    assert_eq!(fs::read(facts).expect("an entry"), shared);
}

#[test]
fn folders_that_are_not_ours_alone_are_not_used() {
    let project = Project::with("layer.tar", archive("a", b""));
    let at = |name: &str| project.path().join(name);
    for name in ["open", "real", "other"] {
        fs::create_dir(at(name)).expect("a folder");
        fs::set_permissions(at(name), fs::Permissions::from_mode(0o700)).expect("its mode");
    }
    project.write("file", "");
    fs::set_permissions(at("open"), fs::Permissions::from_mode(0o777)).expect("its mode");
    symlink("real", at("link")).expect("a link");
    let mut refused = vec![("open", "others may enter it"), ("link", "a symbolic link"), ("file", "no folder")];
    if std::os::unix::fs::chown(at("other"), Some(4711), None).is_ok() {
        refused.push(("other", "belongs to another user, 4711"));
    }
    for (name, why) in refused {
        // The image is scanned all the same.
        let run = project.run(&["image", "layer.tar", "--cache-dir", name, "--format", "json"]).exits(2);
        assert!(run.errors().iter().any(|error| error.contains(why)), "{run:?}");
        assert_eq!(run.json()["images"].as_array().map(Vec::len), Some(1));
    }
    assert!(["open", "real", "other"].iter().all(|name| entries(&at(name), "").is_empty()));
    // Of the usual folder it is said beside the report.
    fs::create_dir_all(at(".cache/plimsoll")).expect("a folder");
    fs::set_permissions(at(".cache/plimsoll"), fs::Permissions::from_mode(0o755)).expect("its mode");
    project.run(&["image", "layer.tar"]).exits(0).stderr_has("others may enter it");
    project.run(&["image", "layer.tar", "--no-cache", "--cache-readonly"]).exits(2);
}

#[test]
fn in_ci_files_are_always_hashed() {
    let project = project("x");
    let mut command = command(&project.path(), &["image", "layer.tar"]);
    finish(command.env("CI", "true").spawn().expect("the program starts")).exits(1);
    let folder = project.path().join(".cache/plimsoll");
    assert_eq!((entries(&folder, ".facts").len(), entries(&folder, ".seen").len()), (1, 0));
}

#[test]
fn several_at_once() {
    let project = project(&format!("TOKEN={TOKEN}\n"));
    let expected = report(&project, &["--no-cache"]);
    let arguments = ["image", "layer.tar", "--format", "json", "--exit-zero"];
    let running: Vec<_> =
        (0..4).map(|_| command(&project.path(), &arguments).spawn().expect("the program starts")).collect();
    for child in running {
        assert_eq!(finish(child).exits(0).stderr_is("").stdout, expected);
    }
    let folder = project.path().join(".cache/plimsoll");
    assert_eq!(entries(&folder, "").len(), 2, "no parts are left");
    assert_eq!(report(&project, &["--cache-readonly"]), expected);
}

/// A file system of a few pages, mounted for the test.
struct Small<'a>(&'a Path);

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
fn a_full_disk() {
    let project = Project::with("layer.tar", archive("a", b""));
    let folder = project.path().join("cache");
    fs::create_dir(&folder).expect("a folder");
    let options = ["-t", "tmpfs", "-o", "size=4k,mode=700", "tmpfs"];
    let mounted = Command::new("mount").args(options).arg(&folder).status().is_ok_and(|status| status.success());
    if !mounted {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no file system can be mounted");
        println!("skipped: no file system can be mounted");
        return;
    }
    let _small = Small(&folder);
    fs::write(folder.join("full"), [0; 4096]).expect("the last page");
    let run = project.run(&["image", "layer.tar", "--cache-dir", "cache"]).exits(0);
    assert_eq!(run.stderr.matches("cannot be written").count(), 1, "{run:?}");
    assert_eq!(entries(&folder, "").len(), 1, "no part is left");
}
