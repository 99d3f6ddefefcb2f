//! An image as real tools build, save and copy it: dockerd, skopeo, umoci. Every form gives the same.
#![cfg(unix)]
#![allow(clippy::print_stdout, reason = "says what is skipped")]

use crate::support::{listing, scan, scan_file, scan_stream};
use plimsoll_image::{Folder, Form, Image, Input, Kind, Limits, Options, ReadAt, State};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const DOCKERFILE: &str = r#"FROM scratch
COPY bin/busybox /bin/busybox
COPY etc /etc
COPY keep /srv/dir/keep
RUN ["/bin/busybox", "rm", "/etc/gone"]
RUN ["/bin/busybox", "sh", "-c", "b=/bin/busybox; $b rm -rf /srv/dir && $b mkdir /srv/dir && $b touch /srv/dir/new"]
RUN ["/bin/busybox", "sh", "-c", "b=/bin/busybox; $b ln /etc/hosts.allow /etc/alias; $b ln -s /srv /data; $b chmod 4755 $b"]
USER 1000
"#;

/// What is missing of the tools; a test without them checks nothing, and must not where CI says so.
fn missing() -> Option<String> {
    let tools = ["dockerd", "docker", "skopeo", "umoci", "busybox"];
    let missing: Vec<&str> = tools.into_iter().filter(|tool| find(tool).is_none()).collect();
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0\n"));
    let what = match (missing.is_empty(), is_root) {
        (false, _) => format!("no {}", missing.join(", ")),
        (true, false) => "dockerd needs root".to_owned(),
        (true, true) => return None,
    };
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{what}");
    Some(what)
}

fn find(tool: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    places.find_map(|folder| Some(folder.join(tool)).filter(|place| place.is_file()))
}

/// A daemon of our own, which ends with the test.
struct Docker {
    daemon: Child,
    folder: PathBuf,
}

