//! Compose files that are read with other files: `.env`, `extends`, `include`, overrides.

use super::support::{Project, Run};
use std::fmt::Write as _;
use std::fs;

const COMMON: &str = "services:\n  base:\n    image: nginx:1.29\n    pid: host\n    mem_limit: 1g\n";
const EXTENDS: &str = "services:\n  web:\n    extends: {file: base/common.yml, service: base}\n    ipc: host\n";

fn places(run: &Run) -> Vec<String> {
    let findings = run.json()["findings"].as_array().expect("findings").clone();
    let place = |finding: &serde_json::Value| {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        format!("{}:{}:{} {}", text("path"), finding["start"]["line"], finding["start"]["column"], text("rule"))
    };
    findings.iter().map(place).collect()
}

fn link(project: &Project, to: &str, at: &str) {
    std::os::unix::fs::symlink(to, project.path().join(at)).expect("a link");
}

fn lint(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[&["lint", "--format", "json"], arguments].concat())
}

/// What a file extends is checked in its own place, once; what it lacks is told with what the other file gives.
#[test]
fn extended_files_are_checked_too() {
    let project = Project::with("compose.yaml", EXTENDS);
    project.write("base/common.yml", COMMON);
    let found = ["base/common.yml:4:5 container-host-pid", "compose.yaml:4:5 container-host-ipc"];
    for paths in [&["compose.yaml"][..], &["."], &["compose.yaml", "base/common.yml"]] {
        assert_eq!(places(&lint(&project, paths)), found, "{paths:?}");
    }
    let limits = ["--select", "container-without-memory-limit,container-without-cpu-limit"];
    let limits = places(&lint(&project, &limits));
    assert_eq!(
        limits,
        ["base/common.yml:2:3 container-without-cpu-limit", "compose.yaml:2:3 container-without-cpu-limit"]
    );
    // Comments, ignores and exclusions of the other file hold there.
    project.write("base/common.yml", COMMON.replace("pid: host", "pid: host # plimsoll ignore=5.16"));
    assert_eq!(places(&lint(&project, &["."])), found[1..]);
    project.write("base/common.yml", COMMON).write("plimsoll.toml", "exclude = [\"base/\"]\n");
    assert_eq!(places(&lint(&project, &["."])), found[1..]);
    // What a file names that is left out is left out too.
    project.write("plimsoll.toml", "exclude = [\"/compose.yaml\"]\n");
    assert_eq!(places(&lint(&project, &["."])), [""; 0]);
}

#[test]
fn extended_files_that_end_nowhere() {
    let own = "services:\n  web: {image: 'a:1', extends: {file: compose.yaml, service: web}, privileged: true}\n";
    let project = Project::with("compose.yaml", own);
    assert_eq!(places(&lint(&project, &["."]))[0], "compose.yaml:2:68 container-privileged");
    project.write("compose.yaml", EXTENDS);
    project.write("base/common.yml", "services: {base: {extends: {file: ../compose.yaml, service: web}}}\n");
    assert_eq!(places(&lint(&project, &["."])), ["compose.yaml:4:5 container-host-ipc"]);
    // Of a file that is no YAML nothing is known: its own error says so.
    project.write("base/common.yml", "services: [");
    let run = lint(&project, &["."]).exits(2);
    assert_eq!(places(&run), ["compose.yaml:4:5 container-host-ipc"]);
    assert!(run.errors()[0].starts_with("base/common.yml:1"), "{:?}", run.errors());
}

#[test]
fn included_files_are_checked_too() {
    let text = "include:\n  - db/db.yaml\n  - path: [./cache.yaml, db/db.yaml]\n";
    let project = Project::with("compose.yaml", text);
    project.write("db/db.yaml", COMMON).write("cache.yaml", COMMON);
    let found = ["cache.yaml:4:5 container-host-pid", "db/db.yaml:4:5 container-host-pid"];
    assert_eq!(places(&lint(&project, &["."])), found);
    // An included file has includes of its own, from its own folder, whatever it is called.
    project.write("cache.yaml", "include: [db/more]\n").write("db/more", "include: [../compose.yaml, last]\n");
    project.write("db/last", COMMON);
    let found = ["db/db.yaml:4:5 container-host-pid", "db/last:4:5 container-host-pid"];
    assert_eq!(places(&lint(&project, &["."])), found);
}

