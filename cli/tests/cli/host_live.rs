//! `plimsoll host` at engines that misbehave, and at hosts without one.
#![cfg(unix)]

use crate::dockerd::{Dockerd, cannot_run};
use crate::support::{Project, Run, command, finish};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

fn host(project: &Project, socket: &Path, arguments: &[&str]) -> Run {
    let mut program = command(&project.path(), &[&["host"], arguments].concat());
    program.env("DOCKER_HOST", format!("unix://{}", socket.display()));
    finish(program.spawn().expect("the program starts"))
}

/// An engine that treats each connection so.
fn engine(project: &Project, treat: impl Fn(std::os::unix::net::UnixStream) + Send + 'static) -> std::path::PathBuf {
    let socket = project.path().join("engine.sock");
    let listener = UnixListener::bind(&socket).expect("a socket");
    std::thread::spawn(move || listener.incoming().flatten().for_each(treat));
    socket
}

#[test]
fn an_engine_that_hangs_is_unknown() {
    let project = Project::new();
    let socket = engine(&project, |stream| {
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(30));
            drop(stream);
        });
    });
    let start = Instant::now();
    let run = host(&project, &socket, &["--timeout", "1", "--select", "5.5,2.15", "--format", "json"]).exits(0);
    assert!(start.elapsed() < Duration::from_secs(10), "{run:?}");
    assert_eq!(run.json()["summary"]["unknown"], 2, "{run:?}");
}

#[test]
fn an_engine_that_closes_or_babbles_is_unknown() {
    for answer in [
        "",
        "HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\n{}",
        "SSH-2.0-x\r\n\r\n",
        "HTTP/1.0 500 no\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n{\"ApiVersion\": \"../../x\"",
    ] {
        let project = Project::new();
        let socket = engine(&project, move |mut stream| {
            let mut request = [0; 256];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer.as_bytes());
        });
        let run = host(&project, &socket, &["--timeout", "5", "--select", "5.5,2.15", "--format", "json"]).exits(0);
        assert_eq!(run.json()["summary"]["unknown"], 2, "{answer:?}: {run:?}");
    }
}

#[test]
fn without_an_engine_the_files_are_still_read() {
    let project = Project::new();
    let run = host(&project, &project.path().join("none.sock"), &["--select", "5.5,1.1.2", "--format", "json"]);
    let answers: Vec<String> =
        run.json()["checks"].as_array().expect("checks").iter().map(|check| check["status"].to_string()).collect();
    assert!(answers.contains(&"\"unknown\"".to_owned()) && answers.len() == 2, "{run:?}");
}

#[test]
fn another_root_is_read_below_its_folder_only() {
    let project = Project::new();
    project
        .write("root/etc/group", "docker:x:998:mallory\n")
        .write("root/etc/passwd", "")
        .write("outside", "docker:x:1:leak\n");
    std::fs::create_dir_all(project.path().join("root/etc/docker")).expect("a folder");
    std::os::unix::fs::symlink("../../../outside", project.path().join("root/etc/environment")).expect("a link");
    let root = project.path().join("root");
    let socket = project.path().join("none.sock");
    let run = host(
        &project,
        &socket,
        &["--root", root.to_str().expect("UTF-8"), "--select", "1.1.2,content-trust", "--format", "json"],
    );
    assert!(run.stdout.contains("mallory") && !run.stdout.contains("leak"), "{run:?}");
}

#[test]
fn a_bundle_is_for_its_owner_only_and_overwrites_nothing() {
    let project = Project::with("full/file", "x");
    let socket = project.path().join("none.sock");
    host(&project, &socket, &["collect", "-o", "full"]).exits(2).stderr_has("not an empty folder");
    host(&project, &socket, &["collect", "-o", "new"]).exits(0);
    let mode =
        |path: &str| std::fs::metadata(project.path().join(path)).expect("it is there").permissions().mode() & 0o7777;
    assert_eq!((mode("new"), mode("new/meta.json"), mode("new/group")), (0o700, 0o600, 0o600));
}