impl Docker {
    fn start(folder: &Path) -> Option<Self> {
        let at = |name: &str| folder.join(name).display().to_string();
        let log = fs::File::create(folder.join("dockerd.log")).expect("a log");
        let daemon = Command::new(find("dockerd")?)
            .args(["--data-root", &at("data"), "--exec-root", &at("exec"), "--pidfile", &at("pid")])
            .args(["--host", &format!("unix://{}", at("socket")), "--storage-driver", "vfs"])
            .args(["--iptables=false", "--bridge=none"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("dockerd starts");
        let docker = Self { daemon, folder: folder.to_owned() };
        let start = Instant::now();
        while start.elapsed() < Duration::from_mins(1) {
            if docker.command(&["version"]).output().is_ok_and(|output| output.status.success()) {
                return Some(docker);
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        None
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command.arg("--host").arg(format!("unix://{}", self.folder.join("socket").display()));
        command.args(arguments).current_dir(&self.folder).env("DOCKER_BUILDKIT", "0");
        command
    }

    fn run(&self, arguments: &[&str]) -> String {
        output(&mut self.command(arguments))
    }

    /// Builds with the BuildKit inside dockerd. The client would need a plugin; an engine that fetches the context
    /// itself needs none.
    fn build_by_buildkit(&self, name: &str, context: &str) {
        let pack = Command::new("tar").args(["-C", context, "-c", "."]).current_dir(&self.folder).output();
        let context = pack.expect("tar starts").stdout;
        let server = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = server.local_addr().expect("an address");
        std::thread::spawn(move || {
            for mut stream in server.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let head = "HTTP/1.0 200 OK\r\nContent-Type: application/x-tar\r\nContent-Length:";
                let _ = stream.write_all(format!("{head} {}\r\n\r\n", context.len()).as_bytes());
                let _ = stream.write_all(&context);
            }
        });
        let mut engine = UnixStream::connect(self.folder.join("socket")).expect("the engine listens");
        let query = format!("version=2&networkmode=none&t={name}&remote=http://{address}/context.tar");
        write!(engine, "POST /build?{query} HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n").expect("a request");
        let mut answer = String::new();
        engine.read_to_string(&mut answer).expect("an answer");
        assert!(answer.contains("Successfully tagged"), "{answer}");
    }
}

impl Drop for Docker {
    fn drop(&mut self) {
        // Asked to end it takes its containers and mounts with it.
        let _ = Command::new("kill").arg(self.daemon.id().to_string()).status();
        let _ = self.daemon.wait();
    }
}

fn output(command: &mut Command) -> String {
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// A real folder.
struct RealFolder(PathBuf);

impl Folder for RealFolder {
    fn open(&self, path: &str) -> io::Result<Option<Box<dyn ReadAt>>> {
        let place = self.0.join(path);
        Ok(if place.is_file() { Some(Box::new(fs::read(place)?)) } else { None })
    }
}

fn read_folder(place: &Path) -> Image {
    scan(Input::Folder(&RealFolder(place.to_owned())), Options::default(), Limits::default()).image()
}

fn present(image: &Image) -> BTreeSet<String> {
    image.present().map(|entry| entry.path()).filter(|path| !path.is_empty()).collect()
}

#[test]
fn every_form_of_one_image_gives_the_same() {
    if let Some(what) = missing() {
        println!("skipped: {what}");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("context/bin")).expect("a folder");
    fs::create_dir_all(at("context/etc")).expect("a folder");
    fs::copy(find("busybox").expect("busybox"), at("context/bin/busybox")).expect("a copy");
    for (name, content) in [
        ("Dockerfile", DOCKERFILE),
        ("etc/gone", "1"),
        ("etc/hosts.allow", "2"),
        ("etc/passwd", "root:x:0:0::/:/bin/sh\n"),
        ("keep", "3"),
    ] {
        fs::write(at("context").join(name), content).expect("a file");
    }
    let Some(docker) = Docker::start(folder.path()) else {
        let log = fs::read_to_string(at("dockerd.log")).unwrap_or_default();
        assert!(std::env::var("CI").as_deref() != Ok("true"), "dockerd does not start: {log}");
        println!("skipped: dockerd does not start here");
        return;
    };
    docker.run(&["build", "--network", "none", "--tag", "sample:1", "context"]);
    docker.run(&["save", "--output", "saved.tar", "sample:1"]);
    let container = docker.run(&["create", "sample:1", "/bin/busybox"]);
    docker.run(&["export", "--output", "export.tar", &container]);

    let saved = fs::read(at("saved.tar")).expect("the archive");
    let image = scan_file(&saved).image();
    assert_eq!(
        (image.form, image.name.as_str(), image.issues.as_slice()),
        (Form::DockerArchive, "sample:1", [].as_slice())
    );
    assert_eq!(image.layers.len(), 6);
    assert_eq!(image.config.as_ref().and_then(|config| config.user.as_deref()), Some("1000"));
    let states = |path: &str| -> Vec<_> {
        image.entries().filter(|entry| entry.path() == path).map(|entry| (entry.layer(), entry.state())).collect()
    };
    assert_eq!(states("etc/gone"), [(1, State::Deleted { by: 3 })]);
    assert_eq!(states("srv/dir/keep"), [(2, State::Deleted { by: 4 })]);
    assert_eq!(states("bin/busybox"), [(0, State::Replaced { by: 5 }), (5, State::Present)]);
    assert_eq!(image.file("bin/busybox").map(|entry| entry.mode()), Some(0o4755));
    assert_eq!(image.file("data/dir/new").map(|entry| entry.path()).as_deref(), Some("srv/dir/new"));
    assert!(image.created_by(3).is_some_and(|by| by.contains("/etc/gone")), "{:?}", image.created_by(3));

    // What docker puts into every container, and what is left of the image.
    let export = scan_file(&fs::read(at("export.tar")).expect("the archive")).image();
    assert_eq!(export.form, Form::RootFs);
    let own = ["dev", "proc", "sys", ".dockerenv", "etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/mtab"];
    let is_own = |path: &str| {
        own.iter().any(|own| path == *own || path.strip_prefix(own).is_some_and(|rest| rest.starts_with('/')))
    };
    let mut exported = present(&export);
    exported.retain(|path| !is_own(path));
    let mut left = present(&image);
    left.retain(|path| !is_own(path));
    assert_eq!(exported, left, "the root file system is the one that runs");

    let expected = listing(&image);
    assert_eq!(listing(&scan_stream(&saved).image()), expected);
    let copy = |options: &[&str], to: &str| {
        let mut command = Command::new("skopeo");
        command.arg("--insecure-policy").arg("copy").args(options).arg("docker-archive:saved.tar").arg(to);
        output(command.current_dir(folder.path()));
    };
    copy(&[], "oci:layout:sample");
    copy(&[], "oci-archive:gzip.tar");
    copy(&["--dest-compress-format", "zstd"], "oci-archive:zstd.tar");
    copy(&["--dest-compress-format", "zstd:chunked"], "oci-archive:chunked.tar");
    copy(&[], "dir:directory");
    copy(&[], "docker-archive:again.tar:sample:1");
    for copied in [read_folder(&at("layout")), read_folder(&at("directory"))] {
        assert_eq!(listing(&copied), expected);
        assert_eq!(copied.issues, []);
    }
    for name in ["gzip.tar", "zstd.tar", "chunked.tar", "again.tar"] {
        let bytes = fs::read(at(name)).expect("the archive");
        for copied in [scan_file(&bytes), scan_stream(&bytes)] {
            let copied = copied.image();
            assert_eq!(listing(&copied), expected, "{name}");
            assert_eq!(copied.issues, [], "{name}");
        }
    }

    // BuildKit writes layers and history in its own way.
    docker.build_by_buildkit("sample:2", "context");
    docker.run(&["save", "--output", "buildkit.tar", "sample:2"]);
    let built = scan_file(&fs::read(at("buildkit.tar")).expect("the archive")).image();
    assert_eq!(built.issues, []);
    // It leaves the folders on which it mounts /dev, /proc and /sys.
    let ends = |image: &Image| -> BTreeSet<_> {
        let files = image.entries().filter(|entry| !entry.path().is_empty() && entry.kind() != Kind::Directory);
        files.map(|entry| (entry.path(), entry.layer(), entry.state())).collect()
    };
    assert_eq!(ends(&built), ends(&image));
    assert_eq!(built.created_by(0), Some("COPY bin/busybox /bin/busybox # buildkit"));
    assert_eq!(built.created_by(3), Some("RUN /bin/busybox rm /etc/gone # buildkit"));

    // umoci adds a layer.
    fs::write(at("added"), "4").expect("a file");
    output(
        Command::new("umoci")
            .args(["insert", "--image", "layout:sample", "added", "/opt/added"])
            .current_dir(folder.path()),
    );
    let more = read_folder(&at("layout"));
    assert_eq!((more.layers.len(), more.issues.as_slice()), (7, [].as_slice()));
    let added = more.file("opt/added").expect("the file");
    assert_eq!((added.layer(), added.kind()), (6, Kind::File));
}
