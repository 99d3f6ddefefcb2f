//! `plimsoll host` at a live engine: a real dockerd where there is one, and engines that misbehave.
#![cfg(unix)]

use crate::support::{Project, Run, command, finish};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) fn host(project: &Project, socket: &Path, arguments: &[&str]) -> Run {
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

/// A dockerd of our own, without network and without root's other engines.
pub(crate) struct Dockerd {
    process: Child,
    pub(crate) folder: Project,
}

impl Dockerd {
    pub(crate) fn start(arguments: &[&str]) -> Option<Self> {
        let missing = ["dockerd", "docker", "busybox"].into_iter().find(|program| {
            !Command::new(program)
                .arg("--help")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        });
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        if missing.is_some() || !is_root {
            let why = missing.map_or("not root".to_owned(), |program| format!("no {program}"));
            assert!(
                std::env::var_os("CI").is_none_or(|ci| ci != "true"),
                "the tests of a live engine cannot run: {why}"
            );
            // The harness shows it with --nocapture; scripts/test says it in any case.
            let _ = writeln!(std::io::stderr(), "skipped: the test of a live engine ({why})");
            return None;
        }
        let folder = Project::new();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let process = Command::new("dockerd")
            .args(["--data-root", &at("data"), "--exec-root", &at("exec"), "-H", &format!("unix://{}", at("s"))])
            .args(["--storage-driver", "vfs", "--iptables=false", "--bridge=none", "-p", &at("pid")])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.path().join("log")).expect("a log"))
            .spawn()
            .expect("dockerd starts");
        let dockerd = Self { process, folder };
        let start = Instant::now();
        while dockerd.try_docker(&["version"]).is_err() {
            assert!(start.elapsed() < Duration::from_mins(1), "dockerd: {}", dockerd.folder.read("log"));
            std::thread::sleep(Duration::from_millis(200));
        }
        Some(dockerd)
    }

    pub(crate) fn socket(&self) -> std::path::PathBuf {
        self.folder.path().join("s")
    }

    fn try_docker(&self, arguments: &[&str]) -> Result<(), String> {
        let output = Command::new("docker")
            .args(arguments)
            .env("DOCKER_HOST", format!("unix://{}", self.socket().display()))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    pub(crate) fn docker(&self, arguments: &[&str]) {
        self.try_docker(arguments).unwrap_or_else(|error| panic!("docker {arguments:?}: {error}"));
    }
}

