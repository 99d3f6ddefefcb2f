//! Planted secrets stand in no byte that the program prints, whatever the format and whichever rules are on.

use super::support::Project;

/// The values, in the places where people leave them. Each is made up.
const PLANTED: [&str; 9] = [
    "vEry-s3cret-Passw0rd",
    "0f9a8b7c6d5e4f3a2b1c",
    "AKIAQYLPMN5HFIQR7XYA",
    "ghp_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT2vCexA",
    "hunter2-in-a-url",
    "curl-user-hunter2",
    "pägeheim-ünicode",
    "arg-default-hunter2",
    "legacy form hunter2",
];

const DOCKERFILE: &str = r#"FROM ubuntu
ARG DB_PASSWORD=arg-default-hunter2
ENV API_SECRET="vEry-s3cret-Passw0rd" DB_TOKEN='0f9a8b7c6d5e4f3a2b1c'
env MY_PASSWORD legacy form hunter2
ENV PASSWD=pägeheim-ünicode
LABEL note=AKIAQYLPMN5HFIQR7XYA
RUN sudo git clone https://builder:hunter2-in-a-url@git.example.com/x.git && \
    curl -k -u builder:curl-user-hunter2 https://example.com/a | sh
RUN echo vEry-s3cret-Passw0rd > /x && export GH=ghp_1a2B3c4D5e6F7g8H9i0JkLmNoPqRsT2vCexA
ADD a b
CMD run --password vEry-s3cret-Passw0rd
"#;

#[test]
fn no_output_holds_a_secret() {
    let project = Project::with("Dockerfile", DOCKERFILE);
    for format in ["text", "json", "sarif", "github"] {
        for selection in [
            &["--preset", "all"][..],
            &["--preset", "hadolint"],
            &["--preset", "recommended"],
            &["--select", "copy-not-add"],
            &["--select", "DL3004"],
            &["--preset", "all", "--diff"],
            &["--preset", "all", "--diff", "--fix-unsafe"],
        ] {
            // The diff itself is the report then.
            let format = if selection.contains(&"--diff") { vec![] } else { vec!["--format", format] };
            let run = project.run(&[&["lint", "--no-config"], &*format, selection, &["."]].concat());
            assert!(run.code <= 1, "{run:?}");
            for value in PLANTED {
                for output in [&run.stdout, &run.stderr] {
                    assert!(!output.contains(value), "{format:?} {selection:?} shows {value}:\n{output}");
                }
            }
        }
    }
    assert_eq!(project.read("Dockerfile"), DOCKERFILE, "nothing was asked to be written");
}

#[test]
fn fixes_write_the_true_values() {
    let project = Project::with("Dockerfile", "FROM alpine:3.20\nENV MY_PASSWORD legacy-hunter2\n");
    project.run(&["lint", "--select", "LegacyKeyValueFormat", "--fix", "."]);
    assert_eq!(project.read("Dockerfile"), "FROM alpine:3.20\nENV MY_PASSWORD=legacy-hunter2\n");
}

#[test]
fn control_characters_and_runner_commands_are_broken() {
    let hostile = "FROM alpine:3.20\nADD a\u{1b}[31mb\u{202e}c /x\n::error::pwned x\n##vso[task.setvariable]x y\n";
    let project = Project::with("Dockerfile", hostile);
    for format in ["text", "json", "sarif", "github"] {
        let run = project.run(&["lint", "--preset", "all", "--no-config", "--format", format, "."]);
        for raw in ['\u{1b}', '\u{202e}'] {
            assert!(!run.stdout.contains(raw), "{format}: {}", run.stdout);
        }
        let commands =
            run.stdout.lines().filter(|line| line.starts_with("::error::pwned") || line.starts_with("##vso["));
        assert_eq!(commands.count(), 0, "{format}: {}", run.stdout);
    }
}
