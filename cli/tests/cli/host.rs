//! `plimsoll host`: bundles in, answers out.

use crate::support::{Project, Run};

const CONTAINERS: &str = r#"[
  {"Id": "aa", "Name": "/web", "HostConfig": {"Privileged": true, "Memory": 0}, "Config": {"Image": "nginx:1", "Labels": {"tier": "front"}}},
  {"Id": "bb", "Name": "/db", "HostConfig": {"Privileged": false, "Memory": 1048576}, "Config": {"Image": "postgres:16"}}
]"#;

fn bundle(containers: &str) -> Project {
    Project::with("bundle/containers.json", containers)
}

/// The answers of a JSON report, as `target rule status`.
fn answers(run: &Run) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let row = |check: &serde_json::Value| {
        format!("{} {} {}", text(&check["target"]), text(&check["rule"]), text(&check["status"]))
    };
    run.json()["checks"].as_array().expect("checks").iter().map(row).collect()
}

fn host(project: &Project, select: &str, more: &[&str]) -> Run {
    let base = ["host", "--from", "bundle", "--format", "json", "--select", select];
    project.run(&[&base[..], more].concat())
}

#[test]
fn every_answer_is_told_and_each_failure_is_a_finding() {
    let project = bundle(CONTAINERS);
    let run = host(&project, "container-privileged,daemon-without-live-restore", &[]).exits(1);
    assert_eq!(
        answers(&run),
        [
            "container:db container-privileged pass",
            "container:web container-privileged fail",
            "daemon daemon-without-live-restore unknown"
        ]
    );
    assert_eq!(run.paths(), ["container:web"]);
    let check = &run.json()["checks"][1];
    assert_eq!(check["evidence"], "HostConfig.Privileged is true");
    assert!(check["remediation"].as_str().expect("a text").contains("without `--privileged`"), "{check}");
    assert!(check["aliases"].as_array().expect("aliases").contains(&"5.5".into()), "{check}");
    let finding = &run.json()["findings"][0];
    assert!(finding.get("start").is_none() && finding["severity"] == "error", "{finding}");
}

#[test]
fn the_text_says_what_a_person_needs() {
    let project = bundle(CONTAINERS);
    project
        .run(&["host", "--from", "bundle", "--select", "5.5,2.15"])
        .exits(1)
        .stdout_has("error[container-privileged] 1 of 2 containers  5.5")
        .stdout_has("   container:web: HostConfig.Privileged is true\n")
        .stdout_has("= help: Start the container without `--privileged`")
        .stdout_has("unknown[daemon-without-live-restore] daemon: info.json was not read")
        .stdout_has("3 checks: 1 pass, 1 fail, 1 unknown, 0 not-applicable, 0 manual")
        .stdout_has("1 error in 3 targets");
}

