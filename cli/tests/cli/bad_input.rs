//! What cannot be checked is said with its path, the rest is still checked, and the exit code is 2.

use super::support::{BAD, GOOD, Project, RULE, no_git};
use std::fs::{self, File};
use std::process::Command;

/// Checks a bad input beside a good one with a finding: both are reported.
fn beside_a_finding(project: &Project, bad: &str, row: &str) {
    project.write("good/Dockerfile", BAD);
    let run = project.lint(&["--format", "json", bad, "good/Dockerfile"]).exits(2);
    assert_eq!(run.paths(), ["good/Dockerfile"]);
    let errors = run.errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].starts_with(row), "{:?} does not start with {row:?}", errors[0]);
    assert!(run.stderr.contains(row), "{run:?}");
    // The report for people says it too.
    project.lint(&[bad, "good/Dockerfile"]).exits(2).stdout_has(row).stdout_has("good/Dockerfile:2:1");
}

#[test]
fn missing_path() {
    beside_a_finding(&Project::new(), "no/Dockerfile", "no/Dockerfile: no such file or folder");
}

#[test]
fn glob_without_a_match() {
    beside_a_finding(&Project::new(), "no/*.x", "no/*.x: no file matches this pattern");
    beside_a_finding(&Project::new(), "a[", "a[: not a pattern: ");
}

#[test]
fn folder_without_dockerfiles() {
    let project = Project::with("empty/README.md", "");
    beside_a_finding(&project, "empty", "empty: no Dockerfile or Compose file in this folder");
}

#[test]
fn binary_file() {
    let project = Project::with("Dockerfile", b"FROM scratch\n\x7fELF\0\0");
    beside_a_finding(&project, "Dockerfile", "Dockerfile:2: not a text file: NUL byte at offset 17");
}

#[test]
fn invalid_utf8() {
    let project = Project::with("Dockerfile", b"FROM scratch\n\n# caf\xe9\n");
    beside_a_finding(&project, "Dockerfile", "Dockerfile:3: not UTF-8: byte 0xe9 at offset 19");
    let project = Project::with("Dockerfile", b"\xff\xfeF\0R\0O\0M\0");
    beside_a_finding(&project, "Dockerfile", "Dockerfile:1: not UTF-8: begins with the byte order mark of UTF-16");
}

#[test]
fn sparse_file_of_a_gigabyte() {
    let project = Project::new();
    File::create(project.path().join("Dockerfile")).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    beside_a_finding(&project, "Dockerfile", "Dockerfile: larger than the limit of 32 MiB");
}

#[cfg(unix)]
#[test]
fn fifo_device_and_socket() {
    let project = Project::new();
    let fifo = project.path().join("Dockerfile");
    assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo runs").success());
    beside_a_finding(&project, "Dockerfile", "Dockerfile: is a FIFO, not a regular file");
    // In a folder too: whoever calls it a Dockerfile wants it checked.
    let _socket = std::os::unix::net::UnixListener::bind(project.path().join("Containerfile")).expect("a socket");
    let run = project.lint(&["--format", "json", "."]).exits(2);
    assert_eq!(run.paths(), ["good/Dockerfile"]);
    assert_eq!(
        run.errors(),
        [
            "Containerfile: is a socket, not a regular file; - reads standard input",
            "Dockerfile: is a FIFO, not a regular file; - reads standard input",
        ]
    );
    project.lint(&["--exclude", "/Dockerfile", "--exclude", "/Containerfile", "."]).exits(1);
    beside_a_finding(&project, "Containerfile", "Containerfile: is a socket, not a regular file");
    beside_a_finding(&Project::new(), "/dev/zero", "/dev/zero: is a device, not a regular file");
}

