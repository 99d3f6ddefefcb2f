//! Configuration files: where they are found, what they mean, and what happens where they are broken.

use super::support::{BAD, Project};

#[test]
fn the_nearest_file_holds() {
    let project = Project::with("plimsoll.toml", "select = [\"DL3020\"]\n");
    project.write("Dockerfile", BAD).write("a/Dockerfile", BAD).write("a/b/c/Dockerfile", BAD);
    project.write("a/b/plimsoll.toml", "select = [\"DL3020\"]\nignore = [\"copy-not-add\"]\n");
    let paths = |arguments: &[&str]| project.run(&[&["lint", "--format", "json"], arguments].concat()).paths();
    assert_eq!(paths(&["."]), ["Dockerfile", "a/Dockerfile"]);
    assert_eq!(paths(&["a/b/c/Dockerfile"]), [""; 0]);
    assert_eq!(paths(&["--config", "plimsoll.toml", "."]).len(), 3);
    assert_eq!(paths(&["--no-config", "--select", "DL3020", "."]).len(), 3);
}

#[test]
fn the_command_line_wins_key_by_key() {
    let project = Project::with("Dockerfile", BAD);
    project.write("plimsoll.toml", "select = [\"DL3020\"]\nfail-level = \"error\"\n[severity]\nDL3020 = \"info\"\n");
    let run = project.run(&["lint", "--format", "json", "."]).exits(0);
    assert_eq!(run.json()["findings"][0]["severity"], "info");
    let run = project.run(&["lint", "--format", "json", "--fail-level", "info", "."]).exits(1);
    assert_eq!(run.json()["findings"][0]["severity"], "info");
    project.write("plimsoll.toml", "ignore = [\"DL3020\"]\n");
    project.lint(&["."]).exits(0);
    project.lint(&["--ignore", "DL3000", "."]).exits(1);
    // A preset on the command line does not lose against a selection in the file.
    project.write("plimsoll.toml", "select = [\"DL3000\"]\n");
    project.run(&["lint", "."]).exits(0);
    project.run(&["lint", "--preset", "hadolint", "."]).exits(1).stdout_has("copy-not-add");
}

#[test]
fn fail_levels_differ_by_folder() {
    let project = Project::with("a/Dockerfile", BAD);
    project.write("a/plimsoll.toml", "fail-level = \"never\"\n").write("b/Dockerfile", BAD);
    project.lint(&["a"]).exits(0);
    project.lint(&["a", "b"]).exits(1);
}

#[test]
fn exclude_holds_for_named_files_too() {
    let project = Project::with("plimsoll.toml", "exclude = [\"vendor/\", \"*.old\"]\n");
    project.write("Dockerfile", BAD).write("x/vendor/y/Dockerfile", BAD).write("Dockerfile.old", BAD);
    assert_eq!(project.found(&["."]), ["Dockerfile"]);
    assert_eq!(project.found(&["x/vendor/y/Dockerfile", "Dockerfile.old"]), [""; 0]);
    project.lint(&["Dockerfile.old"]).exits(0).stderr_has("nothing to check, 1 file left out");
    assert_eq!(project.found(&["--exclude", "Dockerfile", "."]), ["Dockerfile.old"]);
    project.lint(&["--exclude", "[z-a]", "."]).exits(2).stdout_has("--exclude: `[z-a]` is no pattern");
}

#[test]
fn per_file_ignores() {
    let project = Project::with(
        "plimsoll.toml",
        "[per-file-ignores]\n\"legacy/\" = [\"DL3020\"]\n\"*.dev\" = [\"copy-not-add\"]\n",
    );
    project.write("Dockerfile", BAD).write("legacy/x/Dockerfile", BAD).write("a/Dockerfile.dev", BAD);
    assert_eq!(project.found(&["."]), ["Dockerfile"]);
}

#[test]
fn mistakes_are_named_with_line_and_nearest_and_the_rest_holds() {
    let project = Project::with("Dockerfile", BAD);
    project.write("a/Dockerfile", BAD);
    project.write(
        "a/plimsoll.toml",
        "fail-levle = \"error\"\nexclude = [\"[z-a]\"]\n\n[severity]\nDL3020 = \"info\"\nDL30200 = \"info\"\n",
    );
    let run = project.lint(&["--format", "json", "."]).exits(2);
    assert_eq!(
        run.errors(),
        [
            "a/plimsoll.toml:1: unknown key `fail-levle`, did you mean `fail-level`?",
            "a/plimsoll.toml:2: `[z-a]` is no pattern: invalid range; 'z' > 'a'",
            "a/plimsoll.toml:6: unknown rule `DL30200`, did you mean `DL3020`?",
        ]
    );
    assert_eq!(run.paths(), ["Dockerfile", "a/Dockerfile"]);
    assert_eq!(run.json()["findings"][1]["severity"], "info");
    // Files are not written under a configuration with mistakes, the others are.
    project.lint(&["--fix", "."]).exits(2);
    assert_eq!((project.read("a/Dockerfile").as_str(), project.read("Dockerfile").contains("COPY")), (BAD, true));
}