#[test]
fn the_text_says_which_host_was_asked() {
    let project = bundle(CONTAINERS);
    let meta = r#"{"host": "h1", "time": "2026-01-02T03:04:05Z", "engine": "unix:///run/docker.sock"}"#;
    project.write("bundle/meta.json", meta);
    project
        .write("bundle/version.json", r#"{"Version": "29.0.2"}"#)
        .write("bundle/info.json", r#"{"Name": "n\u001b"}"#);
    let run = project.run(&["host", "--from", "bundle", "--select", "5.5"]).exits(1);
    let first = run.stdout.lines().next().expect("a line");
    let rest = "engine 29.0.2 at unix:///run/docker.sock; 2 containers; read 2026-01-02T03:04:05Z";
    assert_eq!(first, format!("host n\\u{{1b}}, h1: {rest}"));
    let run = project.run(&["host", "--from", "bundle", "--select", "5.5", "--format", "json"]).exits(1);
    assert_eq!(run.json()["host"]["version"], "29.0.2");
}

#[test]
fn checks_are_selected_by_every_number() {
    let project = bundle(CONTAINERS);
    for id in ["5.5", "check_5_5", "container-privileged", "5.[5]", "CIS-1.1.0-5.4"] {
        assert_eq!(answers(&host(&project, id, &[])).len(), 2, "{id}");
    }
    let all = answers(&host(&project, "5.*", &[]));
    assert!(
        all.len() > 4
            && all
                .iter()
                .all(|answer| ["container:", "host ", "swarm "].iter().any(|target| answer.starts_with(target))),
        "{all:?}"
    );
    host(&project, "check_5_555", &[]).exits(2).stderr_has("unknown rule `check_5_555`");
}

#[test]
fn containers_are_chosen_by_name_image_and_label() {
    let project = bundle(CONTAINERS);
    let only = |more: &[&str]| answers(&host(&project, "5.5", more));
    assert_eq!(only(&["--container", "d*"]), ["container:db container-privileged pass"]);
    assert_eq!(only(&["--container", "nginx:*"]), ["container:web container-privileged fail"]);
    assert_eq!(only(&["--container", "tier=front"]), ["container:web container-privileged fail"]);
    assert_eq!(only(&["--exclude-container", "web"]), ["container:db container-privileged pass"]);
}

#[test]
fn exit_codes() {
    let good = bundle(r#"[{"Name": "/db", "HostConfig": {"Privileged": false}}]"#);
    host(&good, "5.5", &[]).exits(0);
    host(&good, "5.5,2.15", &[]).exits(0);
    host(&good, "5.5,2.15", &["--fail-on-unknown"]).exits(1);
    let bad = bundle(CONTAINERS);
    host(&bad, "5.5", &["--exit-zero"]).exits(0);
    host(&bad, "5.11", &["--fail-level", "error"]).exits(0);
    let run = good.run(&["host", "--from", "nowhere"]).exits(2);
    assert!(run.stderr.contains("nowhere"), "{run:?}");
}

#[test]
fn malformed_facts_are_errors_and_hide_nothing() {
    // What stands before the break is still checked.
    let broken = bundle(r#"[{"Name": "/web", "HostConfig": {"Privileged": true}}, {"Name": "/db", "Ho"#);
    let run = host(&broken, "5.5", &[]).exits(2);
    assert_eq!(answers(&run), ["container:web container-privileged fail"]);
    assert_eq!(run.errors(), ["containers.json:1: the file breaks off"]);

    // A field of another type is unknown, and its value is not quoted.
    let odd = bundle(r#"[{"Name": "/web", "HostConfig": {"Privileged": "hunter2", "Memory": 1}}, {"Name": "/db"}, 7]"#);
    let run = host(&odd, "5.5,5.11", &[]).exits(2);
    assert_eq!(
        answers(&run),
        [
            "container:db container-privileged unknown",
            "container:db container-without-memory-limit unknown",
            "container:web container-privileged unknown",
            "container:web container-without-memory-limit pass"
        ]
    );
    assert!(!run.stdout.contains("hunter2") && run.errors().len() == 2, "{run:?}");
}

#[test]
fn names_reach_no_terminal_raw() {
    let project = bundle(r#"[{"Name": "/\u001b[31m\u202e::error::x", "HostConfig": {"Privileged": true}}]"#);
    for format in ["text", "json", "sarif", "github"] {
        let run = project.run(&["host", "--from", "bundle", "--select", "5.5", "--format", format]);
        assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{format}: {run:?}");
        assert!(!run.stdout.lines().any(|line| line.starts_with("::error::x")), "{format}: {run:?}");
    }
}

#[test]
fn checks_are_selected_by_level_and_group() {
    let project = bundle(CONTAINERS);
    let rules = |arguments: &[&str]| {
        let run = project.run(&[&["host", "--from", "bundle", "--format", "json"], arguments].concat());
        let checks = run.json()["checks"].as_array().expect("checks").clone();
        let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
        let numbers = |check: &serde_json::Value| {
            let aliases = check["aliases"].as_array().expect("aliases").iter().map(text);
            aliases.filter(|alias| alias.starts_with(|c: char| c.is_ascii_digit())).collect::<Vec<_>>()
        };
        let mut all: Vec<String> = checks.iter().flat_map(numbers).collect();
        all.sort();
        all.dedup();
        all
    };
    let has = |numbers: &[String], number: &str| numbers.iter().any(|other| other == number);
    // Some checks of a rule are of level 1, others of level 2.
    let first = rules(&["--preset", "cis-1"]);
    for (number, wanted) in
        [("1.1.3", true), ("1.1.7", false), ("3.16", true), ("3.18", false), ("5.3", false), ("7.9", true)]
    {
        assert_eq!(has(&first, number), wanted, "{number}: {first:?}");
    }
    let second = rules(&["--preset", "cis-2"]);
    assert!(first.iter().all(|number| has(&second, number)) && has(&second, "1.1.7") && has(&second, "5.3"));
    let (one, two, three) =
        (rules(&["--preset", "cis-ig1"]), rules(&["--preset", "cis-ig2"]), rules(&["--preset", "cis-ig3"]));
    assert!(one.len() < two.len() && two.len() < three.len());
    assert!(has(&one, "5.5") && !has(&one, "5.1") && has(&two, "5.1") && has(&three, "5.9") && !has(&two, "5.9"));
    assert_eq!(rules(&["--select", "cis_controls_v8_ig1"]), one);
    // docker-bench's names stand for sections.
    let runtime = rules(&["--select", "container_runtime"]);
    assert!(runtime.iter().all(|number| number.starts_with("5.")) && has(&runtime, "5.31"), "{runtime:?}");
    assert!(rules(&["--select", "docker_daemon_configuration"]).iter().all(|number| number.starts_with("2.")));
    assert!(!rules(&["--select", "container_runtime", "--ignore", "check_5_5"]).contains(&"5.5".to_owned()));
    assert!(!rules(&["--select", "community_checks"]).is_empty() || rules(&["--select", "C.5.3.1"]).is_empty());
    let run = project.run(&["host", "--from", "bundle", "--select", "container_runtim"]).exits(2);
    assert!(run.stdout.contains("did you mean `container_runtime`"), "{run:?}");
}

#[test]
fn what_is_trusted_stands_in_the_configuration() {
    let container = r#"[{"Name": "/web", "HostConfig": {"NetworkMode": "bridge", "PublishAllPorts": false,
        "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}},
        "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}}}]"#;
    let project = bundle(container);
    project.write("bundle/group", "docker:x:999:alice\n").write("bundle/passwd", "root:x:0:0::/:/bin/sh\n");
    let all = |run: &Run| answers(run).join(" ");
    assert!(!all(&host(&project, "1.1.2,5.9", &[])).contains("pass"), "a person decides");
    project.write("plimsoll.toml", "[host]\ntrusted-users = [\"alice\"]\npublished-ports = [8080]\n");
    let run = host(&project, "1.1.2,5.9", &[]).exits(0);
    assert_eq!(all(&run).matches("pass").count(), 2, "{run:?}");
    project.write("plimsoll.toml", "[host]\ntrusted-users = [\"bob\"]\npublished-ports = [443]\n");
    assert_eq!(all(&host(&project, "1.1.2,5.9", &[])).matches("fail").count(), 2);
    project.write("plimsoll.toml", "[host]\npublished-ports = [99999]\ntrusted = 1\n");
    let run = host(&project, "5.9", &[]).exits(2);
    assert_eq!(run.errors().len(), 2, "{run:?}");
}

#[test]
fn what_a_host_calls_itself_is_not_told_at_any_length() {
    let long = "x".repeat(4_000_000);
    let containers = serde_json::json!([{ "Name": format!("/{long}"), "Config": { "Image": long, "User": long },
        "HostConfig": { "Privileged": true, "CgroupParent": long, "SecurityOpt": [long] } }]);
    let project = bundle(&containers.to_string());
    for format in ["text", "json"] {
        let run = project.run(&["host", "--from", "bundle", "--preset", "all", "--format", format]).exits(1);
        assert!(run.stdout.len() < 200_000 && run.stdout.contains("container-privileged"), "{}", run.stdout.len());
    }
}

#[test]
fn a_hundred_thousand_containers_are_one_paragraph_each_check() {
    let rows: Vec<String> = (0..100_000)
        .map(|at| format!(r#"{{"Id":"{at:064}","Name":"/c{at}","HostConfig":{{"Privileged":true,"Memory":0}}}}"#))
        .collect();
    let project = bundle(&format!("[{}]", rows.join(",")));
    let run = project.run(&["host", "--from", "bundle", "--select", "5.5,5.11,5.10"]).exits(1);
    assert!(run.stdout.contains("error[container-privileged] 100000 of 100000 containers"), "{}", run.stdout.len());
    assert!(run.stdout.contains("100000 unknown"), "{}", run.stdout);
    assert!(run.stdout.lines().count() < 40, "{}", run.stdout.lines().count());
}
