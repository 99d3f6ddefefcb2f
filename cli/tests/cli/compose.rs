//! Compose files among the inputs.

use super::support::{BAD, GOOD, Project};
use std::fmt::Write;

/// One finding.
const COMPOSE: &str = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n";

fn places(project: &Project, arguments: &[&str]) -> Vec<String> {
    let run = project.run(&[&["lint", "--format", "json"], arguments].concat());
    let findings = run.json()["findings"].as_array().expect("findings").clone();
    let place = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        format!("{}:{}:{} {}", text("path"), finding["start"]["line"], finding["start"]["column"], text("rule"))
    };
    findings.iter().map(place).collect()
}

#[test]
fn found_by_name_and_by_what_stands_in_them() {
    let project = Project::with("compose.yaml", COMPOSE);
    project.write("a/Docker-Compose.dev.YML", COMPOSE).write(".devcontainer/docker-compose.yml", COMPOSE);
    project.write("a/stack.yml", COMPOSE).write("a/compose.yaml.j2", COMPOSE).write("a/pod.yml", "kind: Pod\n");
    let found = |path: &str| format!("{path}:4:5 container-privileged");
    let by_name = [".devcontainer/docker-compose.yml", "a/Docker-Compose.dev.YML", "compose.yaml"].map(found);
    assert_eq!(places(&project, &["."]), by_name);
    assert_eq!(places(&project, &["a/stack.yml"]), [found("a/stack.yml")]);
    let run = project.run_with_stdin(&["lint", "--stdin-filename", "compose.yaml", "-"], COMPOSE.as_bytes());
    run.exits(1).stdout_has("compose.yaml:4:5").stdout_has("the service is privileged");
    let json = r#"{"services": {"web": {"image": "nginx:1.29", "privileged": true}}}"#;
    assert_eq!(places(project.write("stack.json", json), &["stack.json"]), ["stack.json:1:46 container-privileged"]);
}

#[test]
fn a_dockerfile_stays_one() {
    let project = Project::with("Dockerfile.yml", BAD);
    project.write("Dockerfile", BAD).write("services.txt", BAD);
    assert_eq!(project.found(&["Dockerfile.yml", "Dockerfile", "services.txt"]).len(), 3);
}

#[test]
fn no_yaml_is_an_error_and_the_others_are_checked() {
    let project = Project::with("a/compose.yaml", "services:\n  web: [\n");
    project.write("b/compose.yaml", COMPOSE).write("Dockerfile", GOOD);
    let run = project.run(&["lint", "--format", "json"]).exits(2);
    let errors = run.errors();
    assert!(errors.len() == 1 && errors[0].starts_with("a/compose.yaml:2: not YAML"), "{errors:?}");
    assert_eq!(run.paths(), ["b/compose.yaml"]);
    // On line and column, in characters; what is too large or too deep is an error in the same way.
    project.write("a/compose.yaml", "services:\n  w\u{e9}b: \u{e9}: b\n").write("c/compose.yaml", "");
    project.write("d/compose.yaml", format!("services: {}\n", "[".repeat(100_000)));
    let huge = std::fs::File::options().write(true).open(project.path().join("c/compose.yaml")).expect("a file");
    huge.set_len(33 << 20).expect("a large file");
    let run = project.run(&["lint", "--format", "github"]).exits(2);
    assert!(run.stderr.contains("error: a/compose.yaml:2:9: not YAML"), "{run:?}");
    assert!(run.stderr.contains("error: c/compose.yaml: larger than the limit"), "{run:?}");
    assert!(run.stderr.contains("error: d/compose.yaml:1:"), "{run:?}");
    assert!(run.stdout.contains("file=a/compose.yaml,line=2,col=9,title"), "{run:?}");
    assert!(run.stdout.contains("file=b/compose.yaml,line=4,endLine=4,col=5"), "{run:?}");
}

#[test]
fn hostile_texts_end() {
    let nested = format!("services: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    let mut laughs = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        let _ = writeln!(laughs, "a{level}: &a{level} [*a{0}, *a{0}]", level - 1);
    }
    laughs.push_str("services:\n  web: {image: 'nginx:1.29', volumes: *a39, environment: *a39}\n");
    let own = "services: &a\n  web: *a\n";
    let mut merges = "x0: &x0 {image: 'nginx:1.29', privileged: true}\n".to_owned();
    for level in 1..40 {
        let _ = writeln!(merges, "x{level}: &x{level} {{<<: [*x{0}, *x{0}]}}", level - 1);
    }
    merges.push_str("services:\n  web: {<<: *x39}\n");
    let project = Project::with("laughs.yml", laughs);
    project.write("nested.yml", nested).write("own.yml", own).write("merges.yml", merges);
    // By name they are Compose files, whatever can be read of them.
    for name in ["nested", "own", "laughs", "merges"] {
        let text = project.read(&format!("{name}.yml"));
        let code = match name {
            "nested" | "own" => 2,
            "laughs" => 0,
            _ => 1,
        };
        project.run_with_stdin(&["lint", "--stdin-filename", "compose.yml", "-"], text.as_bytes()).exits(code);
    }
}

