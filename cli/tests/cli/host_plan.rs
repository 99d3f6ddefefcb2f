//! `plimsoll host --fix-plan`: plans from bundles, hostile ones too, and one that a real dockerd is started with.
#![cfg(unix)]

use crate::dockerd::{Dockerd, cannot_run};
use crate::support::{Project, Run, command, finish};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// A bundle of a daemon that systemd starts.
fn bundle(args: &Value, daemon_json: &Value, more: &Value) -> Project {
    let project = Project::new();
    let meta = json!({
        "version": 1, "host": "h1", "time": "2026-01-01T00:00:00Z", "unit": "docker.service",
        "daemon_json": "/etc/docker/daemon.json", "unread": { "audit.rules": "absent" },
    });
    let mut files =
        json!({ "meta.json": meta, "dockerd.args.json": args, "daemon.json": daemon_json, "units.json": {} });
    for (name, content) in more.as_object().expect("files") {
        files[name] = content.clone();
    }
    for (name, content) in files.as_object().expect("files") {
        project.write(&format!("bundle/{name}"), content.to_string());
    }
    project
}

fn plan(project: &Project) -> Run {
    project.run(&["host", "--from", "bundle", "--preset", "all", "--fix-plan", "plan", "--format", "json"])
}

fn json_of(project: &Project, name: &str) -> Value {
    serde_json::from_str(&project.read(name)).expect("JSON")
}

