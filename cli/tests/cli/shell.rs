//! ShellCheck's codes wherever ids are taken.

use super::support::Project;
use std::collections::BTreeSet;
use std::process::Command;

const UNQUOTED: &str = "FROM debian:13\nRUN for i in *; do \\\n    rm $i; done\n";

#[test]
fn findings_stand_on_their_words() {
    let project = Project::with("Dockerfile", UNQUOTED);
    let run = project.run(&["lint", "--select", "SC2086", "--format", "json"]).exits(0);
    let finding = &run.json()["findings"][0];
    assert_eq!(finding["rule"], "unquoted-variable");
    assert_eq!(finding["aliases"], serde_json::json!(["SC2086"]));
    assert_eq!(finding["severity"], "info");
    assert_eq!(finding["start"], serde_json::json!({ "line": 3, "column": 8 }));
    assert_eq!(finding["end"], serde_json::json!({ "line": 3, "column": 10 }));
    assert_eq!(finding["fixes"][0]["safety"], "unsafe");
    project.run(&["lint", "--select", "SC2086"]).exits(0).stdout_has("Dockerfile:3:8").stdout_has("SC2086");
    project.run(&["lint", "--select", "SC2086", "--fail-level", "info"]).exits(1);
    project.run(&["lint", "--preset", "hadolint"]).stdout_has("SC2086");
    project.run(&["explain", "SC2086"]).exits(0).stdout_has("unquoted-variable");
}

#[test]
fn every_way_to_silence_a_code_works() {
    let count = |dockerfile: &str, arguments: &[&str]| {
        let project = Project::with("Dockerfile", dockerfile);
        let run = project.run(&[&["lint", "--format", "json", "--select", "SC2086"], arguments].concat());
        run.paths().len()
    };
    assert_eq!(count(UNQUOTED, &[]), 1);
    for arguments in
        [&["--ignore", "SC2086"][..], &["--ignore", "SC*"], &["--ignore", "unquoted-variable"], &["--no-shell"]]
    {
        assert_eq!(count(UNQUOTED, arguments), 0, "{arguments:?}");
    }
    for comment in [
        "hadolint ignore=SC2086",
        "hadolint global ignore=SC2086",
        "plimsoll ignore=SC2086",
        "plimsoll ignore=unquoted-variable",
    ] {
        let text = UNQUOTED.replace("RUN", &format!("# {comment}\nRUN"));
        assert_eq!(count(&text, &[]), 0, "{comment}");
    }
    assert_eq!(count(&format!("# hadolint stage ignore=SC2086\n{UNQUOTED}"), &[]), 0);
    // A peer's comment silences that peer's ids only.
    assert_eq!(count(&UNQUOTED.replace("RUN", "# checkov:skip=SC2086\nRUN"), &[]), 1);
}

#[test]
fn shellchecks_own_comments_are_read_in_shell_text() {
    let lines = |dockerfile: &str| -> Vec<u64> {
        let project = Project::with("Dockerfile", dockerfile);
        let run = project.run(&["lint", "--format", "json", "--select", "SC2086,SC2046"]);
        let report = run.json();
        let findings = report["findings"].as_array().expect("findings");
        findings.iter().filter_map(|finding| finding["start"]["line"].as_u64()).collect()
    };
    let dockerfile = |comments: [&str; 4]| {
        let [above, first, second, third] = comments;
        format!(
            "FROM debian:13\n{above}\nRUN \\\n{first}\n for i in *; do a $i; done; \\\n{second}\n \
             for i in *; do b $i; done && c $(d) && \\\n{third}\n e $(f); \\\n g $(h)\n"
        )
    };
    const OFF: &str = "# shellcheck disable=SC2086,SC2046 # a list";
    assert_eq!(lines(&dockerfile(["#"; 4])), [5, 7, 7, 9, 10]);
    assert_eq!(lines(&dockerfile([OFF, "#", "#", "#"])), [0_u64; 0]);
    assert_eq!(lines(&dockerfile(["#", OFF, "#", "#"])), [0_u64; 0]);
    assert_eq!(lines(&dockerfile(["#", "#", OFF, "#"])), [5, 10]);
    assert_eq!(lines(&dockerfile(["#", "#", "#", OFF])), [5, 7, 7, 10]);
    assert_eq!(lines(&dockerfile(["#", "#", "# shellcheck disable=SC2086", "#"])), [5, 7, 9, 10]);
    assert_eq!(lines(&dockerfile(["#", "#", "# shellcheck disable=SC2000-SC2050", "#"])), [5, 7, 10]);
    assert_eq!(lines(&dockerfile(["#", "#", "# shellcheck shell=sh", "#"])), [5, 7, 7, 9, 10]);
    let heredoc =
        "FROM debian:13\nRUN <<EOF\na $(b)\n# shellcheck disable=all\nif c $(d); then\n  e $(f)\nfi\ng $(h)\nEOF\n";
    assert_eq!(lines(heredoc), [3, 8]);
}

#[test]
fn hadolints_configuration_names_codes() {
    let project = Project::with("Dockerfile", UNQUOTED);
    project.run(&["lint"]).stdout_has("");
    project.write(".hadolint.yaml", "override:\n  error: [SC2086]\n");
    project.run(&["lint"]).exits(1).stdout_has("error[unquoted-variable]");
    project.write(".hadolint.yaml", "ignored: [SC2086]\n");
    assert!(!project.run(&["lint"]).stdout.contains("SC2086"));
    project.write("plimsoll.toml", "preset = \"hadolint\"\n[severity]\nSC2086 = \"style\"\n");
    project.run(&["lint"]).stdout_has("style[unquoted-variable]");
}

/// What a script names is nobody's business but the build's: with the shell's rules on, the program asks the system for
/// the same files as without them.
#[test]
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
fn no_file_is_looked_at_for_a_script() {
    if Command::new("strace").arg("-V").output().is_err() {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "strace is missing");
        println!("skipped: strace is missing");
        return;
    }
    let project = Project::with(
        "Dockerfile",
        "FROM debian:13\nSHELL [\"/bin/bash\", \"-c\"]\nRUN source ./near.sh && . ./near.sh && . /etc/profile\n\
         RUN <<EOF\n# shellcheck source=near.sh\n. \"$HOME/near.sh\"\n# shellcheck source-path=SCRIPTDIR\nsource lib/far.sh\n\
         # shellcheck source=/etc/hosts\n. \"$X\"\necho $NEAR\nEOF\nCMD . ./near.sh; echo $NEAR\n",
    );
    project.write("near.sh", "NEAR=1\n").write("lib/far.sh", "NEAR=1\n");
    let asked = |flags: &[&str]| -> BTreeSet<String> {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-e", "trace=%file", "-o", "trace", env!("CARGO_BIN_EXE_plimsoll")]);
        strace.args(["lint", "--no-config", "--preset", "all", "--jobs", "1", "Dockerfile"]).args(flags);
        let output = strace.current_dir(project.path()).output().expect("strace runs");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        let trace = project.read("trace");
        // `PID call(arguments) = result`: what is asked for stands in quotes.
        trace.lines().flat_map(|line| line.split('"').skip(1).step_by(2)).map(str::to_owned).collect()
    };
    let (with, without) = (asked(&[]), asked(&["--no-shell"]));
    assert!(without.iter().any(|path| path.ends_with("Dockerfile")), "{without:?}");
    assert_eq!(with.difference(&without).collect::<Vec<_>>(), ["--no-shell"; 0]);
    assert!(!with.iter().any(|path| path.contains("near.sh") || path.contains("far.sh")), "{with:?}");
}