#[test]
fn broken_syntax_and_missing_files() {
    let project = Project::with("Dockerfile", BAD);
    project.write("plimsoll.toml", "# fine\nselect = [\"DL3020\"\n\nfail-level = \"error\"\n");
    let run = project.lint(&["--format", "json", "."]).exits(2);
    assert!(run.errors().iter().all(|row| row.starts_with("plimsoll.toml:")), "{run:?}");
    assert_eq!(run.paths(), ["Dockerfile"]);
    let run = project.lint(&["--config", "no.toml", "--format", "json", "."]).exits(2);
    assert_eq!(
        (run.errors(), run.paths()),
        (vec!["no.toml: no such file or folder".to_owned()], vec!["Dockerfile".to_owned()])
    );
    project.write("plimsoll.toml", b"\xff").lint(&["."]).exits(2).stdout_has("plimsoll.toml:1: not UTF-8");
    // Where no input needs it, a broken file does not matter.
    project.write("sub/plimsoll.toml", "").write("sub/Dockerfile", BAD).lint(&["sub"]).exits(1);
}

#[test]
fn hadolint_configuration() {
    let project = Project::with("Dockerfile", BAD);
    project
        .write(".hadolint.yaml", "failure-threshold: error\nignored: [SC2086, DL3999]\noverride:\n  info: [DL3020]\n");
    let run = project.run(&["lint", "--format", "json", "."]).exits(0);
    let finding = &run.json()["findings"][0];
    assert_eq!((finding["rule"].as_str(), finding["severity"].as_str()), (Some("copy-not-add"), Some("info")));
    assert!(run.stderr.contains("note: .hadolint.yaml is used: preset hadolint, fail level error"), "{run:?}");
    project.run(&["lint", "--fail-level", "info", "."]).exits(1).stderr_has("fail level info");
    // Without a threshold it is info, as there; `no-fail` holds.
    project
        .write(".hadolint.yaml", "override: {info: [DL3020]}\n")
        .run(&["lint", "."])
        .exits(1)
        .stderr_has("fail level info");
    project.write(".hadolint.yaml", "no-fail: true\n").run(&["lint", "."]).exits(0).stderr_has("fail level never");
    project.write(".hadolint.yaml", "ignored: [DL3020]\n").run(&["lint", "."]).exits(0);
    // Not with a preset, and not beside a file of our own.
    let run = project.run(&["lint", "--preset", "hadolint", "."]).exits(1);
    assert!(!run.stderr.contains(".hadolint.yaml"), "{run:?}");
    project.run(&["lint", "--no-config", "."]).exits(1);
    project.write("plimsoll.toml", "select = [\"DL3020\"]\n").run(&["lint", "."]).exits(1);
}

#[test]
fn hadolint_configuration_is_looked_for_here_first_then_upward() {
    let project = Project::with("a/.hadolint.yml", "ignored: [DL3020]\n");
    project.write("a/b/Dockerfile", BAD);
    project.run(&["lint", "a"]).exits(0).stderr_has("a/.hadolint.yml is used");
    project.write(".hadolint.yaml", "").run(&["lint", "a"]).exits(1).stderr_has("note: .hadolint.yaml is used");
    project.run(&["lint", "--config", "a/.hadolint.yml", "a"]).exits(0);
}

#[test]
fn broken_hadolint_configuration() {
    let project = Project::with("Dockerfile", BAD);
    for (text, row) in [
        ("ignored:\n  - DL3020\n - x\n", ".hadolint.yaml:3: "),
        ("ignored: DL3020\n", ".hadolint.yaml:1: "),
        ("failure-threshold: loud\n", ".hadolint.yaml:1: "),
    ] {
        let run = project.write(".hadolint.yaml", text).run(&["lint", "--format", "json", "."]).exits(2);
        assert!(run.errors().len() == 1 && run.errors()[0].starts_with(row), "{run:?}");
        assert!(run.paths().contains(&"Dockerfile".to_owned()), "{run:?}");
    }
}

#[test]
fn hadolint_format_and_pragmas() {
    let text = "FROM scratch\n# hadolint ignore=DL3020\nADD app.conf /etc/app.conf\n";
    let project = Project::with("Dockerfile", text);
    let run = project.write(".hadolint.yaml", "format: json\n").run(&["lint", "."]).exits(0);
    assert_eq!(run.json()["suppressed"][0]["by"], "comment");
    project.write(".hadolint.yaml", "disable-ignore-pragma: true\n").run(&["lint", "."]).exits(1);
}

