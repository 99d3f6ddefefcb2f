//! Where reports go, and that they are the same every time.

use super::support::{BAD, GOOD, Project, RULE, command, finish};

#[test]
fn several_formats_at_once() {
    let project = Project::with("Dockerfile", BAD);
    let run = project.lint(&["--format", "text", "--format", "json=out/r.json", "--format", "sarif=r.sarif", "."]);
    // The folder is missing: that report fails, the others are written.
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("out/r.json: no such file or folder"), "{run:?}");
    assert!(run.stdout.contains("Dockerfile:2:1"), "{run:?}");
    let sarif: serde_json::Value = serde_json::from_str(&project.read("r.sarif")).expect("SARIF is JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let run = project.lint(&["--format", "json", "--output", "r.json", "."]).exits(1);
    assert_eq!(run.stdout, "");
    let json: serde_json::Value = serde_json::from_str(&project.read("r.json")).expect("JSON");
    assert_eq!(json["findings"][0]["rule"], "copy-not-add");
}

#[test]
fn the_same_bytes_with_any_number_of_threads() {
    let project = Project::new();
    for number in 0..300 {
        let text = if number % 3 == 0 { GOOD } else { BAD };
        project.write(&format!("{:02}/{number}/Dockerfile", number % 7), text);
    }
    project.write("bad/Dockerfile", b"\xff");
    for format in ["json", "text", "sarif", "github"] {
        let one = project.lint(&["--format", format, "--jobs", "1", "."]).exits(2);
        for jobs in ["2", "4", "16"] {
            let more = project.lint(&["--format", format, "--jobs", jobs, "."]).exits(2);
            assert!(one.stdout == more.stdout && one.stderr == more.stderr, "{format} with {jobs} threads differs");
        }
    }
    let paths = project.lint(&["--format", "json", "."]).paths();
    assert!(paths.is_sorted() && paths.len() == 200, "{}", paths.len());
}

#[test]
fn findings_are_sorted_by_path_place_rule_and_message() {
    // `apt` alone, `apt install` and the whole of it begin at one place.
    let text = "FROM ubuntu:24.04\nRUN apt update && apt install curl wget\nRUN apt install vim\n";
    let project = Project::with("b/Dockerfile", text);
    project.write("a/Dockerfile", text);
    let json = project.run(&["lint", "--preset", "all", "--format", "json", "."]).json();
    let key = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().expect("a text").to_owned();
        let number = |key: &str| finding["start"][key].as_u64().expect("a number");
        (text("path"), number("line"), number("column"), text("rule"), text("message"))
    };
    let keys: Vec<_> = json["findings"].as_array().expect("findings").iter().map(key).collect();
    assert!(keys.len() > 10 && keys.is_sorted(), "{keys:#?}");
}

#[test]
fn fingerprints_name_paths_from_the_project_s_root() {
    let project = Project::with("root/plimsoll.toml", "");
    project.write("root/a/Dockerfile", BAD);
    let fingerprint = |arguments: &[&str]| {
        let json = project.lint(&[&["--format", "json"], arguments].concat()).exits(1).json();
        json["findings"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned()
    };
    let whole = fingerprint(&["."]);
    assert_eq!(whole, fingerprint(&["root/a/Dockerfile"]));
    assert_eq!(whole, fingerprint(&[&project.path().join("root/a").to_string_lossy()]));
    // Whether a configuration is read, and which, is no part of a finding's name.
    assert_eq!(whole, fingerprint(&["--no-config", "root"]));
    assert_eq!(whole, fingerprint(&["--config", "root/plimsoll.toml", "."]));
    project.write("root/b/Dockerfile", BAD);
    assert_ne!(whole, fingerprint(&["root/b"]));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let project = Project::new();
    for number in 0..500 {
        project.write(&format!("{number}/Dockerfile"), BAD);
    }
    for arguments in [&["lint", "--select", RULE, "."][..], &["lint", "--select", RULE, "--format", "json", "."]] {
        let mut child = command(&project.path(), arguments).spawn().expect("the program starts");
        drop(child.stdout.take());
        let run = finish(child).exits(1);
        assert_eq!(run.stderr, "");
    }
    let mut child = command(&project.path(), &["rules"]).spawn().expect("the program starts");
    drop(child.stdout.take());
    assert_eq!(finish(child).exits(0).stderr, "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let project = Project::with("Dockerfile", BAD);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
    let mut command = command(&project.path(), &["lint", "."]);
    finish(command.stdout(full).spawn().expect("the program starts")).exits(2).stderr_has("standard output: ");
}

#[test]
fn colours() {
    let project = Project::with("Dockerfile", BAD);
    let colored = |arguments: &[&str]| project.lint(arguments).stdout.contains("\x1b[");
    assert!(!colored(&["."]), "standard output is no terminal");
    assert!(colored(&["--color", "always", "."]));
    assert!(!colored(&["--color", "never", "."]));
    assert!(!colored(&["--format", "json", "--color", "always", "."]));
}

#[test]
fn quiet_and_statistics() {
    let project = Project::with("Dockerfile", BAD);
    let run = project.lint(&["--quiet", "."]).exits(1);
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    assert_eq!(run.stderr, "");
    project.lint(&["--statistics", "."]).exits(1).stdout_has("copy-not-add");
}