#[test]
fn selection_comments_and_configuration_hold() {
    let project = Project::with("compose.yaml", COMPOSE);
    assert_eq!(places(&project, &["--select", "5.5", "."]).len(), 1);
    assert_eq!(places(&project, &["--ignore", "5.5", "."]), [""; 0]);
    let strict = places(&project, &["--preset", "cis", "."]);
    assert!(strict.iter().any(|place| place == "compose.yaml:2:3 container-without-memory-limit"), "{strict:?}");
    project.write("plimsoll.toml", "[per-file-ignores]\n\"compose.yaml\" = [\"container-privileged\"]\n");
    assert_eq!(places(&project, &["."]), [""; 0]);
    let project = Project::with("compose.yaml", COMPOSE.replace("true", "true # plimsoll ignore=5.5 needs it"));
    let run = project.run(&["lint", "--format", "json"]).exits(0);
    assert_eq!(run.json()["suppressed"][0]["reason"], "needs it");
    for comment in ["# plimsoll ignore=container-privileged\n  web:", "# plimsoll global ignore=5.5\n  web:"] {
        project.write("compose.yaml", COMPOSE.replace("web:", comment)).run(&["lint"]).exits(0);
    }
    let other = "# plimsoll ignore=5.5\n  db:\n    image: postgres:18\n  web:";
    project.write("compose.yaml", COMPOSE.replace("web:", other)).run(&["lint"]).exits(1);
}

/// What a reviewer would not thank us for is left to the stricter presets, said once, or said softly.
#[test]
fn the_default_preset_is_sparing() {
    let mounts = "/:/host, /:/rootfs:ro, /etc/pihole:/etc/pihole, /etc/dnsmasq.d:/x, /dev/shm:/dev/shm, /etc/passwd:/p:ro, \
                  /sys/fs/cgroup:/c:ro, /etc/cron.d:/c, /etc/profile.d:/f:ro, /dev/sda:/d";
    let text = format!(
        "services:\n  web:\n    image: nginx:1.29\n    environment:\n      PGUSER: app\n      PGPASSWORD: app\n      \
         SUPERUSER_PASSWORD: hunter22\n      \
         MYSQL_PASSWORD: root\n      DB_PASSWORD: hunter2\n    volumes:\n      - {}\n",
        mounts.replace(", ", "\n      - ")
    );
    let project = Project::with("compose.yaml", text);
    let run = project.run(&["lint", "--format", "json"]).exits(1);
    let found = run.json()["findings"].as_array().expect("findings").clone();
    let told = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", finding["start"]["line"], text("severity"), text("rule"))
    };
    let found: Vec<String> = found.iter().map(told).collect();
    let mount = |line: u32, severity: &str| format!("{line} {severity} container-sensitive-mount");
    assert_eq!(
        found,
        [
            "6 info container-secret-in-environment".to_owned(),
            "7 warning container-secret-in-environment".to_owned(),
            "8 info container-secret-in-environment".to_owned(),
            "9 warning container-secret-in-environment".to_owned(),
            "11 error container-engine-socket".to_owned(),
            "12 error container-engine-socket".to_owned(),
            mount(18, "error"),
            mount(19, "warning"),
            mount(20, "error"),
        ]
    );
    // Where the one rule is off, the other speaks.
    let found = places(&project, &["--ignore", "container-engine-socket"]);
    assert!(found.contains(&"compose.yaml:11:9 container-sensitive-mount".to_owned()), "{found:?}");
    let found = places(&project, &["--preset", "security", "."]);
    assert!(found.contains(&"compose.yaml:13:9 container-sensitive-mount".to_owned()), "{found:?}");
    // The file of accounts is no password.
    project.run(&["lint", "--preset", "security"]).exits(1).stdout_has("- /etc/passwd:/p:ro");
}

#[test]
fn fixing_leaves_them_as_they_are() {
    let project = Project::with("compose.yaml", COMPOSE);
    project.run(&["lint", "--fix"]).exits(1);
    assert_eq!(project.read("compose.yaml"), COMPOSE);
    let arguments = ["lint", "--fix", "--stdin-filename", "compose.yaml", "-"];
    assert_eq!(project.run_with_stdin(&arguments, COMPOSE.as_bytes()).stdout, COMPOSE);
}

/// Values that are planted stand in no byte of any report.
#[test]
fn secrets_are_masked() {
    let secrets = ["correct-horse-battery", "vT9-kq2Lm4xy", "planted-api-token", "s3cr3t-d3fault", "pa55 with blanks"];
    let text = format!(
        "services:\n  web: {{image: nginx, privileged: true, environment: {{DB_PASSWORD: '{}', URL: 'postgres://u:{}@db'}}, \
         command: 'run --api-token {}', labels: [\"app.secret={}\"], build: {{args: [\"NPM_TOKEN=${{NPM_TOKEN:-{}}}\"]}}}}\n",
        secrets[0], secrets[1], secrets[2], secrets[4], secrets[3]
    );
    let project = Project::with("compose.yaml", text);
    for format in ["text", "json", "sarif", "github"] {
        let run = project.run(&["lint", "--preset", "all", "--format", format]).exits(1);
        assert!(run.stdout.contains("container-privileged"), "{run:?}");
        for secret in secrets {
            assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{format}: {secret}: {run:?}");
        }
    }
}

#[test]
fn rules_that_speak_of_them_are_explained() {
    let project = Project::new();
    project.run(&["explain", "container-privileged"]).exits(0).stdout_has("In a Compose file:").stdout_has("5.5");
    project.run(&["explain", "service-image-latest"]).exits(0).stdout_has("a tag that moves");
    project.write("compose.yaml", COMPOSE);
    project.run(&["show-settings", "compose.yaml"]).exits(0).stdout_has("on   container-privileged");
}
