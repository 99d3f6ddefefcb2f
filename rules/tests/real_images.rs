//! An image that dockerd builds from a Debian root file system, with things planted in it, saved in every form that
//! tools make of it. Each planted thing is found, in the right layer and with the right instruction; nothing else is
//! above info; and every form gives the same findings.
//!
//! It needs root, dockerd, docker, debootstrap and skopeo, and a mirror of Debian's packages for the first run.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod support;

use plimsoll::engine::{Date, Finding, ImagePlace, Preset, SelectionSpec, Severity};
use plimsoll::image::Input;
use plimsoll::image::fixtures::TarWriter;
use plimsoll::{ImageScanner, ScanOptions, Settings};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::recipe::{planted, with_secrets};

/// The rule, a part of the place, and a part of the instruction that made it.
const PLANTED: &[(&str, &str, &str)] = &[
    ("secret-in-env", "/config/Env/", "ENV DB_PASSWORD"),
    ("secret-value", "/config/Env/", "ENV SETTING"),
    ("secret-in-arg", "", "ARG API_TOKEN"),
    ("secret-in-image-config", "/config/Labels/org.example.password", ""),
    ("secret-value", "", "CMD"),
    ("secret-in-layer", "/root/npmrc:1, layer 2, deleted in layer 6", "COPY"),
    ("secret-in-layer", "/srv/key:1, layer 3, replaced in layer 4", "COPY"),
    ("secret-in-layer", "/srv/key:1, layer 4", "COPY"),
    ("secret-in-layer", "/srv/conf/secret:1, layer 5, deleted in layer 6", "COPY"),
    ("secret-in-layer", "/usr/share/nginx/html/test.txt:1, layer 7", "COPY"),
    ("secret-in-layer", "/usr/local/lib/token.gz:1, layer 7", "COPY"),
    ("secret-in-layer", "/usr/local/lib/encoded:1, layer 7", "COPY"),
    ("private key", "/srv/server.key:1, layer 7", "COPY"),
    ("update-without-install", "", "RUN apt-get update"),
    ("sudo-used", "", "RUN sudo"),
    ("version-control-folder", "/srv/.git", "COPY"),
    ("credential-file", "/srv/.env", "COPY"),
    ("credential-file", "/srv/.aws/credentials", "COPY"),
    ("credential-file", "/srv/client.ovpn", "COPY"),
    ("setuid-file", "/usr/local/bin/tool, layer 8", "RUN chmod 4755"),
    ("setuid-file", "/usr/local/bin/tool2, layer 8", "RUN chmod 4755"),
    ("setuid-file", "/opt/open/ls", "RUN chmod 4755"),
    ("file-capabilities", "/usr/local/bin/raw, layer 9", "ADD"),
    ("world-writable-chmod", "layer 8", "RUN chmod 4755"),
    ("world-writable-file", "/opt/open", "RUN chmod 4755"),
    ("second-root-user", "/etc/passwd", "RUN cat"),
    ("duplicate-account-id", "/etc/passwd", "RUN cat"),
    ("broken-account-line", "/etc/passwd", "RUN cat"),
    ("empty-password", "/etc/shadow", "RUN cat"),
    ("readable-password-hashes", "/etc/shadow", "RUN cat"),
    ("ssh-host-key", "/etc/ssh/ssh_host_rsa_key", "RUN cat"),
    ("ssh-server", "/usr/sbin/sshd", "RUN cat"),
    ("image-sensitive-volume", "/config/Volumes/~1proc~1x", "VOLUME"),
    ("image-exposes-ssh", "/config/ExposedPorts/22~1tcp", "EXPOSE"),
    ("image-runs-as-root", "/config/User", ""),
];

/// Planted things that are worth knowing, and no more.
const INFOS: &[(&str, &str)] = &[
    ("maintainer-deprecated", "MAINTAINER"),
    ("editor-leftover", "COPY"),
    ("build-file-in-image", "COPY"),
    ("image-waste", "COPY"),
];