/// Nothing out of the named folder is read, by whatever way a file points there.
#[test]
fn files_out_of_the_folder_are_left() {
    let project = Project::with("out/secret.yml", COMMON);
    project.write("in/.gitkeep", "");
    link(&project, "../out/secret.yml", "in/link.yml");
    link(&project, "../out", "in/folder");
    let all = "include: [../out/secret.yml, link.yml, folder/secret.yml, missing.yml, 'https://example.com/a.yml', '${HERE:-/etc/passwd}']\n";
    project.write("in/compose.yaml", all).write("in/.env", "");
    let run = lint(&project, &["in"]).exits(0);
    assert_eq!(places(&run), [""; 0]);
    for (path, why) in [
        ("../out/secret.yml", "it is out of the folder that was named"),
        ("link.yml", "it is out of the folder that was named"),
        ("folder/secret.yml", "it is out of the folder that was named"),
        ("missing.yml", "there is no such file"),
        ("https://example.com/a.yml", "it is not a file of this machine"),
        ("${HERE:-/etc/passwd}", "it is out of the folder that was named"),
    ] {
        let note = format!("in/compose.yaml:1: {path} is not looked at: {why}");
        assert!(run.stderr.contains(&note), "{note}: {run:?}");
    }
    // A service of which a part is not known lacks nothing for certain.
    let extends = "services:\n  web:\n    image: a:1\n    extends: {file: ../out/secret.yml, service: base}\n";
    project.write("in/compose.yaml", extends);
    let run = lint(&project, &["--preset", "cis", "in"]);
    assert_eq!(places(&run), [""; 0]);
    // The folder that was named may be a larger one.
    let run = lint(&project, &["--preset", "cis", "."]);
    assert!(places(&run).contains(&"out/secret.yml:4:5 container-host-pid".to_owned()), "{run:?}");
    // `.env` through a link out of the folder is none either.
    project.write("env", "TAG=latest\n").write("in/compose.yaml", "services: {web: {image: 'nginx:$TAG'}}\n");
    fs::remove_file(project.path().join("in/.env")).expect("a file");
    link(&project, "../env", "in/.env");
    assert_eq!(places(&lint(&project, &["in"])), [""; 0]);
    assert_eq!(places(&lint(&project, &["."])), ["in/compose.yaml:1:25 service-image-latest"]);
}

/// `.env` decides; what it says is shown nowhere, and the environment of the process decides nothing.
#[test]
fn variables() {
    let text = "services:\n  web:\n    image: nginx:${TAG:-1.29}\n    privileged: ${MINE:-false}\n    pid: $MODE\n";
    let project = Project::with("compose.yaml", text);
    assert_eq!(places(&lint(&project, &["."])), [""; 0]);
    project.write(".env", "TAG=latest\nMINE=\"true\"\nexport MODE='host'\n");
    let found = [
        "compose.yaml:3:12 service-image-latest",
        "compose.yaml:4:5 container-privileged",
        "compose.yaml:5:5 container-host-pid",
    ];
    assert_eq!(places(&lint(&project, &["."])), found);
    let run = project.run_with_stdin(&["lint", "--stdin-filename", "compose.yaml", "-"], text.as_bytes());
    run.exits(1).stdout_has("the service is privileged");
}

#[test]
fn values_of_env_files_are_not_shown() {
    let secret = "vT9-kq2Lm4xy";
    let text = "services:\n  web:\n    image: $A:latest\n    privileged: $A\n    user: $A\n    environment:\n      PASSWORD: $A\n      \
                OTHER_PASSWORD: ${B:-$A}\n    volumes:\n      - /etc/cron.d/$A:/x\n      - 'data:/y'\n      - {type: bind, \
                source: \"/etc/cron.d/${A}\", target: $A}\n    ports:\n      - $A\n      - {target: 80, published: $A}\n      \
                - \"0.0.0.0:${PORT}:80\"\n    devices: [\"/dev/sda$A:/x\", {source: /dev/sda$A, target: /y}]\n    cap_add: [$A, \
                SYS_$A]\n    security_opt: [\"apparmor=$A\"]\n    command: sshd $A\n    group_add: [$A]\n    extends: {file: $A.yml, \
                service: a}\n    device_cgroup_rules: ['c $A rwm']\n    cgroup_parent: $A\ninclude: [$A.yml]\nvolumes:\n  data: \
                {driver_opts: {type: none, o: bind, device: /etc/cron.d/$A}}\n";
    let project = Project::with("compose.yaml", text);
    project.write(".env", format!("A={secret}\nPORT=80\n"));
    for format in ["text", "json", "sarif", "github"] {
        let run = project.run(&["lint", "--preset", "all", "--format", format]).exits(1);
        assert!(run.stdout.contains("/etc/cron.d/$A:/x"), "{run:?}");
        assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{format}: {run:?}");
    }
}