#[test]
fn trivy_ignore_files() {
    let project = Project::with("Dockerfile", BAD);
    for text in ["DS-0005\n", "AVD-DS-0005 exp:2030-01-01\n", "# why\nds005\n"] {
        let run = project.write(".trivyignore", text).lint(&["--now", "2027-01-01", "--format", "json", "."]).exits(0);
        assert_eq!(run.json()["suppressed"][0]["by"], "config", "{text:?}: {run:?}");
    }
    project.write(".trivyignore", "DS-0005 exp:2020-01-01\nCVE-2020-1\n").lint(&["--now", "2027-01-01", "."]).exits(1);
    project.lint(&["--now", "2019-01-01", "--no-config", "."]).exits(1);
    project
        .write(".trivyignore", "DS-0005 exp:soon\n")
        .lint(&["."])
        .exits(2)
        .stdout_has(".trivyignore:1: `soon` is no date");
    project
        .write(".trivyignore", "")
        .write(".trivyignore.yaml", "misconfigurations:\n- id: AVD-DS-0005\n  paths: [a/Dockerfile]\n");
    project.write("a/Dockerfile", BAD);
    assert_eq!(project.found(&["."]), ["Dockerfile"]);
}

#[test]
fn init() {
    let project = Project::with("Dockerfile", BAD);
    project.run(&["init"]).exits(0);
    project.run(&["lint", "."]).exits(1);
    project.run(&["init"]).exits(2).stderr_has("plimsoll.toml exists already");
    let project = Project::with("Dockerfile", BAD);
    project.run(&["init", "--from", "hadolint"]).exits(2).stderr_has("there is no .hadolint.yaml here");
    project.write(".hadolint.yaml", "ignored: [DL3020, SC2086]\nno-fail: true\ntrustedRegistries: [docker.io]\n");
    project.run(&["init", "--from", "hadolint"]).exits(0);
    let toml = project.read("plimsoll.toml");
    assert!(
        toml.contains("preset = \"hadolint\"") && toml.contains("fail-level = \"never\"") && toml.contains("SC2086"),
        "{toml}"
    );
    project.run(&["lint", "--fail-level", "style", "--select", "DL3020", "."]).exits(0);
}

#[test]
fn init_from_ignore_files() {
    let project = Project::with("Dockerfile", BAD);
    project.run(&["init", "--from", "dockle"]).exits(0);
    assert!(project.read("plimsoll.toml").contains("preset = \"dockle\""));
    let project = Project::with("Dockerfile", BAD);
    project.write(".dockleignore", "# ours\nCIS-DI-0006\nCVE-2024-1\n");
    project.run(&["init", "--from", "dockle"]).exits(0);
    let toml = project.read("plimsoll.toml");
    assert!(toml.contains("ignore = [\"CIS-DI-0006\"]") && toml.contains("no such checks: CVE-2024-1"), "{toml}");
    let project = Project::with("Dockerfile", BAD);
    project.write(".trivyignore", "DS-0005\nAVD-DS-0026 exp:2999-01-01\n");
    project.run(&["init", "--from", "trivy"]).exits(0);
    let toml = project.read("plimsoll.toml");
    assert!(toml.contains("preset = \"trivy\"") && toml.contains("ignore = [\"DS-0005\"]"), "{toml}");
    assert!(toml.contains("read too: AVD-DS-0026"), "{toml}");
    project.run(&["lint", "--select", "copy-not-add", "."]).exits(0);
    project.write(".trivyignore", "DS-0005 exp:soon\n");
    std::fs::remove_file(project.path().join("plimsoll.toml")).expect("the file");
    project.run(&["init", "--from", "trivy"]).exits(2).stderr_has(".trivyignore:1: `soon` is no date");
}

#[test]
fn show_settings_says_why() {
    let project =
        Project::with("a/plimsoll.toml", "preset = \"hadolint\"\nignore = [\"DL3020\"]\nexclude = [\"old\"]\n");
    let run = project.run(&["show-settings", "a/Dockerfile"]).exits(0);
    assert!(run.stdout.contains("configuration  a/plimsoll.toml") && run.stdout.contains("preset hadolint"), "{run:?}");
    let line = run.stdout.lines().find(|line| line.contains("copy-not-add")).expect("the rule");
    assert!(line.contains("preset hadolint, ignore DL3020"), "{line}");
    project.run(&["show-settings", "a/old/Dockerfile"]).exits(0).stdout_has("excluded       yes");
    project.run(&["show-settings", "--select", "DL3020", "Dockerfile"]).exits(0).stdout_has("select DL3020");
    project.run(&["show-settings", "--select", "DL30200", "Dockerfile"]).exits(2).stderr_has("did you mean `DL3020`?");
}

#[test]
fn a_mistake_in_a_file_never_shows_its_content() {
    let project = Project::with("Dockerfile", BAD);
    for (name, text) in
        [(".hadolint.yaml", "no-fail: hunter2hunter2\n"), ("plimsoll.toml", "[lint]\nno-shell = \"hunter2hunter2\"\n")]
    {
        let run = project.write(name, text).lint(&["."]).exits(2);
        assert!(!format!("{run:?}").contains("hunter2"), "{run:?}");
    }
}