/// `RUN true` keeps docker 20.10 from losing a layer where one `COPY` follows another; and it does not see that a file
/// changed whose size and time stayed.
const DOCKERFILE: &str = r#"FROM base:1
MAINTAINER someone@example.org
ENV DB_PASSWORD=%PASSWORD%
ENV SETTING=%DIGITALOCEAN_TOKEN%
ARG API_TOKEN=%PASSWORD%
LABEL org.example.password="%PASSWORD%"
ADD app.py /srv/app.py
COPY npmrc /root/npmrc
COPY key1 /srv/key
COPY key2 /srv/key
RUN true
COPY conf /srv/conf
RUN sudo -V >/dev/null 2>&1; rm -rf /srv/conf /root/npmrc && mkdir /srv/conf
COPY tree /
RUN chmod 4755 /usr/local/bin/tool && ln /usr/local/bin/tool /usr/local/bin/tool2 && mkdir -p -m 777 /opt/open && cp /bin/ls /opt/open/ls && chmod 2755 /opt/open/ls && rm /srv/big
ADD raw.tar /
RUN cat /srv/passwd >> /etc/passwd && echo 'nopw::19000:0:::::' >> /etc/shadow && chmod 644 /etc/shadow && mkdir -p /etc/ssh && echo k > /etc/ssh/ssh_host_rsa_key && cp /bin/true /usr/sbin/sshd
RUN apt-get update || true
VOLUME /proc/x
EXPOSE 22
CMD ["/srv/app.py", "--token", "%GITHUB_TOKEN%"]
"#;