#[test]
fn changes_stand_where_the_setting_stands() {
    let args = json!(["/usr/bin/dockerd", "-H", "fd://", "--icc", "--label", "a b%n$X\"", "--mtu=1400"]);
    let project = bundle(&args, &json!({ "log-level": "debug", "dns": ["10.0.0.1"], "mtu": 1400 }), &json!({}));
    plan(&project).exits(1).stderr_has("plan.md: ");
    // What the command line sets is in no file; what was there stays.
    let daemon = json_of(&project, "plan/daemon.json");
    assert_eq!(daemon["log-level"], "info");
    assert_eq!(daemon["dns"], json!(["10.0.0.1"]));
    for key in ["icc", "mtu", "hosts", "userland-proxy", "no-new-privileges"] {
        assert!(daemon.get(key).is_none(), "{key}: {daemon}");
    }
    assert_eq!(json_of(&project, "plan/disruptive/userland-proxy.json")["userland-proxy"], false);
    let drop_in = project.read("plan/disruptive/icc.conf");
    let start = r#"ExecStart=/usr/bin/dockerd --host=fd:// "--label=a b%%n$$X\"" --mtu=1400 --icc=false"#;
    assert_eq!(drop_in, format!("[Service]\nExecStart=\n{start}\n"));
    let readme = project.read("plan/plan.md");
    for text in [
        "- userland-proxy (2.16): userland-proxy becomes `false`",
        "`mtu` leaves the file",
        "disruptive/icc.conf '/etc/systemd/system/docker.service.d/zz-plimsoll.conf'",
        "The way back:",
    ] {
        assert!(readme.contains(text), "{text}: {readme}");
    }
    let mode = std::fs::metadata(project.path().join("plan")).expect("the plan").permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

/// A drop-in that systemd was not told of yet counts: it will be there when the plan is.
#[test]
fn what_stands_on_disk_and_is_not_active_is_kept() {
    let unit = "[Service]\nEnvironmentFile=-/etc/default/docker\nExecStart=/usr/bin/dockerd -H fd:// $DOCKER_OPTS\n";
    let units = json!({
        "/lib/systemd/system/docker.service": unit,
        "/etc/systemd/system/docker.service.d/zzz.conf":
            "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// --icc=false --log-level warn $DOCKER_OPTS\n",
        "/etc/default/docker": "DOCKER_OPTS=\"--label a=b\"\n",
    });
    let daemon_json = json!({ "userland-proxy": false, "log-driver": "local" });
    let project = bundle(&json!(["/usr/bin/dockerd", "-H", "fd://"]), &daemon_json, &json!({ "units.json": units }));
    let run = plan(&project).exits(1);
    let report = run.json();
    let evidence = |rule: &str| {
        let checks = report["checks"].as_array().expect("checks");
        let check = checks.iter().find(|check| check["rule"] == rule).expect("the check");
        check["evidence"].as_str().expect("a text").to_owned()
    };
    assert_eq!(
        evidence("daemon-inter-container-traffic"),
        "the daemon runs with icc=true; pending: /etc/systemd/system/docker.service.d/zzz.conf says --icc=false"
    );
    assert!(evidence("daemon-change-pending").contains("zzz.conf says --label=a=b"), "{report}");
    // Neither the file nor a drop-in of ours may set what the next start has already.
    let folder = project.path().join("plan");
    for name in ["disruptive/icc.json", "disruptive/icc.conf"] {
        assert!(!folder.join(name).exists(), "{name}");
    }
    for file in ["daemon.json", "disruptive/no-new-privileges.json"] {
        let planned = json_of(&project, &format!("plan/{file}"));
        assert!(planned.get("icc").is_none() && planned.get("log-level").is_none(), "{file}: {planned}");
    }
    let readme = project.read("plan/plan.md");
    let pending = "icc becomes `false` (it stands on disk already, and holds once the daemon is started again)";
    assert!(readme.contains(pending), "{readme}");

    // Where a drop-in has to change the command line it says all that the next start has, and comes last.
    let units = json!({
        "/lib/systemd/system/docker.service": unit,
        "/etc/systemd/system/docker.service.d/zzz.conf":
            "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// --icc --no-new-privileges $DOCKER_OPTS\n",
        "/etc/default/docker": "DOCKER_OPTS=\"--label a=b\"\n",
    });
    let args = json!(["/usr/bin/dockerd", "-H", "fd://", "--icc"]);
    let project = bundle(&args, &json!({}), &json!({ "units.json": units }));
    plan(&project).exits(1);
    let start = "ExecStart=/usr/bin/dockerd --host=fd:// --no-new-privileges=true --label=a=b --icc=false";
    assert_eq!(project.read("plan/disruptive/icc.conf"), format!("[Service]\nExecStart=\n{start}\n"));
    let readme = project.read("plan/plan.md");
    for text in ["docker.service.d/zzz.zz-plimsoll.conf", "spells out what `$DOCKER_OPTS` holds now"] {
        assert!(readme.contains(text), "{text}: {readme}");
    }

    // What cannot be read may set anything.
    let unreadable = json!({ "/lib/systemd/system/docker.service": unit,
        "/etc/systemd/system/docker.service.d/secret.conf": { "error": "Permission denied" } });
    let project = bundle(&args, &json!({}), &json!({ "units.json": unreadable }));
    plan(&project).exits(1);
    assert!(!project.path().join("plan/disruptive/icc.conf").exists());
    assert!(project.read("plan/plan.md").contains("secret.conf could not be read: Permission denied"));
}

#[test]
fn a_daemon_json_that_is_newer_than_the_daemon_is_not_what_it_runs_with() {
    let host = |changed: i64| {
        let meta = json!({ "version": 1, "daemon_started": 1_000_000, "daemon_json_changed": changed });
        let project = Project::with("bundle/meta.json", meta.to_string());
        project.write("bundle/dockerd.args.json", r#"["/usr/bin/dockerd", "--userland-proxy=false"]"#);
        project.write("bundle/daemon.json", r#"{"no-new-privileges": true}"#);
        let ids = "2.14,2.16,daemon-change-pending";
        let run = project.run(&["host", "--from", "bundle", "--select", ids, "--format", "json"]);
        let json = run.json();
        let checks = json["checks"].as_array().expect("checks").clone();
        checks.iter().map(|check| check["status"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(host(999_000), ["pass", "pass", "pass"]);
    // What the command line sets is known all the same.
    assert_eq!(host(1_000_100), ["fail", "unknown", "pass"]);
}

#[test]
fn what_is_not_known_is_not_planned() {
    // Without the command line nobody knows which keys it sets.
    let project = Project::with("bundle/daemon.json", r#"{"log-level": "debug"}"#);
    project.write("bundle/info.json", r#"{"LiveRestoreEnabled": false, "Swarm": {"LocalNodeState": "inactive"}}"#);
    plan(&project).exits(1);
    assert!(!project.path().join("plan/daemon.json").exists());
    assert!(project.read("plan/plan.md").contains("which options stand on the daemon's command line is not known"));
    // A daemon that no unit starts gets no drop-in.
    let project = bundle(&json!(["/usr/bin/dockerd", "--icc"]), &json!({}), &json!({ "meta.json": {} }));
    plan(&project).exits(1);
    assert!(!project.path().join("plan/disruptive/icc.conf").exists());
    assert!(project.read("plan/plan.md").contains("it is not known which unit of systemd starts the daemon"));
}

#[test]
fn a_rootless_engine_is_its_user_s() {
    let meta = json!({ "daemon_json": "/home/ann/.config/docker/daemon.json" });
    let project = bundle(&json!(["/usr/bin/dockerd"]), &json!({ "log-level": "debug" }), &json!({ "meta.json": meta }));
    plan(&project).exits(1);
    let readme = project.read("plan/plan.md");
    assert!(readme.contains(
        "install -D -m 0644 daemon.json '/home/ann/.config/docker/daemon.json'\nsystemctl --user restart docker"
    ));
}

#[test]
fn secrets_are_in_no_plan() {
    let present = json!({ "proxies": { "http-proxy": "http://u:***@proxy:3128" }, "icc": true });
    let args = json!(["/usr/bin/dockerd", "--userland-proxy", "--http-proxy=http://u:***@proxy"]);
    let project = bundle(&args, &present, &json!({}));
    plan(&project).exits(1);
    // A file with a mask in it would be a broken one.
    assert!(!project.path().join("plan/disruptive/icc.json").exists());
    let merged = json_of(&project, "plan/disruptive/icc.merge.json");
    assert!(merged["icc"] == false && merged.get("proxies").is_none(), "{merged}");
    assert!(project.read("plan/plan.md").contains("The present file holds secrets"));
    assert!(!project.path().join("plan/disruptive/userland-proxy.conf").exists());
}

#[test]
fn names_of_a_bundle_never_become_commands() {
    let quoted = "/etc/docker/certs.d/r/'; touch pwned; '$(touch pwned)`touch pwned`\\.key";
    let broken = "/etc/docker/certs.d/r/x\ntouch pwned\n\u{202e}.crt";
    let of = |mode: &str| json!({ "type": "file", "mode": mode, "uid": 1000, "gid": 0 });
    let files = json!({
        "/etc/docker/certs.d": { "type": "directory", "mode": "0755", "uid": 0, "gid": 0 },
        quoted: of("0666"), broken: of("0666"),
        "/run/containerd/containerd.sock": { "real": "-R", "type": "socket", "mode": "0666", "uid": 0, "gid": 0 },
    });
    let info = json!({ "DockerRootDir": "/x -p r\n-D\n", "LiveRestoreEnabled": false });
    let containers = json!([{ "Id": "aa", "Name": "/w```\n# x\u{1b}[31m", "HostConfig": { "Privileged": true } }]);
    let more = json!({ "files.json": files, "info.json": info, "containers.json": containers });
    let project = bundle(&json!(["/usr/bin/dockerd", "--label=x\ny", "--icc"]), &json!({}), &more);
    plan(&project).exits(1);

    // The script is run by a shell that knows other programs of these names.
    for program in ["chmod", "chown"] {
        let path = project.path().join("bin").join(program);
        project.write(&format!("bin/{program}"), "#!/bin/sh\nfor word in \"$0\" \"$@\"; do echo \"<$word>\"; done\n");
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    }
    let run = Command::new("/bin/sh")
        .args(["plan/permissions.sh"])
        .env("PATH", project.path().join("bin"))
        .current_dir(project.path())
        .output()
        .expect("a shell");
    let told = String::from_utf8(run.stdout).expect("text");
    assert!(run.status.success() && told.contains(&format!("<{quoted}>\n")), "{told}");
    assert!(!told.contains("certs.d/r/x") && !told.contains("-R"), "{told}");
    assert!(!project.path().join("pwned").exists());
    for entry in ["plan.md", "permissions.sh", "disruptive/userland-proxy.json"] {
        let text = project.read(&format!("plan/{entry}"));
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("\n# x"), "{entry}: {text}");
        assert!(!text.lines().any(|line| line.starts_with("touch") || line == "-D"), "{entry}: {text}");
    }
    // A path that audit rules cannot name, and a command line that no unit can.
    assert!(!project.path().join("plan/disruptive/51-plimsoll-docker-data.rules").exists());
    assert!(!project.path().join("plan/disruptive/icc.conf").exists());
    let readme = project.read("plan/plan.md");
    assert!(readme.contains("audit rules cannot name such a path") && readme.contains("cannot be written into a unit"));
}

#[test]
fn a_plan_goes_into_a_folder_of_its_own() {
    let project = bundle(&json!(["/usr/bin/dockerd"]), &json!({}), &json!({}));
    project.write("full/x", "");
    let run = |folder: &str| project.run(&["host", "--from", "bundle", "--fix-plan", folder]);
    run("full").exits(2).stderr_has("full: this is not an empty folder");
    assert!(!project.path().join("full/plan.md").exists());
    std::os::unix::fs::symlink("elsewhere", project.path().join("link")).expect("a link");
    std::fs::create_dir(project.path().join("elsewhere")).expect("a folder");
    run("link").exits(2).stderr_has("link: this is not an empty folder");
    run("elsewhere").exits(1);
    assert!(project.read("elsewhere/plan.md").starts_with("# Fix plan\n"));
}

#[test]
fn dockerd_proves_the_configuration() {
    // Of a dockerd that can, one that refuses, one that is too old, and none.
    for (script, code, says) in [
        ("[ \"$1 $2\" = '--validate --config-file' ] && [ -r \"$3\" ]", 1, "dockerd takes it"),
        ("echo 'bad key\n\u{1b}' >&2; exit 1", 2, "dockerd refuses it: bad key \\u{1b}"),
        ("echo 'unknown flag: --validate' >&2; exit 125", 1, "not proven: the dockerd here has no --validate"),
        ("", 1, "not proven: dockerd cannot be run here"),
    ] {
        let project = bundle(&json!(["/usr/bin/dockerd"]), &json!({ "log-level": "debug" }), &json!({}));
        std::fs::create_dir(project.path().join("bin")).expect("a folder");
        if !script.is_empty() {
            project.write("bin/dockerd", format!("#!/bin/sh\n{script}\n"));
            let path = project.path().join("bin/dockerd");
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
        }
        let mut program = command(&project.path(), &["host", "--from", "bundle", "--fix-plan", "plan"]);
        program.env("PATH", project.path().join("bin"));
        finish(program.spawn().expect("the program starts")).exits(code);
        let readme = project.read("plan/plan.md");
        assert!(readme.contains(&format!("- `daemon.json`: {says}")), "{says}: {readme}");
    }
}

#[test]
fn a_daemon_that_was_started_with_the_plan_passes() {
    if cannot_run() {
        return;
    }
    let files = Project::with("daemon.json", r#"{"log-level": "debug", "labels": ["kept=1"]}"#);
    let config = files.path().join("daemon.json").display().to_string();
    let dockerd = Dockerd::start(&format!("--config-file {config}"), "").expect("dockerd runs");
    let arguments = ["--preset", "all", "--format", "json"];
    let status = |run: &Run, rule: &str| {
        let json = run.json();
        let checks = json["checks"].as_array().expect("checks");
        let check = checks.iter().find(|check| check["rule"] == rule).unwrap_or_else(|| panic!("{rule}"));
        check["status"].as_str().expect("a text").to_owned()
    };
    let mended = [
        "daemon-log-level",
        "daemon-without-default-ulimits",
        "daemon-new-privileges",
        "daemon-without-live-restore",
        "daemon-without-userns-remap",
        "userland-proxy",
    ];
    let plan = files.path().join("plan").display().to_string();
    let run = dockerd.host(&[&arguments[..], &["--fix-plan", &plan]].concat()).exits(1);
    for rule in mended {
        assert_eq!(status(&run, rule), "fail", "{rule}");
    }
    drop(dockerd);
    assert_eq!(files.read("daemon.json"), r#"{"log-level": "debug", "labels": ["kept=1"]}"#, "nothing is touched");
    let planned = files.path().join("plan/disruptive/all.json").display().to_string();
    let dockerd = Dockerd::start(&format!("--config-file {planned}"), "").expect("dockerd runs");
    let run = dockerd.host(&arguments).exits(0);
    for rule in mended {
        assert_eq!(status(&run, rule), "pass", "{rule}");
    }
    let kept = json_of(&files, "plan/disruptive/all.json");
    assert_eq!(kept["labels"], json!(["kept=1"]));
}