impl Drop for Dockerd {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// What each container breaks, written from the checks' conditions: its options, and the checks that must fail.
const BROKEN: [(&str, &[&str], &[&str]); 24] = [
    ("sysadmin", &["--cap-add", "SYS_ADMIN"], &["container-added-capabilities", "container-sys-admin"]),
    (
        "privileged",
        &["--privileged"],
        &["container-privileged", "container-without-seccomp", "container-unmasked-paths", "container-sys-module"],
    ),
    ("host-net", &["--network", "host"], &["container-host-network"]),
    ("host-pid", &["--pid", "host"], &["container-host-pid"]),
    ("host-ipc", &["--ipc", "host"], &["container-host-ipc"]),
    ("host-uts", &["--uts", "host"], &["container-host-uts"]),
    ("etc", &["-v", "/etc:/h:ro"], &["container-sensitive-mount"]),
    ("run", &["-v", "/run:/h:ro"], &["container-sensitive-mount", "container-engine-socket"]),
    ("root", &["-v", "/:/h:ro"], &["container-sensitive-mount", "container-engine-socket"]),
    ("rshared", &["-v", "/srv:/h:rshared"], &["container-shared-propagation"]),
    ("seccomp", &["--security-opt", "seccomp=unconfined"], &["container-without-seccomp"]),
    ("unmasked", &["--security-opt", "systempaths=unconfined"], &["container-unmasked-paths"]),
    ("always", &["--restart", "always"], &["container-restarts-without-end"]),
    ("device", &["--device", "/dev/null:/dev/x"], &["container-devices"]),
    ("devrule", &["--device-cgroup-rule", "c 1:3 rwm"], &["container-device-cgroup-rules"]),
    ("shares", &["--cpu-shares", "512"], &["container-without-cpu-limit"]),
    ("memory", &[], &["container-without-memory-limit", "container-without-pids-limit", "container-writable-root"]),
    ("secret", &["-e", "DB_PASSWORD=hunter2"], &["container-secret-in-environment"]),
    ("zero", &["--user", "0:0"], &["container-runs-as-root"]),
    ("nohealth", &["--no-healthcheck"], &["container-without-health-check"]),
    ("nnp", &["--security-opt", "no-new-privileges=false"], &["container-new-privileges"]),
    ("parent", &["--cgroup-parent", "/mine"], &["container-cgroup-parent"]),
    ("ports", &["-p", "22:22"], &["container-privileged-port", "container-published-everywhere"]),
    ("all-ports", &["-P"], &["container-published-ports"]),
];

const HARDENED: [&str; 17] = [
    "--read-only",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--memory=32m",
    "--cpus=0.5",
    "--pids-limit=20",
    "--user=1000:1000",
    "--restart=on-failure:5",
    "--health-cmd=true",
    "--network=none",
    "--cgroupns=private",
    "--ipc=private",
    "--name=hardened",
    "--label=a=b",
    "--env=LANG=C",
    "--hostname=h",
    "box:1",
];

#[test]
fn a_real_engine_is_asked_and_read_back_from_a_bundle() {
    let Some(dockerd) = Dockerd::start(&["--no-new-privileges", "--userland-proxy=false", "--live-restore"]) else {
        return;
    };
    let files = &dockerd.folder;
    let busybox = Command::new("sh").args(["-c", "command -v busybox"]).output().expect("sh runs").stdout;
    let busybox = String::from_utf8(busybox).expect("a path");
    files.write("image/bin/sh", std::fs::read(busybox.trim()).expect("busybox"));
    std::fs::set_permissions(files.path().join("image/bin/sh"), std::fs::Permissions::from_mode(0o755))
        .expect("a mode");
    let (image, tar) =
        (files.path().join("image").display().to_string(), files.path().join("image.tar").display().to_string());
    assert!(Command::new("tar").args(["-C", &image, "-cf", &tar, "."]).status().expect("tar runs").success());
    dockerd.docker(&["import", "-c", "CMD [\"/bin/sh\"]", &tar, "box:1"]);
    for (name, options, _) in BROKEN {
        let network: &[&str] =
            if options.contains(&"--network") || name.ends_with("ports") { &[] } else { &["--network", "none"] };
        dockerd.docker(&[&["create", "--name", name], network, options, &["box:1"]].concat());
    }
    dockerd.docker(&[&["create"], &HARDENED[..]].concat());

    let live = host(files, &dockerd.socket(), &["--preset", "all", "--format", "json"]).exits(1);
    let json = live.json();
    let status = |target: &str, rule: &str| {
        let checks = json["checks"].as_array().expect("checks");
        let is_it = |check: &&serde_json::Value| check["target"] == target && check["rule"] == rule;
        checks
            .iter()
            .find(is_it)
            .map_or("none".to_owned(), |check| check["status"].as_str().expect("a text").to_owned())
    };
    for (name, _, rules) in BROKEN {
        for rule in rules {
            assert_eq!(status(&format!("container:{name}"), rule), "fail", "{name} {rule}");
        }
    }
    // What the machine cannot give is no failure of the container.
    let machine = ["container-without-apparmor", "container-without-selinux"];
    let failed = json["checks"].as_array().expect("checks").iter().filter(|check| {
        check["target"] == "container:hardened"
            && check["status"] == "fail"
            && !machine.iter().any(|rule| check["rule"] == *rule)
    });
    assert_eq!(failed.map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    for (rule, expected) in [
        ("daemon-new-privileges", "pass"),
        ("userland-proxy", "pass"),
        ("daemon-without-live-restore", "pass"),
        ("daemon-without-iptables", "fail"),
        ("tcp-without-tls", "pass"),
        ("daemon-logs-stay-here", "fail"),
        ("retired-storage-driver", "pass"),
    ] {
        assert_eq!(status("daemon", rule), expected, "{rule}");
    }

    // The bundle tells the same, and no secret.
    host(files, &dockerd.socket(), &["collect", "-o", "bundle"]).exits(0);
    let from = files.run(&["host", "--from", "bundle", "--preset", "all", "--format", "json"]).exits(1);
    assert_eq!(without_sockets(&live), without_sockets(&from));
    for file in std::fs::read_dir(files.path().join("bundle")).expect("the bundle") {
        let text = std::fs::read_to_string(file.expect("an entry").path()).expect("a text");
        assert!(!text.contains("hunter2"));
    }
    assert!(!live.stdout.contains("hunter2"));
}

/// The report without what may change between two looks at the host: which other programs listen.
fn without_sockets(run: &Run) -> Vec<String> {
    let checks = run.json()["checks"].as_array().expect("checks").clone();
    checks.iter().filter(|check| check["rule"] != "host-hardening").map(ToString::to_string).collect()
}

#[test]
fn images_are_scanned_as_the_engine_exports_them() {
    let Some(dockerd) = Dockerd::start(&[]) else { return };
    let files = &dockerd.folder;
    // A key that an engine would take; it is of no use anywhere.
    let token = ["ghp", "_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"].concat();
    files.write("image/srv/.env", format!("GITHUB_TOKEN={token}\n"));
    let at = |name: &str| files.path().join(name).display().to_string();
    assert!(Command::new("tar").args(["-C", &at("image"), "-cf", &at("i.tar"), "."]).status().expect("tar").success());
    dockerd.docker(&["import", &at("i.tar"), "leaky:1"]);
    dockerd.docker(&["tag", "leaky:1", "again:1"]);
    let arguments = ["--scan-images", "--preset", "all", "--format", "json"];
    let run = host(files, &dockerd.socket(), &arguments).exits(1);
    let json = run.json();
    let findings = json["findings"].as_array().expect("findings");
    let leaks: Vec<&serde_json::Value> =
        findings.iter().filter(|finding| finding["image"]["file"] == "srv/.env").collect();
    // One image with two names is scanned once, and its findings stand under it.
    assert_eq!(leaks.len(), 1, "{run:?}");
    let path = leaks[0]["path"].as_str().expect("a path");
    assert!(["image:leaky:1", "image:again:1"].contains(&path), "{path}");
    assert!(json["images"].as_array().expect("images").len() == 1 && !run.stdout.contains(&token));
    let without = host(files, &dockerd.socket(), &[&arguments[..], &["--exclude-image", "leaky:*"]].concat());
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
    let files = Project::new();
    let (ours, other) = (files.path().join("certs"), files.path().join("other"));
    certificates(&ours);
    certificates(&other);
    // A port that was free a moment ago.
    let port = || std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let (secured, plain) = (format!("tcp://127.0.0.1:{}", port()), format!("tcp://127.0.0.1:{}", port()));
    let at = |name: &str| ours.join(name).display().to_string();
    let (ca, certificate, key) = (at("ca.pem"), at("server-cert.pem"), at("server-key.pem"));
    let tls = ["--tlsverify", "--tlscacert", &ca, "--tlscert", &certificate, "--tlskey", &key, "-H", &secured];
    let Some(dockerd) = Dockerd::start(&tls) else { return };
    let ask = |address: &str, folder: Option<&Path>| {
        let mut program = command(&files.path(), &["host", "--select", "2.7,2.15", "--format", "json"]);
        program.env("DOCKER_HOST", address).env_remove("DOCKER_TLS_VERIFY");
        if let Some(folder) = folder {
            program.env("DOCKER_TLS_VERIFY", "1").env("DOCKER_CERT_PATH", folder);
        }
        finish(program.spawn().expect("the program starts"))
    };
    let statuses = |run: &Run| {
        let json = run.json();
        let checks = json["checks"].as_array().expect("checks").clone();
        checks.iter().map(|check| check["status"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    // By its flags the engine checks certificates; that it keeps containers alive only the engine itself says.
    assert_eq!(statuses(&ask(&secured, Some(&ours))), ["fail", "pass"]);
    // Another authority's certificates, none, and no certificates at all: not known, and no word of what is in the files.
    for folder in [Some(other.as_path()), None] {
        let run = ask(&secured, folder).exits(0);
        assert_eq!(statuses(&run)[0], "unknown", "{run:?}");
        assert!(!run.stdout.contains("BEGIN"), "{run:?}");
    }
    ask(&secured, Some(&files.path())).exits(2).stderr_has("ca.pem");
    drop(dockerd);
    let Some(_dockerd) = Dockerd::start(&["-H", &plain]) else { return };
    assert_eq!(statuses(&ask(&plain, None)), ["fail", "fail"]);
}