/// The override beside a file fills in what the file lacks, and takes nothing away that the file says.
#[test]
fn overrides_are_laid_over_their_base() {
    let base = "services:\n  web:\n    image: app\n    privileged: true\n    volumes: [/etc/ssh:/keys]\n  db:\n    image: postgres:18\n";
    let over = "services:\n  web:\n    build: .\n    privileged: false\n    mem_limit: 1g\n    volumes: [/root:/keys]\n    pid: host\n";
    let project = Project::with("docker-compose.yml", base);
    let limit = ["--extend-select", "container-without-memory-limit"];
    let alone = lint(&project, &limit);
    assert_eq!(
        places(&alone),
        [
            "docker-compose.yml:2:3 container-without-memory-limit",
            "docker-compose.yml:3:12 service-image-latest",
            "docker-compose.yml:4:5 container-privileged",
            "docker-compose.yml:5:15 container-sensitive-mount",
            "docker-compose.yml:6:3 container-without-memory-limit",
        ]
    );
    project.write("docker-compose.override.yml", over);
    assert_eq!(
        places(&lint(&project, &limit)),
        [
            "docker-compose.override.yml:6:15 container-sensitive-mount",
            "docker-compose.override.yml:7:5 container-host-pid",
            "docker-compose.yml:4:5 container-privileged",
            "docker-compose.yml:5:15 container-sensitive-mount",
            "docker-compose.yml:6:3 container-without-memory-limit",
        ]
    );
}

/// Lists of layers add up, mounts by their folder and variables by their name give way, `!reset` and `!override` end it.
#[test]
fn layers_are_merged_as_compose_does() {
    let text = "services:\n  base:\n    image: a:1\n    volumes: [/etc/ssh:/a, /root:/b]\n    cap_add: [SYS_ADMIN]\n    environment: \
                {A_PASSWORD: hunter22, B_PASSWORD: hunter22}\n  web:\n    extends: base\n    volumes: [./ssh:/a/]\n    environment: \
                [A_PASSWORD]\n  bare:\n    extends: base\n    volumes: !override [./a:/c]\n    cap_add: !reset []\n    environment: \
                !override {}\n";
    let project = Project::with("compose.yaml", text);
    // Findings at what the base says: for itself and those that extend it, once.
    let ours = |run: &Run| places(run).into_iter().map(|place| place.replace("compose.yaml:", "")).collect::<Vec<_>>();
    let all = ["4:15 container-sensitive-mount", "4:28 container-sensitive-mount", "5:15 container-added-capabilities"];
    let found = ours(&lint(&project, &["."]));
    assert!(all.iter().all(|place| found.contains(&(*place).to_owned())), "{found:?}");
    // The same with the base in a file of its own that is left out: only what web and bare still have would be said there.
    let base = "services:\n  base:\n    image: a:1\n    mem_limit: 1g\n";
    let web = "services:\n  web:\n    extends: {file: base.yaml, service: base}\n  bare:\n    extends: {file: base.yaml, service: \
               base}\n    mem_limit: !reset null\n";
    project.write("compose.yaml", web).write("base.yaml", base);
    let select = ["--select", "container-without-memory-limit", "compose.yaml"];
    assert_eq!(ours(&lint(&project, &select)), ["6:5 container-without-memory-limit"]);
}

/// Hostile surroundings: chains, circles, bombs behind another file, values that make much of little.
#[test]
fn hostile_surroundings_end() {
    let project = Project::new();
    let service = |file: &str| {
        format!("services:\n  s: {{image: 'a:1', privileged: true, extends: {{file: {file}, service: s}}}}\n")
    };
    for at in 0..100 {
        project.write(&format!("chain/{at}.yml"), service(&format!("{}.yml", at + 1)));
    }
    project.write("chain/compose.yaml", service("0.yml"));
    project.write("circle/compose.yaml", service("a.yml")).write("circle/a.yml", service("compose.yaml"));
    let mut laughs = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        writeln!(laughs, "a{level}: &a{level} [*a{0}, *a{0}]", level - 1).expect("a text");
    }
    laughs += "services:\n  s: {volumes: *a39, environment: *a39, cap_add: *a39}\n";
    project.write("laughs/compose.yaml", service("a.yml")).write("laughs/a.yml", laughs);
    let many: Vec<String> = (0..5_000).map(|at| format!("      K{at}: $A\n      - $A/x:/y{at}\n")).collect();
    let many = many.concat();
    let (variables, mounts): (Vec<&str>, Vec<&str>) = many.lines().partition(|line| line.contains('K'));
    let text = format!(
        "services:\n  s:\n    privileged: true\n    environment:\n{}\n    volumes:\n{}\n",
        variables.join("\n"),
        mounts.join("\n")
    );
    project.write("values/.env", format!("A={}\n", "x".repeat(60_000))).write("values/compose.yaml", text);
    let nested = format!("{}x{}", "${A:-".repeat(50_000), "}".repeat(50_000));
    let text = format!(
        "services:\n  s:\n    privileged: true\n    image: \"{nested}\"\n    labels: [\"{}\"]\n",
        "pwd:$".repeat(50_000)
    );
    project.write("nested/compose.yaml", text);
    let found = places(&lint(&project, &["."]));
    for folder in ["chain", "circle", "laughs", "values", "nested"] {
        let own = |place: &&String| place.starts_with(&format!("{folder}/compose.yaml:"));
        let own: Vec<&String> = found.iter().filter(own).collect();
        assert!(own.len() == 1 && own[0].ends_with("container-privileged"), "{folder}: {own:?}");
    }
}
