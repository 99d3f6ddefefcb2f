//! Flags, commands and exit codes.

use super::support::{BAD, GOOD, Project};

#[test]
fn exit_codes() {
    let project = Project::with("Dockerfile", GOOD);
    project.lint(&["."]).exits(0);
    project.write("Dockerfile", BAD);
    project.lint(&["."]).exits(1);
    project.lint(&["--exit-zero", "."]).exits(0).stdout_has("Dockerfile:2:1");
    project.lint(&["--ignore", "copy-not-add", "."]).exits(0);
}

#[test]
fn fail_levels() {
    let project = Project::with("Dockerfile", BAD);
    for (level, code) in [("error", 0), ("warning", 1), ("info", 1), ("style", 1), ("never", 0)] {
        project.lint(&["--fail-level", level, "."]).exits(code);
    }
}

#[test]
fn usage_errors_are_2_and_what_is_not_built_is_refused() {
    let project = Project::with("Dockerfile", GOOD);
    for arguments in [
        &["lint", "--nonsense"][..],
        &["lint", "--format", "jsn", "."],
        &["lint", "--format", "junit", "."],
        &["lint", "--preset", "recomended", "."],
        &["lint", "--fail-level", "loud", "."],
        &["lint", "--jobs", "0", "."],
        &["lint", "--now", "soon", "."],
        &["lint", "--baseline", "x", "."],
        &["lint", "--config", "x", "--no-config", "."],
        &["lint", "--format", "json", "--format", "text", "."],
        &["lint", "--format", "json=x", "--output", "y", "."],
        &["lint", "--diff", "--format", "json", "."],
        &["host", "--from"],
        &["lsp"],
        &["init", "--from", "checkov"],
        &["explain"],
    ] {
        let run = project.run(arguments).exits(2);
        assert!(run.stdout.is_empty() && !run.stderr.is_empty(), "{arguments:?}: {run:?}");
    }
    project.run(&["lint", "--preset", "recomended"]).exits(2).stderr_has("did you mean `recommended`");
    let run = project.run(&["--help"]).exits(0);
    for absent in ["lsp", "--policy", "--baseline", "--fail-on-unknown", "junit"] {
        assert!(!run.stdout.contains(absent), "{absent}: {run:?}");
    }
    project.run(&["--version"]).exits(0).stdout_has(concat!("plimsoll ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_unknown_id_names_the_nearest_and_the_rest_holds() {
    let project = Project::with("Dockerfile", BAD);
    let run = project.run(&["lint", "--select", "copy-not-ad,DL3020", "--format", "json", "."]).exits(2);
    assert_eq!(run.errors(), [": --select: unknown rule `copy-not-ad`, did you mean `copy-not-add`?"]);
    assert_eq!(run.paths(), ["Dockerfile"]);
    project
        .lint(&["--ignore", "DL30200", "."])
        .exits(2)
        .stdout_has("--ignore: unknown rule `DL30200`, did you mean `DL3020`?");
    // No fix is written while it is not clear what was meant to be left out.
    project.lint(&["--ignore", "copy-not-ad", "--fix", "."]).exits(2).stderr_has("files are left as they are");
    assert_eq!(project.read("Dockerfile"), BAD);
}

#[test]
fn ids_aliases_and_globs() {
    let project = Project::with("Dockerfile", BAD);
    for id in ["copy-not-add", "DL3020", "dl3020", "DS-0005", "DL302*", "DL3020,DL3000"] {
        project.run(&["lint", "--select", id, "."]).exits(1);
    }
    project.run(&["lint", "--select", "", "."]).exits(0);
    project.run(&["lint", "--preset", "hadolint", "--ignore", "DL*", "--format", "json", "."]).exits(0);
}

#[test]
fn no_shell_needs_no_shell_checks_to_exist() {
    Project::with("Dockerfile", BAD).lint(&["--no-shell", "."]).exits(1);
}

#[test]
fn expiry_follows_the_given_time() {
    let text = "FROM scratch\n# plimsoll ignore=DL3020 vendor's file expires=2027-02-01\nADD app.conf /etc/app.conf\n";
    let project = Project::with("Dockerfile", text);
    project.lint(&["--now", "2027-01-31", "."]).exits(0);
    project.lint(&["--now", "2027-01-31T23:59:59Z", "."]).exits(0);
    project.lint(&["--now", "2027-02-01", "."]).exits(1);
    project.lint(&["--now", "1801440000", "."]).exits(1);
    let epoch = |seconds: &str| {
        let mut command = super::support::command(&project.path(), &["lint", "--select", "DL3020", "."]);
        super::support::finish(command.env("SOURCE_DATE_EPOCH", seconds).spawn().expect("the program starts"))
    };
    epoch("1801440000").exits(1);
    epoch("1801439999").exits(0);
    epoch("soon").exits(2).stderr_has("SOURCE_DATE_EPOCH");
}

#[test]
fn the_commands_that_show_something() {
    let project = Project::with("Dockerfile", BAD);
    project.run(&["explain", "DL3020"]).exits(0).stdout_has("copy-not-add");
    project.run(&["explain", "copy-not-ad"]).exits(2).stderr_has("did you mean `copy-not-add`?");
    project.run(&["rules"]).exits(0).stdout_has("copy-not-add");
    let rules = project.run(&["rules", "--format", "json"]).exits(0).json();
    assert!(
        rules["rules"].as_array().is_some_and(|rules| rules.iter().any(|rule| rule["id"] == "copy-not-add")),
        "{rules}"
    );
    project.run(&["rules", "--format", "md"]).exits(0).stdout_has("| ");
    project.run(&["completions", "bash"]).exits(0).stdout_has("plimsoll");
    project.run(&["man"]).exits(0).stdout_has(".TH plimsoll");
}