#[test]
fn planted_things_are_found_in_every_form() {
    let tools = ["dockerd", "docker", "debootstrap", "skopeo", "tar", "gzip", "openssl"];
    let missing: Vec<&str> = tools.into_iter().filter(|tool| !run("which", &[tool])).collect();
    let is_root = std::fs::read("/proc/self/status").is_ok_and(|status| {
        String::from_utf8_lossy(&status).lines().any(|line| line.split_whitespace().take(2).eq(["Uid:", "0"]))
    });
    if !missing.is_empty() || !is_root {
        eprintln!("skipped: real images need root and {missing:?}");
        assert!(std::env::var("CI").is_err(), "real images need root and {missing:?}");
        return;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("real-images");
    std::fs::create_dir_all(&folder).expect("a folder");
    let rootfs = root_file_system(&folder);
    let engine = Engine::start(&folder);
    engine.docker(&["import", path(&rootfs), "base:1"]);
    let context = context(&folder);
    engine.docker(&["build", "-q", "-t", "planted:1", path(&context)]);
    let saved = folder.join("planted.tar");
    engine.docker(&["save", "planted:1", "-o", path(&saved)]);

    let findings = scan(&saved);
    check(&findings);
    let shown = format!("{findings:?}");
    for value in planted(DOCKERFILE) {
        assert!(!shown.contains(&value), "a planted value is shown");
    }

    let expected = comparable(&findings);
    for (form, arguments) in [
        ("oci-archive", vec![]),
        ("oci-archive", vec!["--dest-compress-format", "zstd", "--dest-compress"]),
        ("docker-archive", vec![]),
    ] {
        let copy = folder.join(format!("copy-{form}-{}.tar", arguments.len()));
        let _ = std::fs::remove_file(&copy);
        let (from, to) =
            (format!("docker-archive:{}", saved.display()), format!("{form}:{}:planted:1", copy.display()));
        let mut all = vec!["copy", "-q", "--insecure-policy"];
        all.extend(arguments);
        all.extend([from.as_str(), to.as_str()]);
        assert!(run("skopeo", &all), "skopeo {all:?}");
        assert_eq!(expected, comparable(&scan(&copy)), "{form}");
    }
    assert!(run("gzip", &["-kf1", path(&saved)]));
    assert_eq!(expected, comparable(&scan(&folder.join("planted.tar.gz"))), "gzip outside");

    // A flat root file system has neither configuration nor layers, but the same files.
    engine.docker(&["rm", "-f", "planted"]);
    engine.docker(&["create", "--name", "planted", "planted:1"]);
    let flat = folder.join("flat.tar");
    engine.docker(&["export", "planted", "-o", path(&flat)]);
    let files = |findings: &[Finding]| -> BTreeSet<(String, String)> {
        let present = findings.iter().filter(|finding| finding.severity <= Severity::Warning).filter_map(|finding| {
            let place = finding.image.as_deref()?;
            let gone = place.deleted_by.is_some() || place.replaced_by.is_some();
            (!gone).then(|| place.file.clone().map(|file| (finding.rule.id.to_owned(), file))).flatten()
        });
        present.collect()
    };
    assert_eq!(files(&findings), files(&scan(&flat)), "docker export");
}

/// Each planted thing has its finding, and no other finding is above info.
fn check(findings: &[Finding]) {
    let place = |finding: &Finding| finding.image.as_deref().cloned().unwrap_or_default();
    let mut unexplained: Vec<&Finding> =
        findings.iter().filter(|finding| finding.severity <= Severity::Warning).collect();
    let mut lost = Vec::new();
    for planted @ (rule, at, by) in PLANTED {
        let is_it = |finding: &&Finding| {
            let ImagePlace { created_by, .. } = place(finding);
            (finding.rule.id == *rule || finding.message.contains(rule))
                && place(finding).words().contains(at)
                && created_by.unwrap_or_default().contains(by)
        };
        if !findings.iter().any(|finding| is_it(&finding)) {
            lost.push(planted);
        }
        unexplained.retain(|finding| !is_it(finding));
    }
    for (rule, by) in INFOS {
        let is_it =
            |finding: &Finding| finding.rule.id == *rule && place(finding).created_by.unwrap_or_default().contains(by);
        assert!(findings.iter().any(is_it), "{rule} by {by}");
    }
    let list = |finding: &&Finding| {
        let place = place(finding);
        format!("{} {} | {} | {:?}", finding.rule.id, finding.message, place.words(), place.created_by)
    };
    let others: Vec<String> = unexplained.iter().map(list).collect();
    assert!(lost.is_empty() && others.is_empty(), "not found: {lost:#?}\nfound besides: {others:#?}");
}

/// What findings have in common whatever the form.
fn comparable(findings: &[Finding]) -> BTreeSet<String> {
    let line = |finding: &Finding| {
        let place = finding.image.as_deref().cloned().unwrap_or_default();
        format!("{} {} {} {} {:?}", finding.severity, finding.rule.id, finding.message, place.words(), place.created_by)
    };
    findings.iter().map(line).collect()
}

fn scan(archive: &Path) -> Vec<Finding> {
    let spec = SelectionSpec { preset: Some(Preset::Recommended), ..SelectionSpec::default() };
    let today = Some(Date { year: 2026, month: 6, day: 1 });
    let settings = Settings { spec, today, ..Settings::default() };
    let scanner = ImageScanner::new(&settings, ScanOptions::default()).expect("known rules");
    let bytes = std::fs::read(archive).expect("the archive");
    let scanned = scanner.scan("app.tar", Input::File(&bytes));
    assert!(scanned.errors.is_empty(), "{}: {:?}", archive.display(), scanned.errors);
    // The machine's clock made the image.
    let findings = scanned.report.findings.into_iter().filter(|finding| finding.rule.id != "image-creation-date");
    findings.collect()
}

/// The files that the build copies.
fn context(folder: &Path) -> PathBuf {
    let context = folder.join("context");
    let _ = std::fs::remove_dir_all(&context);
    let second: String = with_secrets("%DIGITALOCEAN_TOKEN%").chars().rev().take(64).collect();
    let files: &[(&str, &str)] = &[
        ("Dockerfile", DOCKERFILE),
        ("app.py", "import os\n"),
        ("npmrc", "registry_token=%GITHUB_TOKEN%\n"),
        ("key1", "%DIGITALOCEAN_TOKEN%\n"),
        ("key2", &format!("another: dop_v1_{second}\n")),
        ("conf/secret", "%GITHUB_TOKEN%\n"),
        ("tree/srv/.git/HEAD", "ref: refs/heads/main\n"),
        ("tree/srv/.idea/workspace.xml", "x"),
        ("tree/srv/.env", "A=1\n"),
        ("tree/srv/Dockerfile", "FROM scratch\n"),
        ("tree/srv/compose.yaml", "services: {}\n"),
        ("tree/srv/.DS_Store", "x"),
        ("tree/srv/client.ovpn", "client\n"),
        ("tree/srv/.aws/credentials", "[default]\n"),
        (
            "tree/srv/passwd",
            "twin:x:0:0::/:/bin/sh\ndup1:x:1700:1700::/:/bin/sh\ndup2:x:1700:1700::/:/bin/sh\nbroken:x\n",
        ),
        ("tree/usr/share/nginx/html/test.txt", "%GITHUB_TOKEN%\n"),
        ("tree/usr/local/lib/token", "%GITHUB_TOKEN%\n"),
        ("tree/usr/local/bin/tool", "#!/bin/sh\n"),
    ];
    for (name, content) in files {
        let file = context.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(&file, with_secrets(content)).expect("a file");
    }
    let at = |name: &str| context.join(name);
    assert!(run("gzip", &["-n", path(&at("tree/usr/local/lib/token"))]));
    let base64 = Command::new("base64").arg(at("npmrc")).output().expect("base64");
    std::fs::write(at("tree/usr/local/lib/encoded"), base64.stdout).expect("a file");
    assert!(run("openssl", &["genrsa", "-out", path(&at("tree/srv/server.key")), "2048"]));
    std::fs::write(at("tree/srv/big"), vec![0; 60_000_000]).expect("a file");
    let raw = TarWriter::new().file_with_capability("usr/local/bin/raw", b"#!/bin/sh\n", 21).mode(0o755).finish();
    std::fs::write(at("raw.tar"), raw).expect("a file");
    context
}

/// A Debian root file system as debootstrap makes it, kept for the next run.
fn root_file_system(folder: &Path) -> PathBuf {
    let tar = folder.join("bookworm.tar");
    if !tar.exists() {
        let made = folder.join("rootfs");
        let _ = std::fs::remove_dir_all(&made);
        assert!(run("debootstrap", &["--variant=minbase", "bookworm", path(&made)]), "debootstrap");
        let part = folder.join("bookworm.part");
        let without = ["--exclude=./var/cache/apt", "--exclude=./var/lib/apt/lists"];
        let arguments = [&without[..], &["-C", path(&made), "-cf", path(&part), "."]].concat();
        assert!(run("tar", &arguments), "tar");
        std::fs::rename(part, &tar).expect("the archive");
        let _ = std::fs::remove_dir_all(&made);
    }
    tar
}

/// A docker engine of the test's own.
struct Engine {
    process: Child,
    socket: String,
    data: PathBuf,
}

impl Engine {
    fn start(folder: &Path) -> Self {
        let data = folder.join(format!("engine-{}", std::process::id()));
        std::fs::create_dir_all(&data).expect("a folder");
        // Paths of sockets have 108 bytes at most.
        let socket = format!("unix:///tmp/plimsoll-test-{}.sock", std::process::id());
        let log = std::fs::File::create(data.join("log")).expect("a log");
        let at = |name: &str| data.join(name).display().to_string();
        let process = Command::new("dockerd")
            .args(["--data-root", &at("data"), "--exec-root", &at("exec"), "--pidfile", &at("pid"), "-H", &socket])
            .args(["--storage-driver", "vfs", "--iptables=false", "--bridge=none"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("dockerd starts");
        let engine = Self { process, socket, data };
        let start = Instant::now();
        while !run("docker", &["-H", &engine.socket, "version"]) {
            assert!(start.elapsed() < Duration::from_mins(1), "dockerd does not answer");
            std::thread::sleep(Duration::from_millis(300));
        }
        engine
    }

    fn docker(&self, arguments: &[&str]) {
        let output = Command::new("docker")
            .env("DOCKER_BUILDKIT", "0")
            .args(["-H", &self.socket])
            .args(arguments)
            .output()
            .expect("docker runs");
        let is_removal = arguments.first() == Some(&"rm");
        assert!(output.status.success() || is_removal, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // A signal lets it end its children too.
        run("kill", &[&self.process.id().to_string()]);
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

fn run(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}
