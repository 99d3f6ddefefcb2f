//! Fixes in files: only what is mended changes, whole or not at all, and nothing outside of the folder.

use super::support::{BAD, GOOD, Project};
use std::fs;

#[test]
fn a_fixed_file_is_clean() {
    let project = Project::with("Dockerfile", BAD);
    project.lint(&["--fix", "."]).exits(0).stderr_has("fixed 1 finding in 1 file");
    assert_eq!(project.read("Dockerfile"), GOOD);
    let run = project.lint(&["--fix", "."]).exits(0);
    assert!(!run.stderr.contains("fixed"), "{run:?}");
    assert_eq!(fs::read_dir(project.path()).expect("the folder").count(), 1, "nothing is left behind");
}

#[test]
fn crlf_byte_order_mark_comments_and_continuations_are_kept() {
    let before = "\u{feff}# syntax=docker/dockerfile:1\r\nFROM scratch\r\n# why\r\nADD \\\r\n  # inside\r\n  a.conf \\\r\n  /etc/\r\n\r\n";
    let project = Project::with("Dockerfile", before);
    project.lint(&["--fix", "."]).exits(0);
    assert_eq!(project.read("Dockerfile"), before.replace("ADD", "COPY"));
}

#[cfg(unix)]
#[test]
fn mode_and_owner_are_kept() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let project = Project::with("Dockerfile", BAD);
    let path = project.path().join("Dockerfile");
    // Only root can give it away; for others owner and group are their own.
    let given = chown(&path, Some(1234), Some(1234)).is_ok();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o754)).expect("the mode is set");
    project.lint(&["--fix", "."]).exits(0);
    let metadata = fs::metadata(&path).expect("the file");
    assert_eq!(metadata.mode() & 0o7777, 0o754);
    assert_eq!(project.read("Dockerfile"), GOOD);
    if given {
        assert_eq!((metadata.uid(), metadata.gid()), (1234, 1234));
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_folder_only() {
    use std::os::unix::fs::symlink;
    let outside = Project::with("Dockerfile", BAD);
    let project = Project::with("real.txt", BAD);
    symlink("real.txt", project.path().join("Dockerfile")).expect("a link");
    project.lint(&["--fix", "."]).exits(0);
    assert_eq!(project.read("real.txt"), GOOD);
    assert!(fs::symlink_metadata(project.path().join("Dockerfile")).expect("the link").is_symlink());

    symlink(outside.path().join("Dockerfile"), project.path().join("Dockerfile.out")).expect("a link");
    symlink(outside.path(), project.path().join("folder")).expect("a link");
    for name in ["Dockerfile.out", "folder/Dockerfile"] {
        let run = project.lint(&["--fix", "--format", "json", name]).exits(2);
        assert!(run.errors()[0].contains("not fixed: its link leads out of the folder"), "{run:?}");
        assert_eq!(run.paths(), [name], "the finding is still reported");
    }
    project.lint(&["--fix", "."]).exits(0);
    assert_eq!(outside.read("Dockerfile"), BAD);
    // A path that names another folder is meant.
    project.lint(&["--fix", &outside.path().to_string_lossy()]).exits(0);
    assert_eq!(outside.read("Dockerfile"), GOOD);
}

#[cfg(unix)]
#[test]
fn hard_linked_files_and_those_that_may_not_be_written_are_left() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let project = Project::with("Dockerfile", BAD);
    let path = project.path().join("Dockerfile");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("the mode is set");
    let metadata = fs::metadata(&path).expect("the file");
    if metadata.uid() == 0 {
        // Root may write everything; the mode stays.
        project.lint(&["--fix", "."]).exits(0);
        assert_eq!(project.read("Dockerfile"), GOOD);
    } else {
        project.lint(&["--fix", "."]).exits(2).stdout_has("Dockerfile: not fixed: permission denied");
        assert_eq!(project.read("Dockerfile"), BAD);
    }
    assert_eq!(fs::metadata(&path).expect("the file").mode() & 0o7777, 0o444);

    let project = Project::with("Dockerfile", BAD);
    fs::hard_link(project.path().join("Dockerfile"), project.path().join("other")).expect("a hard link");
    project.lint(&["--fix", "."]).exits(2).stdout_has("Dockerfile: not fixed: the file has several hard links");
    assert_eq!((project.read("Dockerfile"), project.read("other")), (BAD.to_owned(), BAD.to_owned()));
}

#[test]
fn a_diff_changes_nothing() {
    let project = Project::with("a/Dockerfile", BAD);
    let run = project.lint(&["--diff", "."]).exits(1).stdout_has("-ADD app.conf").stdout_has("+COPY app.conf");
    assert!(run.stdout.contains("a/Dockerfile"), "{run:?}");
    assert_eq!(project.read("a/Dockerfile"), BAD);
    project.lint(&["--diff", "--fix", "."]).exits(1);
    assert_eq!(project.read("a/Dockerfile"), BAD);
    project.write("a/Dockerfile", GOOD);
    assert_eq!(project.lint(&["--diff", "."]).exits(0).stdout, "");
}

#[test]
fn standard_input_is_fixed_to_standard_output() {
    let project = Project::new();
    let arguments = ["lint", "--select", "DL3020", "--fix", "-"];
    let run = project.run_with_stdin(&arguments, BAD.as_bytes()).exits(0);
    assert_eq!(run.stdout, GOOD);
    let run = project.run_with_stdin(&arguments, GOOD.as_bytes()).exits(0);
    assert_eq!(run.stdout, GOOD);
}

#[test]
fn standard_input_comes_back_whatever_happens() {
    let project = Project::with("plimsoll.toml", "exclude = [\"old\"]\n");
    let arguments = ["lint", "--select", "DL3020", "--fix", "-", "--stdin-filename"];
    let run = project.run_with_stdin(&[&arguments[..], &["old/Dockerfile"]].concat(), BAD.as_bytes()).exits(0);
    assert_eq!(run.stdout, BAD);
    project.write("a/plimsoll.toml", "ignor = []\n");
    let run = project.run_with_stdin(&[&arguments[..], &["a/Dockerfile"]].concat(), BAD.as_bytes()).exits(2);
    assert_eq!(run.stdout, BAD);
}

#[test]
fn suppressed_findings_are_not_fixed() {
    let text = "FROM scratch\n# plimsoll ignore=DL3020\nADD app.conf /etc/app.conf\n";
    let project = Project::with("Dockerfile", text);
    project.lint(&["--fix", "."]).exits(0);
    assert_eq!(project.read("Dockerfile"), text);
}