/// What a small engine answers, by path. Two containers, an image, a network; each path is asked.
const ANSWERS: [(&str, &str); 13] = [
    ("/version", r#"{"Version": "99.0.0", "ApiVersion": "1.46", "Components": []}"#),
    (
        "/info",
        r#"{"SecurityOptions": ["name=seccomp,profile=builtin"], "LiveRestoreEnabled": true, "Driver": "overlay2", "Swarm": {"LocalNodeState": "inactive", "ControlAvailable": false}}"#,
    ),
    ("/networks", r#"[{"Id": "nn"}]"#),
    (
        "/networks/nn",
        r#"{"Id": "nn", "Name": "bridge", "Driver": "bridge", "Options": {"com.docker.network.bridge.enable_icc": "false"}}"#,
    ),
    ("/containers/json?all=1", r#"[{"Id": "cc", "State": "running"}, {"Id": "dd", "State": "exited"}]"#),
    (
        "/containers/dd/json",
        r#"{"Id": "dd", "Name": "/zz", "State": {"Running": false}, "HostConfig": {"Privileged": false}}"#,
    ),
    (
        "/containers/cc/json",
        r#"{"Id": "cc", "Name": "/web", "State": {"Running": true}, "Config": {"Cmd": ["x"]}, "HostConfig": {"Privileged": false}, "Mounts": []}"#,
    ),
    ("/containers/cc/top", r#"{"Titles": ["CMD"], "Processes": [["x"]]}"#),
    ("/images/json", r#"[{"Id": "sha256:ii"}]"#),
    (
        "/images/sha256:ii/json",
        r#"{"Id": "sha256:ii", "RepoTags": ["a:1"], "Config": {"Healthcheck": {"Test": ["CMD", "x"]}}}"#,
    ),
    ("/images/sha256:ii/history", r#"[{"CreatedBy": "COPY a b"}]"#),
    ("/plugins", "[]"),
    ("/volumes", r#"{"Volumes": []}"#),
];

/// How an engine treats one of its paths.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Manner {
    Sound,
    Hangs,
    Closes,
    BreaksOff,
    NeverEnds,
    OtherType,
    Escapes,
}

/// An engine that answers all but one path.
fn almost_sound(project: &Project, odd: &'static str, manner: Manner) -> std::path::PathBuf {
    engine(project, move |mut stream| {
        std::thread::spawn(move || {
            let mut request = vec![0; 4096];
            let count = stream.read(&mut request).unwrap_or_default();
            let request = String::from_utf8_lossy(&request[..count]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default();
            let path = path.strip_prefix("/v1.46").unwrap_or(path);
            let body = ANSWERS.iter().find(|(known, _)| *known == path).map_or("OK", |(_, body)| *body);
            let manner = if path == odd { manner } else { Manner::Sound };
            let mut say = |body: &str| stream.write_all(format!("HTTP/1.0 200 OK\r\n\r\n{body}").as_bytes()).is_ok();
            let _ = match manner {
                Manner::Sound => say(body),
                Manner::Hangs => {
                    std::thread::sleep(Duration::from_secs(20));
                    false
                }
                Manner::Closes => false,
                Manner::BreaksOff => say(&body[..body.len() / 2]),
                Manner::OtherType => say("7"),
                Manner::Escapes => say(&body.replace(['a', 'x', 'e'], "\\u001b]0;owned\\u0007")),
                Manner::NeverEnds => {
                    say("[");
                    let chunk = vec![b' '; 1 << 16];
                    while stream.write_all(&chunk).is_ok() {}
                    true
                }
            };
        });
    })
}

/// Whatever one path does, the audit ends, and what rests on the path is unknown, and nothing else is.
#[test]
fn an_engine_that_misbehaves_at_one_step_is_unknown_there() {
    // The check that rests on each path, and what it answers where the engine is sound.
    let rests = |path: &str| match path {
        "/info" => ("2.15", "pass"),
        "/networks" | "/networks/nn" => ("2.2", "pass"),
        "/containers/json?all=1" | "/containers/cc/json" | "/containers/dd/json" => ("5.5", "pass"),
        "/containers/cc/top" => ("5.7", "pass"),
        "/images/json" | "/images/sha256:ii/json" => ("4.6", "pass"),
        "/images/sha256:ii/history" => ("4.9", "pass"),
        _ => ("1.2.2", "manual"),
    };
    let manners = [
        Manner::Sound,
        Manner::Hangs,
        Manner::Closes,
        Manner::BreaksOff,
        Manner::OtherType,
        Manner::Escapes,
        Manner::NeverEnds,
    ];
    std::thread::scope(|scope| {
        for manner in manners {
            scope.spawn(move || {
                for (path, _) in ANSWERS {
                    let project = Project::new();
                    let socket = almost_sound(&project, path, manner);
                    let start = Instant::now();
                    let ids = "2.15,5.5,5.7,4.6,4.9,1.2.2,2.2";
                    let run = host(&project, &socket, &["--timeout", "1", "--select", ids, "--format", "json"]);
                    assert!(start.elapsed() < Duration::from_secs(15), "{manner:?} {path}");
                    assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{manner:?} {path}");
                    let checks = run.json()["checks"].as_array().expect("checks").clone();
                    let (check, sound) = rests(path);
                    let says = |id: &str| {
                        let is_it = |row: &&serde_json::Value| {
                            row["aliases"].as_array().is_some_and(|aliases| aliases.contains(&id.into()))
                        };
                        checks
                            .iter()
                            .find(is_it)
                            .map_or("none", |row| row["status"].as_str().expect("a text"))
                            .to_owned()
                    };
                    match manner {
                        Manner::Sound => assert_eq!(says(check), sound, "{path}: {run:?}"),
                        // The text of an answer may be any.
                        Manner::Escapes => {}
                        _ if matches!(path, "/plugins" | "/volumes") => {
                            assert_eq!(says("5.5"), "pass", "{manner:?} {path}: {run:?}");
                        }
                        // Without the network the command line counts: that of a dockerd which runs here.
                        _ if path.starts_with("/networks") => {
                            assert_ne!(says(check), "pass", "{manner:?} {path}: {run:?}");
                        }
                        _ => assert!(
                            matches!(says(check).as_str(), "unknown" | "none"),
                            "{manner:?} {path}: {} {run:?}",
                            says(check)
                        ),
                    }
                    let rests_on_it = ["/version", "/info", "/containers/json?all=1"].contains(&path);
                    if !rests_on_it && manner != Manner::Escapes {
                        let is_it =
                            |row: &&serde_json::Value| row["rule"] == "container-privileged" && row["status"] == "pass";
                        let expected = if path.starts_with("/containers/") && path.ends_with("/json") { 1 } else { 2 };
                        let expected = if manner == Manner::Sound { 2 } else { expected };
                        let passed = checks.iter().filter(is_it).count();
                        assert_eq!(passed, expected, "{manner:?} {path}: the other answers count: {run:?}");
                    }
                }
            });
        }
    });
}

/// Of an engine on another host the files here say nothing.
#[test]
fn an_engine_elsewhere_is_not_judged_by_the_files_here() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 1024];
            let count = stream.read(&mut request).unwrap_or_default();
            let request = String::from_utf8_lossy(&request[..count]).into_owned();
            let body = match request.split(' ').nth(1).unwrap_or_default() {
                path if path.ends_with("/version") => r#"{"Version": "29.0.0", "ApiVersion": "1.52"}"#,
                path if path.ends_with("/info") => r#"{"Name": "elsewhere", "LiveRestoreEnabled": true}"#,
                _ => "[]",
            };
            let _ = stream.write_all(format!("HTTP/1.0 200 OK\r\n\r\n{body}").as_bytes());
        }
    });
    let project = Project::new();
    let mut program = command(&project.path(), &["host", "--preset", "all", "--format", "json"]);
    program.env("DOCKER_HOST", format!("tcp://{address}"));
    let run = finish(program.spawn().expect("the program starts"));
    let json = run.json();
    let checks = json["checks"].as_array().expect("checks");
    let of = |rule: &str| {
        let mine = checks.iter().filter(|check| check["rule"] == rule);
        mine.map(|check| check["status"].as_str().expect("a text")).collect::<Vec<_>>()
    };
    assert_eq!(of("daemon-without-live-restore"), ["pass"]);
    for rule in ["engine-group-members", "daemon-file-mode", "audit-rule-missing", "userland-proxy", "content-trust"] {
        assert!(!of(rule).is_empty() && of(rule).iter().all(|status| *status == "unknown"), "{rule}: {:?}", of(rule));
    }
    assert!(run.stdout.contains("the engine runs on another host (elsewhere)"), "{run:?}");
}

#[test]
fn images_are_scanned_as_the_engine_exports_them() {
    if cannot_run() {
        return;
    }
    let dockerd = Dockerd::start("", "").expect("dockerd runs");
    let files = &dockerd.folder;
    // A key that an engine would take; it is of no use anywhere.
    let token = ["ghp", "_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].concat();
    files.write("image/srv/.env", format!("GITHUB_TOKEN={token}\n"));
    files.write("image/usr/bin/su", "program");
    std::fs::set_permissions(files.path().join("image/usr/bin/su"), std::fs::Permissions::from_mode(0o4755))
        .expect("a mode");
    files.write(
        "image/var/lib/dpkg/status",
        "Package: curl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 7.88.1-10\n\n",
    );
    let at = |name: &str| files.path().join(name).display().to_string();
    assert!(Command::new("tar").args(["-C", &at("image"), "-cf", &at("i.tar"), "."]).status().expect("tar").success());
    dockerd.docker(&["import", &at("i.tar"), "leaky:1"]).expect("an image");
    dockerd.docker(&["tag", "leaky:1", "again:1"]).expect("a name");
    let arguments = ["--scan-images", "--preset", "all", "--format", "json"];
    let run = dockerd.host(&arguments).exits(1);
    // What a person needs to decide stands under the image, and the bare question is gone.
    let listed = |rule: &str| {
        let json = run.json();
        let checks = json["checks"].as_array().expect("checks").clone();
        let mine = checks.into_iter().filter(|check| check["rule"] == rule);
        mine.map(|check| format!("{} {} {}", check["target"], check["status"], check["evidence"])).collect::<Vec<_>>()
    };
    let [setuid] = &listed("image-setuid-programs")[..] else { panic!("{run:?}") };
    assert!(setuid.contains("manual") && setuid.contains("1 setuid and setgid programs: usr/bin/su"), "{setuid}");
    let [packages] = &listed("image-packages-needed")[..] else { panic!("{run:?}") };
    assert!(packages.contains("manual") && packages.contains("1 packages: curl 7.88.1-10"), "{packages}");
    let json = run.json();
    let findings = json["findings"].as_array().expect("findings");
    let leaks: Vec<&serde_json::Value> =
        findings.iter().filter(|finding| finding["image"]["file"] == "srv/.env").collect();
    // One image with two names is scanned once, and its findings stand under it.
    assert_eq!(leaks.len(), 1, "{run:?}");
    let path = leaks[0]["path"].as_str().expect("a path");
    assert!(["image:leaky:1", "image:again:1"].contains(&path), "{path}");
    assert!(json["images"].as_array().expect("images").len() == 1 && !run.stdout.contains(&token));
    let without = dockerd.host(&[&arguments[..], &["--exclude-image", "leaky:*"]].concat());
    assert!(!without.stdout.contains("srv/.env") && !without.stdout.contains("image:"), "{without:?}");
    files.run(&["host", "--from", "x", "--scan-images"]).exits(2).stderr_has("cannot be used with");
}

#[test]
fn an_image_that_cannot_be_exported_is_unknown() {
    for (answer, errors) in [("HTTP/1.0 500 no\r\n\r\n", 0), ("", 0), ("HTTP/1.0 200 OK\r\n\r\nno archive", 1)] {
        let project = Project::new();
        let socket = engine(&project, move |mut stream| {
            let mut request = [0; 4096];
            let count = stream.read(&mut request).unwrap_or_default();
            let request = String::from_utf8_lossy(&request[..count]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default();
            let body = match path.rsplit_once("/images/").map(|(_, rest)| rest) {
                _ if path == "/version" => r#"{"ApiVersion": "1.41"}"#,
                Some("json") => r#"[{"Id": "sha256:aa"}]"#,
                Some("sha256:aa/json") => r#"{"Id": "sha256:aa", "RepoTags": ["x:1"]}"#,
                Some("sha256:aa/get") => {
                    let _ = stream.write_all(answer.as_bytes());
                    return;
                }
                _ => "[]",
            };
            let _ = stream.write_all(format!("HTTP/1.0 200 OK\r\n\r\n{body}").as_bytes());
        });
        let arguments = ["--scan-images", "--select", "image-scanned", "--format", "json", "--timeout", "5"];
        let run = host(&project, &socket, &arguments).exits(if errors > 0 { 2 } else { 0 });
        let checks = run.json()["checks"].clone();
        let unknown = checks.as_array().expect("checks").iter().filter(|check| check["status"] == "unknown");
        assert_eq!(unknown.count(), 1 - errors, "{answer:?}: {run:?}");
        assert_eq!(run.errors().len(), errors, "{run:?}");
    }
}

#[test]
fn engines_that_would_run_a_program_are_refused() {
    // The environment counts, and not what a folder sets.
    let project = Project::with(".env", "DOCKER_HOST=tcp://192.0.2.1:2375\n");
    let run = host(&project, &project.path().join("nowhere.sock"), &["--select", "5.5", "--format", "json"]).exits(0);
    assert!(!run.stdout.contains("192.0.2.1"), "{run:?}");
    let mut program = command(&project.path(), &["host"]);
    program.env("DOCKER_HOST", "ssh://root@example");
    finish(program.spawn().expect("the program starts"))
        .exits(2)
        .stderr_has("ssh://root@example")
        .stderr_has("cannot be asked");
}

/// Makes a certificate authority, and certificates of a server at 127.0.0.1 and of a client, as PEM files in a folder.
fn certificates(folder: &Path) {
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl runs");
        assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    std::fs::create_dir_all(folder).expect("a folder");
    let new = ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout"];
    openssl(&[&new[..], &["ca-key.pem", "-x509", "-days", "2", "-subj", "/CN=ca", "-out", "ca.pem"]].concat());
    for (name, purpose) in [("server", "serverAuth"), ("client", "clientAuth")] {
        let at = |ending: &str| format!("{name}{ending}");
        std::fs::write(folder.join(at(".ext")), format!("subjectAltName=IP:127.0.0.1\nextendedKeyUsage={purpose}\n"))
            .expect("a file");
        openssl(&[&new[..], &[&at("-key.pem"), "-subj", "/CN=x", "-out", &at(".csr")]].concat());
        let sign = ["x509", "-req", "-days", "2", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-in"];
        openssl(&[&sign[..], &[&at(".csr"), "-extfile", &at(".ext"), "-out", &at("-cert.pem")]].concat());
    }
    std::fs::copy(folder.join("client-cert.pem"), folder.join("cert.pem")).expect("a copy");
    std::fs::copy(folder.join("client-key.pem"), folder.join("key.pem")).expect("a copy");
}

#[test]
#[cfg(feature = "tls")]
fn engines_on_tcp_are_asked_with_and_without_tls() {
    if cannot_run() {
        return;
    }
    let files = Project::new();
    let (ours, other) = (files.path().join("certs"), files.path().join("other"));
    certificates(&ours);
    certificates(&other);
    let start = |flags: &str| Dockerd::start(&format!("-H unix://$DIR/s {flags}"), "").expect("dockerd runs");
    let at = |name: &str| ours.join(name).display().to_string();
    // Each daemon has a loopback of its own.
    let (secured, plain) = ("tcp://127.0.0.1:2376", "tcp://127.0.0.1:2375");
    let (ca, certificate, key) = (at("ca.pem"), at("server-cert.pem"), at("server-key.pem"));
    let dockerd = start(&format!("--tlsverify --tlscacert {ca} --tlscert {certificate} --tlskey {key} -H {secured}"));
    let ask = |dockerd: &Dockerd, address: &str, folder: Option<&Path>| {
        let mut program = command(&files.path(), &["host", "--select", "2.7,2.15", "--format", "json"]);
        program.env("DOCKER_HOST", address);
        if let Some(folder) = folder {
            program.env("DOCKER_TLS_VERIFY", "1").env("DOCKER_CERT_PATH", folder);
        }
        dockerd.run(&program)
    };
    let statuses = |run: &Run| {
        let json = run.json();
        let checks = json["checks"].as_array().expect("checks").clone();
        checks.iter().map(|check| check["status"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    // By its flags the engine checks certificates; that it keeps containers alive only the engine itself says.
    assert_eq!(statuses(&ask(&dockerd, secured, Some(&ours))), ["fail", "pass"]);
    // Another authority's certificates, none, and no certificates at all: not known, and no word of what is in the files.
    for folder in [Some(other.as_path()), None] {
        let run = ask(&dockerd, secured, folder).exits(0);
        assert_eq!(statuses(&run)[0], "unknown", "{run:?}");
        assert!(!run.stdout.contains("BEGIN"), "{run:?}");
    }
    ask(&dockerd, secured, Some(&files.path())).exits(2).stderr_has("ca.pem");
    drop(dockerd);
    let dockerd = start(&format!("-H {plain}"));
    assert_eq!(statuses(&ask(&dockerd, plain, None)), ["fail", "fail"]);
}