#[cfg(unix)]
#[test]
fn a_fifo_in_the_place_of_a_configuration_blocks_nothing() {
    if no_git() {
        return;
    }
    for (fifo, row) in [
        ("plimsoll.toml", "plimsoll.toml: is a FIFO, not a regular file"),
        (".hadolint.yaml", ".hadolint.yaml: is a FIFO, not a regular file"),
        (".trivyignore", ".trivyignore: is a FIFO, not a regular file"),
        ("x/.gitignore", "x: not searched: its .gitignore is not a regular file"),
    ] {
        let project = Project::with("Dockerfile", BAD);
        project.write("x/Dockerfile", BAD).git(&["init", "-q"]);
        assert!(Command::new("mkfifo").arg(project.path().join(fifo)).status().expect("mkfifo runs").success());
        let run = project.lint(&["--format", "json", "."]).exits(2);
        assert_eq!(run.errors(), [row]);
        assert_eq!(run.paths()[0], "Dockerfile");
    }
    for fifo in [".dockerignore", "Dockerfile.dockerignore", ".git/index", ".git/config"] {
        let project = Project::with("Dockerfile", BAD);
        project.write(".git/HEAD", "");
        assert!(Command::new("mkfifo").arg(project.path().join(fifo)).status().expect("mkfifo runs").success());
        project.lint(&["."]).exits(1);
    }
}

/// Root may read everything, so the program runs as somebody else there.
#[cfg(unix)]
#[test]
fn unreadable_file_and_folder() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;

    let project = Project::with("Dockerfile", BAD);
    project.write("secret/Dockerfile", BAD).write("good/Dockerfile", BAD);
    let folder = project.path();
    let set_mode = |name: &str, mode| {
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(mode)).expect("the mode is set");
    };
    for name in [".", "good"] {
        set_mode(name, 0o755);
    }
    set_mode("Dockerfile", 0o000);
    set_mode("secret", 0o000);
    // The program may stand where others may not go.
    let program = folder.join("plimsoll");
    fs::copy(env!("CARGO_BIN_EXE_plimsoll"), &program).expect("the program is copied");
    let mut command = Command::new(&program);
    command.args(["lint", "--select", RULE, "--format", "json", "."]).current_dir(&folder);
    if fs::metadata(&folder).expect("the folder").uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    // Another test's child may hold the copy open for writing for a moment.
    let output = loop {
        match command.output() {
            Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
            output => break output.expect("the program runs"),
        }
    };
    set_mode("secret", 0o755);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(output.status.code(), Some(2), "{json}");
    let rows: Vec<(&str, &str)> = json["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|row| (row["path"].as_str().expect("a path"), row["message"].as_str().expect("a message")))
        .collect();
    assert_eq!(rows, [("Dockerfile", "permission denied"), ("secret", "permission denied")]);
    assert_eq!(json["findings"][0]["path"], "good/Dockerfile");
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_or_would_command_a_terminal() {
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new();
    let name = std::ffi::OsStr::from_bytes(b"a\xff.Dockerfile");
    fs::write(project.path().join(name), BAD).expect("written");
    project.write("\x1b[2J.Dockerfile", BAD).write("\x1b]0;x\x07.Dockerfile", b"\0");
    let run = project.lint(&["--format", "json", "."]).exits(2);
    assert_eq!(run.paths(), ["\x1b[2J.Dockerfile", "a%FF.Dockerfile"]);
    for run in [project.lint(&["."]), project.lint(&["--format", "github", "."]), run] {
        assert!(!run.stdout.contains('\x1b') && !run.stderr.contains('\x1b'), "{run:?}");
    }
}

#[test]
fn empty_file_and_unknown_instructions_are_findings() {
    for text in ["", "\n\n", "# only a comment\n", "FROM scratch\nFETCH a b\n", "hello world\n"] {
        let run = Project::with("Dockerfile", text).run(&["lint", "--format", "json", "."]).exits(1);
        assert!(run.errors().is_empty(), "{text:?}: {run:?}");
        assert!(run.json()["summary"]["errors"].as_u64() >= Some(1), "{text:?}: {run:?}");
    }
}

#[test]
fn a_broken_file_counts_more_than_a_finding() {
    let project = Project::with("a.Dockerfile", BAD);
    project.write("b.Dockerfile", b"\0");
    project.lint(&["."]).exits(2);
    project.lint(&["--exit-zero", "."]).exits(2);
    project.write("b.Dockerfile", GOOD).lint(&["."]).exits(1);
    project.lint(&["--exit-zero", "."]).exits(0);
}
